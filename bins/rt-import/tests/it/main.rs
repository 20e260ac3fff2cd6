//! The program as its users run it: whole runs on real and made files, what is stored, what is told, and how it ends.

mod bad_cases;
mod choices;
mod configuration;
mod demo;
mod dvh_command;
mod interrupted;
mod odd_input;
mod schema;
mod shared_data;
mod support;
