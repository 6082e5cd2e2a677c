//! Nothing that a user can write panics, hangs or takes unbounded memory.

use std::path::Path;

use kneadsim_scenario::{load_text, template};
use proptest::prelude::*;

fn survives(text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    if let Err(mistakes) = load_text(text, &folder.join("a.toml"), &folder) {
        assert!(!mistakes.is_empty());
        for m in mistakes {
            assert!(m.line >= 1 && m.column >= 1 && m.span.start <= m.span.end);
            assert!(
                !m.message.is_empty() && m.message.len() < 2000,
                "{}",
                m.message
            );
        }
    }
}

/// A valid file with everything in it.
fn everything() -> String {
    let extra = "\n[product]\nbase = \"products/neck.toml\"\nheater.upper.power_w = \"9 W\"\n\
        [timeline]\ncsv = \"room.csv\"\n[[fault]]\nkind = \"mosfet_partial\"\ntarget = \"upper\"\nat = \"5s\"\nshare = 0.5\n\
        repeat = { every = \"1s\", duty = 0.5 }\n[[expect]]\nid = \"x\"\nafter = \"fault.mosfet_partial\"\nwithin = \"5s\"\n\
        then = \"heater_power_w == 0\"\n[matrix]\n\"user.site\" = [\"neck\", \"waist\"]\n\"fault.0.at\" = [\"5s\", \"1min\"]\n";
    template("Everything") + extra
}

#[test]
fn the_file_with_everything_is_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let cases = load_text(&everything(), &folder.join("a.toml"), &folder);
    assert_eq!(cases.unwrap_or_else(|m| panic!("{}", m[0])).len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_toml_like_text(text in r#"([\[\]{}"'=.,#\n a-c0-9\\]|at|set|=|"5s"|\[\[event\]\]|\[\[fault\]\]|\[matrix\]|expect){0,120}"#) {
        survives(&text);
    }

    #[test]
    fn a_valid_file_with_bytes_replaced(edits in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n\u{e9}]{0,3}", 0..4_usize), 1..4)) {
        let mut text = everything();
        for (index, new, length) in edits {
            let mut at = index.index(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            let mut end = (at + length).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            text.replace_range(at..end, &new);
        }
        survives(&text);
    }

    #[test]
    fn a_valid_file_with_lines_dropped_doubled_or_swapped(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), how in 0..3_u8) {
        let text = everything();
        let mut lines: Vec<&str> = text.lines().collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        match how {
            0 => { lines.remove(a); }
            1 => lines.insert(b, lines[a]),
            _ => lines.swap(a, b),
        }
        survives(&lines.join("\n"));
    }

    #[test]
    fn any_formula(formula in "([a-z_.0-9 ()<>=!+*-]|film_upper_c|mode|and |or |not |integral|abs|fault.ntc_open| degC| W|latched|43){0,60}") {
        survives(&format!("schema = 1\nname = \"n\"\ndescription = \"d\"\n[[expect]]\nid = \"e\"\nalways = '{formula}'\n"));
    }

    #[test]
    fn any_timeline(rows in prop::collection::vec("([0-9.,a-z_\"#-]|ambient_c|press|power|1e9|NaN|inf){0,30}", 0..20)) {
        let text = format!("{}\n[timeline]\nrows = '''\ntime_s,signal,value\n{}\n'''\n", template("t"), rows.join("\n"));
        survives(&text);
    }

    #[test]
    fn any_value_of_any_key(key in prop::sample::select(keys()), value in "(-?[0-9]{1,4}(\\.[0-9]{1,3})?|1e-?[0-9]{1,3}|\"[0-9]{1,3} ?[a-zA-Z/%]{0,4}\"|true|nan|\\[\\]|\\{\\}|2026-01-01)") {
        survives(&format!("{}\n{key} = {value}\n", template("k").replace("[run]", "[x]").replace("[user]", "[y]").replace("[environment]", "[z]")));
        let text = template("k");
        let without: String = text.lines().filter(|l| !key.contains(l.split(" = ").next().unwrap_or("#").trim()) || l.is_empty()).map(|l| format!("{l}\n")).collect();
        survives(&format!("{without}\n[matrix]\n\"{key}\" = [{value}]\n"));
    }
}

fn keys() -> Vec<String> {
    kneadsim_scenario::settings::all()
        .iter()
        .map(|row| row.path.clone())
        .collect()
}

