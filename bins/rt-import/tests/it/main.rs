//! The program as its users run it: whole runs on real and made files, what is stored, what is reported, and
//! how it ends.

mod bad_cases;
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
mod mariadb_run;
mod metrics;
mod notebook;
mod odd_input;
mod original;
mod recompute;
mod shared_data;
mod stored;
mod stores;
mod support;
mod targets;
mod techniques;
mod terminal;
mod upkeep;
mod watch;

use rt_testkit::{mariadb, schema};
