//! One test on both databases.

/// Makes each named `async fn(Place)` a test on SQLite and a test on MariaDB.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                super::support::run(super::$test(super::support::Place::sqlite()));
            })*
        }

        mod mariadb {
            $(#[test]
            fn $test() {
                super::support::run(async {
                    if let Some(place) = super::support::Place::mariadb().await {
                        super::$test(place).await;
                    }
                });
            })*
        }
    };
}
pub(crate) use on_both;
