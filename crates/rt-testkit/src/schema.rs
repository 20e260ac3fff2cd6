//! Checks a report against its JSON Schema in the documentation: the part of the language that those schemas
//! use.
//!
//! Units: none. Frame: none.

use serde_json::Value;
use std::path::Path;

/// Checks a report against the schema of this name.
///
/// # Panics
/// With the place where the report breaks it.
pub fn check(name: &str, report: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(format!("{name}.schema.json"));
    let root: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    if let Err(Breach(what)) = valid(&root, &root, report, "$") {
        panic!("{name}: {what}");
    }
}

/// The same, with the schema that the report itself names: `dosebridge.list/1` is `list-1`.
///
/// # Panics
/// With the place where the report breaks it.
pub fn check_own(report: &Value) {
    let name = report["schema"]
        .as_str()
        .and_then(|name| name.strip_prefix("dosebridge."))
        .expect("a schema of this program");
    check(&name.replace('/', "-"), report);
}

/// What of a report its schema does not allow, with the place.
struct Breach(String);

fn valid(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), Breach> {
    let breach = |what: String| Err(Breach(format!("{at}: {what}")));
    let Some(rules) = schema.as_object() else { return breach("the schema is not an object".to_owned()) };
    for (rule, argument) in rules {
        let fits = match rule.as_str() {
            "$ref" => {
                let name = argument.as_str().unwrap_or_default().trim_start_matches("#/$defs/");
                return valid(root, &root["$defs"][name], value, at);
            }
            "type" => match argument.as_array() {
                Some(types) => types.iter().any(|kind| is_of(value, kind)),
                None => is_of(value, argument),
            },
            "enum" => argument.as_array().is_some_and(|terms| terms.contains(value)),
            "const" => argument == value,
            "pattern" => {
                assert_eq!(argument, "^RT[0-9]{4}$");
                value.as_str().is_some_and(|code| {
                    code.len() == 6
                        && code.starts_with("RT")
                        && code[2..].bytes().all(|byte| byte.is_ascii_digit())
                })
            }
            "required" => {
                for key in argument.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.get(key).is_none() {
                        return breach(format!("{key} is missing"));
                    }
                }
                true
            }
            "properties" => {
                for (key, inner) in argument.as_object().into_iter().flatten() {
                    if let Some(found) = value.get(key) {
                        valid(root, inner, found, &format!("{at}.{key}"))?;
                    }
                }
                // Every field that is written is in the contract.
                let known = |key: &String| argument.get(key).is_some();
                if let Some(stranger) =
                    value.as_object().into_iter().flat_map(|map| map.keys()).find(|key| !known(key))
                {
                    return breach(format!("{stranger} is not in the schema"));
                }
                true
            }
            "additionalProperties" => {
                for (key, found) in value.as_object().into_iter().flatten() {
                    valid(root, argument, found, &format!("{at}.{key}"))?;
                }
                true
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    valid(root, argument, item, &format!("{at}[{number}]"))?;
                }
                true
            }
            "anyOf" => {
                argument.as_array().into_iter().flatten().any(|one| valid(root, one, value, at).is_ok())
            }
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            other => return breach(format!("the check does not know {other}")),
        };
        if !fits {
            return breach(format!("{value} breaks {rule} {argument}"));
        }
    }
    Ok(())
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[cfg(test)]
#[test]
fn the_check_finds_what_is_wrong() {
    let root: Value = serde_json::json!({
        "type": "object", "required": ["a"], "properties": { "a": { "type": ["number", "null"] } }
    });
    for (value, fits) in [
        (serde_json::json!({"a": 1.5}), true),
        (serde_json::json!({"a": null}), true),
        (serde_json::json!({"a": "x"}), false),
        (serde_json::json!({}), false),
        (serde_json::json!({"a": 1, "b": 2}), false),
    ] {
        assert_eq!(valid(&root, &root, &value, "$").is_ok(), fits, "{value}");
    }
}
