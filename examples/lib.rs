//! Each example is a file of its own beside this one.
