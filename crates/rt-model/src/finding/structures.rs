//! RTSTRUCT: codes RT03xx.

codes! {}
