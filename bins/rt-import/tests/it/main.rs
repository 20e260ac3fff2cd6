//! The program as its users run it: whole runs on real and made files, what is stored, what is told, and how it ends.

mod bad_cases;
#[path = "../../../../crates/rt-sql/tests/support/certificates.rs"]
mod certificates;
mod check;
mod choices;
mod columns;
mod compare;
mod configuration;
mod connection;
mod demo;
mod dvh_command;
mod faults;
mod interrupted;
#[path = "../../../../crates/rt-sql/tests/support/mariadb.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests of the database and the benches")]
mod mariadb;
mod mariadb_run;
mod metrics;
mod notebook;
mod odd_input;
mod original;
#[path = "../../../../crates/rt-sql/tests/support/original.rs"]
mod original_tables;
mod recompute;
mod schema;
mod shared_data;
mod stored;
mod stores;
mod support;
mod targets;
mod techniques;
mod terminal;
mod upkeep;
mod watch;
