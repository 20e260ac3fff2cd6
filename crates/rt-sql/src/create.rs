//! Making a database on a server, and who may do what in it.
//!
//! Units: none. Frame: none.

use crate::database::{OpenOptions, connect, server_options};
use crate::error::SqlError;
use crate::tables::below_imports;
use crate::url::{Address, DatabaseUrl};
use mysql_async::Pool;

/// Makes the database of a URL on its server, where it does not exist; an SQLite file is made when it is
/// opened.
///
/// # Errors
/// [`crate::SqlErrorKind::Unreachable`], also where the account may not make databases.
pub async fn create_database(url: &DatabaseUrl, options: &OpenOptions) -> Result<(), SqlError> {
    let Address::Mysql { user, host, port, database } = &url.0 else { return Ok(()) };
    let pool = Pool::new(server_options(user, host, *port, options));
    let create = async {
        let sql = format!("CREATE DATABASE IF NOT EXISTS {} CHARACTER SET utf8mb4", quoted(database));
        connect(&pool).await?.execute(&sql, Vec::new()).await
    };
    let outcome = create.await.map_err(|error| error.at_start(&url.to_string()));
    // The server ends the connections anyway when they break.
    let _ = pool.disconnect().await;
    outcome
}

/// What an account is for, with the least rights that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Queries, `list`, `show`, `export`.
    Reader,
    /// Imports; changes nothing but what takes whose place.
    Importer,
    /// Deletes, moves, excludes and computes anew as well.
    Curator,
    /// Removes patients whose consent was withdrawn as well: the only one who may change `Audit`.
    Privacy,
}

impl Role {
    /// All roles, each with the rights of the one before and more.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Importer, Self::Curator, Self::Privacy];

    /// The account's name in the statements.
    #[must_use]
    pub const fn account(self) -> &'static str {
        match self {
            Self::Reader => "dosebridge_reader",
            Self::Importer => "dosebridge_importer",
            Self::Curator => "dosebridge_curator",
            Self::Privacy => "dosebridge_privacy",
        }
    }
}

/// The statements that give a role's account its rights; none for an SQLite file, whose permissions are the
/// file's. The account itself is made by the server's administrator.
#[must_use]
pub fn grants(url: &DatabaseUrl, role: Role) -> Vec<String> {
    let Address::Mysql { database, .. } = &url.0 else { return Vec::new() };
    let database = quoted(database);
    let account = role.account();
    let give = |rights: &str, table: &str| format!("GRANT {rights} ON {database}.{table} TO '{account}'@'%'");
    let mut statements = vec![give("SELECT", "*")];
    let tables = ["Plans", "DVHs", "Imports"].into_iter().chain(below_imports());
    match role {
        Role::Reader => return statements,
        Role::Importer => {
            statements.extend(tables.map(|table| {
                let rights =
                    if matches!(table, "Imports" | "PlanStatus") { "INSERT, UPDATE" } else { "INSERT" };
                give(rights, table)
            }));
        }
        Role::Curator | Role::Privacy => {
            statements.extend(
                tables.chain(["Exclusions", "Moves"]).map(|table| give("INSERT, UPDATE, DELETE", table)),
            );
        }
    }
    statements.push(give(if role == Role::Privacy { "INSERT, UPDATE" } else { "INSERT" }, "Audit"));
    statements
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_role_may_change_the_log() {
        let url: DatabaseUrl = "mysql://a@h/DVH".parse().unwrap();
        for role in Role::ALL {
            let changes =
                grants(&url, role).iter().any(|grant| grant.contains("UPDATE") && grant.contains(".Audit "));
            assert_eq!(changes, role == Role::Privacy);
        }
        assert_eq!(grants(&url, Role::Reader), ["GRANT SELECT ON `DVH`.* TO 'dosebridge_reader'@'%'"]);
        assert!(grants(&DatabaseUrl::sqlite("a"), Role::Importer).is_empty());
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(quoted("a`b"), "`a``b`");
    }
}
