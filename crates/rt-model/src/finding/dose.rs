//! RTDOSE: codes RT04xx.

codes! {}
