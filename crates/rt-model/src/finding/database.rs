//! Storing: codes RT08xx.

codes! {}
