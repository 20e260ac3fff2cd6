//! rt-phantom
