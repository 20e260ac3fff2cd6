//! What docs/database.md says holds: its queries run, its tables are those of the database.

#[path = "support/both.rs"]
mod both;
mod support;

use both::on_both;
use rt_sql::record::{Act, MetricRow, PlanId};
use support::Place;
use support::cases::case;

const PAGE: &str = include_str!("../../../docs/database.md");
const RECIPES: &str = include_str!("../../../docs/recipes.md");

on_both! {
    the_documented_queries_run,
    every_recipe_runs_and_finds_something,
    every_table_and_column_is_documented,
}

async fn the_documented_queries_run(place: Place) {
    let database = place.open().await.unwrap();
    database.store_case(&case("PHANTOM1", "1.1", 1)).await.unwrap();
    let queries = queries(PAGE);
    assert_eq!(queries.len(), 6);
    for query in queries {
        place.execute(query).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    }
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortPlans WHERE PrescribedDose > 70").await, "1");
}

/// The statements in the SQL blocks of a page.
fn queries(page: &'static str) -> Vec<&'static str> {
    page.split("```sql")
        .skip(1)
        .flat_map(|block| block.split("```").next().unwrap().split(';'))
        .map(str::trim)
        .filter(|query| !query.is_empty())
        .collect()
}

async fn every_recipe_runs_and_finds_something(place: Place) {
    let database = place.open().await.unwrap();
    let at = rt_model::date::DateTime { date: rt_model::date::Date::new(2026, 11, 22).unwrap(), time: None };
    let act = Act { at, who: "a".into(), host: "b".into(), version: "0".into(), reason: "c".into() };
    for content in 1..=3 {
        database.store_case(&case("PHANTOM1", &format!("1.{content}"), content)).await.unwrap();
    }
    let mut newer = case("PHANTOM1", "1.1", 1);
    newer.plan.fractions = Some(40);
    for (at, name) in ["heart", "lungs", "spinalcord"].into_iter().enumerate() {
        newer.rois[at].name = name.into();
        newer.rois[at].coverage = Some(rt_model::units::Percent(100.0));
    }
    newer.rois[1].metrics.push(MetricRow {
        metric: "V20Gy".into(),
        value: Some(21.0),
        unit: "%".into(),
        ..MetricRow::default()
    });
    database.recompute("PHANTOM1", PlanId(1), &newer, &act, false).await.unwrap();
    database.exclude("PHANTOM1", Some(PlanId(3)), &act).await.unwrap();
    let queries = queries(RECIPES);
    assert_eq!(queries.len(), 18);
    for query in queries {
        place.execute(query).await.unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(!place.texts(query).await.is_empty(), "nothing is found by\n{query}");
    }
    assert_eq!(place.text("SELECT COUNT(*) FROM CohortPlans").await, "2");
}

async fn every_table_and_column_is_documented(place: Place) {
    place.open().await.unwrap();
    // The page writes the three coordinates of a point as one.
    let page = ["MinDose", "MaxDose", "Centroid"].iter().fold(PAGE.to_owned(), |page, point| {
        page + " " + &["X", "Y", "Z"].map(|axis| format!("{point}{axis}_mm")).join(" ")
    });
    let words: std::collections::HashSet<_> =
        page.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let found = place.columns().await;
    assert!(found.len() > 100, "{}", found.len());
    for (table, name) in &found {
        assert!(
            words.contains(table.as_str()) && words.contains(name.as_str()),
            "{table}.{name} is not in docs/database.md"
        );
    }
}
