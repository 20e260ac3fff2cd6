//! The import pipeline.
