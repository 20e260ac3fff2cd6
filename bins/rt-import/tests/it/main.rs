//! The program as its users run it: whole runs on real and made files, what is stored, what is told, and how it ends.

mod bad_cases;
mod choices;
mod configuration;
mod demo;
mod dvh_command;
mod interrupted;
#[path = "../../../../crates/rt-sql/tests/support/mariadb.rs"]
#[expect(dead_code, unreachable_pub, reason = "the database's own tests need more of it")]
mod mariadb;
mod mariadb_run;
mod odd_input;
mod schema;
mod shared_data;
mod support;
mod techniques;
