//! What the benches share: seeded inputs of a stated size.
