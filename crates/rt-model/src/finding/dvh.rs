//! Geometry and histograms: codes RT07xx.

codes! {}
