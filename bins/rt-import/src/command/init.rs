//! `rt-import init`.
//!
//! Units: none. Frame: none.

use super::connection::{Connection, open_options, runtime};
use super::failure;
use crate::cli::InitArgs;
use crate::config::{Layer, Settings};
use rt_cli::exit::{Exit, Failure};
use rt_cli::output;
use rt_ingest::Importer;
use rt_report::stored::{INIT_SCHEMA, Init};
use rt_sql::{Role, grants};
use std::collections::BTreeMap;

/// Makes the database, its tables and views.
///
/// # Errors
/// Where the database can't be reached or made.
pub(crate) fn run(args: &InitArgs, layer: &Layer) -> Result<Exit, Failure> {
    let settings = Settings::new(layer)?;
    if let Some(path) = &args.json {
        output::check(path)?;
    }
    let url = &settings.database.url;
    let options = open_options(&settings.database)?;
    runtime()?.block_on(rt_sql::create_database(url, &options)).map_err(|error| failure::database(&error))?;
    let connection = Connection::make(&settings.database)?;
    let act = Importer::current().act("");
    connection.ask(|database| async move { database.record_act("init", "", None, &act).await })?;
    connection.close();
    let mut text = format!("{} is ready: tables and views are made\n", settings.database.in_words());
    let mut roles = BTreeMap::new();
    for role in Role::ALL {
        let statements = grants(url, role);
        if statements.is_empty() {
            continue;
        }
        text += &format!("\n-- {}: {}\n", role.account(), purpose(role));
        text += &format!("CREATE USER '{}'@'%' IDENTIFIED BY '<password>';\n", role.account());
        text.extend(statements.iter().map(|statement| format!("{statement};\n")));
        roles.insert(role.account(), statements);
    }
    if roles.is_empty() {
        text += "an SQLite file has no accounts: who may read it may read all of it, who may write it may change all of it\n";
    } else {
        text += "\nGive each account one role, from the computers that need it ('%' is any), with REQUIRE SSL where the network is not yours.\n";
    }
    output::print(&text, args.json.as_deref().is_some_and(output::is_standard_output));
    if let Some(path) = &args.json {
        let report = Init { schema: INIT_SCHEMA, database: url.to_string(), grants: roles };
        output::write_json(path, &report)?;
    }
    Ok(Exit::Done)
}

const fn purpose(role: Role) -> &'static str {
    match role {
        Role::Reader => "queries, list, show, export",
        Role::Importer => "run and watch as well",
        Role::Curator => "delete, move, exclude and recompute as well",
        Role::Privacy => "purge as well: the only one who may change Audit",
    }
}
