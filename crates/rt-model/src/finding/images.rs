//! CT, MR and PT headers: codes RT05xx.

codes! {}
