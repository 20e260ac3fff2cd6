//! rt-dvh
