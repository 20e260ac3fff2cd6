//! The units every number here carries.
//!
//! Each unit is a transparent wrapper of `f64`. Values of one unit add and scale; two units never mix, so
//! that a dose added to a length does not compile. There is no algebra of dimensions: an area or a volume is
//! made where it is computed.
//!
//! ```
//! use rt_model::units::{Cm3, Gy, Percent};
//!
//! assert_eq!(Gy(2.0) * 30.0, Gy(60.0));
//! assert_eq!(Gy(57.0) / Gy(60.0), 0.95);
//! assert_eq!(format!("{:.1} {}", Cm3(4.19), Percent(95.0)), "4.2 cm3 95 %");
//! ```
//!
//! ```compile_fail
//! use rt_model::units::{Gy, Mm};
//! let nonsense = Gy(1.0) + Mm(2.0);
//! ```
//!
//! Units: named by the type. Frame: none.

use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $symbol:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        #[repr(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// The unit's symbol as it is printed behind a number.
            pub const SYMBOL: &'static str = $symbol;

            /// The bare number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// Neither NaN nor infinite.
            #[must_use]
            pub const fn is_finite(self) -> bool {
                self.0.is_finite()
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }

        /// Two values of one unit have a plain ratio.
        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|value| value.0).sum())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)?;
                f.write_str(concat!(" ", $symbol))
            }
        }
    };
}

unit!(
    /// Absorbed dose in gray (or Gy(RBE), where the dose type says EFFECTIVE).
    Gy, "Gy"
);
unit!(
    /// Length in millimetres.
    Mm, "mm"
);
unit!(
    /// Area in square millimetres.
    Mm2, "mm2"
);
unit!(
    /// Volume in cubic centimetres.
    Cm3, "cm3"
);
unit!(
    /// A part of a hundred.
    Percent, "%"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_unit_add_and_scale() {
        assert_eq!(Gy(1.5) + Gy(0.5) * 2.0, Gy(2.5));
        assert_eq!(Mm(6.0) / Mm(2.0), 3.0);
        assert_eq!([Cm3(1.0), Cm3(2.0)].into_iter().sum::<Cm3>(), Cm3(3.0));
    }

    #[test]
    fn the_symbol_is_printed() {
        assert_eq!(format!("{:.2}", Gy(2.0)), "2.00 Gy");
    }
}
