//! Which files make a case, and whose: codes RT06xx.

codes! {}
