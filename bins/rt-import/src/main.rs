//! rt-import
fn main() {}
