//! Defaults < file < environment < flags.

use crate::support::Place;

fn printed(place: &Place, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = place.command(&[&["--print-config"], arguments].concat());
    let output = command.envs(environment.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_layer_wins_over_the_one_below() {
    let place = Place::new();
    assert!(printed(&place, &[], &[]).contains("url = \"sqlite:dvh.sqlite\""));
    std::fs::write(
        place.path().join("dosebridge.toml"),
        "[database]\nurl = 'sqlite:file.sqlite'\n[pacs.main]\nhost = 'x'\n",
    )
    .unwrap();
    assert!(printed(&place, &[], &[]).contains("sqlite:file.sqlite"));
    let environment = [("DOSEBRIDGE_DATABASE_URL", "sqlite:environment.sqlite")];
    assert!(printed(&place, &environment, &[]).contains("sqlite:environment.sqlite"));
    let flags = ["run", "x", "--db", "sqlite:flag.sqlite"];
    assert!(printed(&place, &environment, &flags).contains("sqlite:flag.sqlite"));
}

#[test]
fn the_file_may_lie_in_the_platforms_folder() {
    let place = Place::new();
    let folder = place.path().join("configuration").join("dosebridge");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("dosebridge.toml"), "[dvh]\nbin_gy = 0.05\n").unwrap();
    let home = place.path().join("configuration");
    let variable = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    if !cfg!(target_os = "macos") {
        assert!(printed(&place, &[(variable, home.to_str().unwrap())], &[]).contains("bin_gy = 0.05"));
    }
}

#[test]
fn secrets_are_never_printed() {
    let place = Place::new();
    std::fs::write(place.path().join("dosebridge.toml"), "[database]\npassword = 'from the file'\n").unwrap();
    let text = printed(&place, &[], &[]);
    assert!(text.contains("(secret)") && !text.contains("from the file"), "{text}");
    let text = printed(&place, &[("DOSEBRIDGE_DATABASE_PASSWORD", "from the environment")], &[]);
    assert!(text.contains("(secret)") && !text.contains("from the environment"), "{text}");
    let output = place
        .command(&["run", ".", "--db", "mysql://user@127.0.0.1:1/DVH"])
        .env("DOSEBRIDGE_DATABASE_PASSWORD", "hush-hush")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("hush-hush"), "{text}");
    let output = place.run(&["run", ".", "--db", "mysql://user:inline@127.0.0.1:1/DVH"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2)
            && !text.contains("inline")
            && text.contains("DOSEBRIDGE_DATABASE_PASSWORD"),
        "{text}"
    );
}

#[test]
fn unknown_keys_are_rejected() {
    let place = Place::new();
    let output = place.command(&["--print-config"]).env("DOSEBRIDGE_DVH_BINS", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("DOSEBRIDGE_DVH_BINS"));
    std::fs::write(place.path().join("dosebridge.toml"), "[import]\nmetric = ['D95%']\n").unwrap();
    let output = place.run(&["--print-config"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("metric"));
}
