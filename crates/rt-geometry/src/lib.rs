//! rt-geometry
