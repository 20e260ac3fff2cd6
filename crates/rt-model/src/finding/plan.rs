//! RTPLAN and RT Ion Plan: codes RT02xx.

codes! {}
