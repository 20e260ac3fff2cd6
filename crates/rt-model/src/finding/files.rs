//! Files and encodings: codes RT01xx.

codes! {}