#[test]
fn deep_nesting_and_long_chains_are_mistakes_not_crashes() {
    let formula = |text: &str| {
        let text = format!(
            "schema = 1\nname = \"n\"\ndescription = \"d\"\n[[expect]]\nid = \"e\"\nalways = '{text}'\n"
        );
        load_text(&text, Path::new("a.toml"), Path::new("")).expect_err("a mistake")[0]
            .message
            .clone()
    };
    for (name, text, want) in [
        (
            "parentheses",
            "(".repeat(400),
            "nested deeper than 64 levels",
        ),
        ("nots", "not ".repeat(400), "nested deeper than 64 levels"),
        ("signs", "-".repeat(400), "nested deeper than 64 levels"),
        (
            "parts",
            vec!["supply_v > 1"; 200].join(" or "),
            "more than 512 parts",
        ),
        ("bytes", "a".repeat(5000), "longer than 4096 bytes"),
    ] {
        let got = formula(&text);
        assert!(got.contains(want), "{name}: {got}");
    }
    for text in [
        "a = [".repeat(100_000),
        "[a.".repeat(50_000),
        "x.".repeat(100_000),
        "[[event]]\n".repeat(20_000),
        "{".repeat(500_000),
    ] {
        survives(&text);
    }
}

#[test]
fn a_file_that_is_too_big_is_a_mistake() {
    let text = format!("# {}\n", "x".repeat(2 << 20));
    let mistakes = load_text(&text, Path::new("a.toml"), Path::new("")).expect_err("a mistake");
    assert_eq!(
        mistakes[0].message,
        "the file has 2097155 bytes, allowed 1048576"
    );
}

#[test]
fn a_timeline_of_a_million_rows_loads_and_one_more_is_a_mistake() {
    let load = |rows: usize| {
        let mut text = template("long").replace("20min", "3h");
        text.push_str("\n[timeline]\ninterpolate = false\nrows = '''\ntime_s,signal,value\n");
        for row in 0..rows {
            text.push_str(&format!(
                "{}.{:02},ambient_c,2{}\n",
                row / 100,
                row % 100,
                row % 10
            ));
        }
        text.push_str("'''\n");
        load_text(&text, Path::new("a.toml"), Path::new(""))
    };
    let cases = load(1_000_000).unwrap_or_else(|m| panic!("{}", m[0]));
    assert_eq!(cases[0].spec.events.len(), 1_000_001);
    let mistakes = load(1_000_001).expect_err("a mistake");
    assert_eq!(mistakes[0].message, "more than 1000000 rows");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_root_is_refused() {
    let folder = std::env::temp_dir().join(format!("kneadsim-scenario-{}", std::process::id()));
    let root = folder.join("root");
    std::fs::create_dir_all(&root).expect("a folder");
    std::fs::write(folder.join("outside.toml"), "heater.power_w = 8\n").expect("a file");
    std::os::unix::fs::symlink(folder.join("outside.toml"), root.join("inside.toml"))
        .expect("a link");
    let text = template("t") + "\n[product]\nbase = \"inside.toml\"\n";
    let got = load_text(&text, &root.join("a.toml"), &root);
    std::fs::remove_dir_all(&folder).expect("removed");
    let message = got.expect_err("a mistake")[0].message.clone();
    assert_eq!(
        message,
        "`base`: the file \"inside.toml\" leaves the scenario root folder"
    );
}

/// Thousands of mistakes cost no more than the hundred that are shown: a
/// suggestion for each would take minutes.
#[test]
fn thousands_of_mistakes_are_counted_and_not_thought_about() {
    let keys: String = (0..60_000).map(|i| format!("k{i} = 1\n")).collect();
    let tags: String = (0..100_000).map(|i| format!("\"t{i}\",")).collect();
    for (text, want) in [
        (keys.clone(), 101),
        (format!("[product]\n{keys}"), 101),
        (format!("[matrix]\n{keys}"), 101),
        (format!("tags = [{tags}]"), 5),
        ("=\n".repeat(300_000), 101),
        (format!("x = [{}]", "{a=1},".repeat(150_000)), 5),
    ] {
        let mistakes = load_text(&text, Path::new("a.toml"), Path::new("")).expect_err("mistakes");
        assert_eq!(mistakes.len(), want, "{}", mistakes[0]);
    }
}
