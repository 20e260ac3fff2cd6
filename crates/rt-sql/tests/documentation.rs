//! What docs/database.md says holds: its queries run, its tables are those of the database.

#[path = "support/both.rs"]
mod both;
mod support;

use both::on_both;
use support::Place;
use support::cases::case;

const PAGE: &str = include_str!("../../../docs/database.md");

on_both! {
    the_documented_queries_run,
    every_table_and_column_is_documented,
}

async fn the_documented_queries_run(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("PHANTOM1", "1.1", 1)).await.unwrap();
    let queries: Vec<_> = PAGE
        .split("```sql")
        .skip(1)
        .flat_map(|block| block.split("```").next().unwrap().split(';'))
        .map(str::trim)
        .filter(|query| !query.is_empty())
        .collect();
    assert_eq!(queries.len(), 6);
    for query in queries {
        place.execute(query).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    }
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortPlans WHERE PrescribedDose > 70").await, "1");
}

async fn every_table_and_column_is_documented(place: Place) {
    place.open().await.unwrap();
    // The page writes the three coordinates of a point as one.
    let page = ["MinDose", "MaxDose", "Centroid"]
        .iter()
        .fold(PAGE.to_owned(), |page, point| page + " " + &["X", "Y", "Z"].map(|axis| format!("{point}{axis}_mm")).join(" "));
    let words: std::collections::HashSet<_> = page.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let found = place.columns().await;
    assert!(found.len() > 100, "{}", found.len());
    for (table, name) in &found {
        assert!(words.contains(table.as_str()) && words.contains(name.as_str()), "{table}.{name} is not in docs/database.md");
    }
}
