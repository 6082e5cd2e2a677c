//! Whatever a user writes is answered soon, in bounded memory, by an exit code and a sentence.

#[path = "bounded/mod.rs"]
mod bounded;

use std::fs;

use bounded::{HEAD, answer, folder, many, with};

fn checks(rows: &[(&str, String, i32, &str)]) {
    let path = folder(&format!("inputs-{}", rows[0].0.replace(' ', "-")));
    for (name, text, code, said) in rows {
        fs::write(path.join("a.toml"), text).expect("a file");
        let (got, errors) = answer(&path, &["check", "a.toml"]);
        let start: String = errors.chars().take(600).collect();
        assert_eq!(got, Some(*code), "{name}: {start}");
        assert!(errors.contains(said), "{name}: {start}");
    }
    let _ = fs::remove_dir_all(path);
}

#[test]
fn a_hundred_thousand_levels_are_a_mistake() {
    let deep = |text: &str| format!("{HEAD}x = {}", text.repeat(100_000));
    let formula = |text: String| {
        with(
            "duration = \"5s\"",
            &format!("[[expect]]\nid = \"e\"\nalways = \"{text}\"\n"),
        )
    };
    checks(&[
        ("lists", deep("["), 2, "cannot recurse further"),
        (
            "closed lists",
            deep("[") + &"]".repeat(100_000),
            2,
            "cannot recurse further",
        ),
        ("tables", deep("{a="), 2, "cannot recurse further"),
        (
            "dots",
            format!("{HEAD}{}a = 1\n", "x.".repeat(100_000)),
            2,
            "recursion limit",
        ),
        (
            "parentheses",
            formula("(".repeat(100_000)),
            2,
            "longer than 4096 bytes",
        ),
        (
            "short parentheses",
            formula("(".repeat(4000)),
            2,
            "more than 512 parts",
        ),
        (
            "nots",
            formula("not ".repeat(500)),
            2,
            "nested deeper than 64 levels",
        ),
    ]);
}

#[test]
fn numbers_beyond_all_measure_are_a_mistake_that_names_the_bound() {
    let press = |times: &str| {
        with(
            "duration = \"5s\"",
            &format!(
                "[[event]]\nat = \"0s\"\npress = \"power\"\nrepeat = {{ every = \"200ms\", times = {times} }}\n"
            ),
        )
    };
    let formula = |text: &str| {
        with(
            "duration = \"5s\"",
            &format!("[[expect]]\nid = \"e\"\nalways = \"{text}\"\n"),
        )
    };
    let product = |text: &str| {
        with(
            "duration = \"5s\"",
            &format!("[product]\nheater.power_w = {text}\n"),
        )
    };
    checks(&[
        (
            "a day and an hour",
            with("duration = \"25h\"", ""),
            2,
            "`duration` is 25h, allowed 10ms to 24h",
        ),
        (
            "a hundred years",
            with("duration = \"1000000h\"", ""),
            2,
            "longer than anything allowed",
        ),
        (
            "1e308 hours",
            with("duration = \"1e308h\"", ""),
            2,
            "longer than anything allowed",
        ),
        (
            "infinity less infinity",
            with("duration = \"1e308h -1e308h\"", ""),
            2,
            "a time cannot be negative",
        ),
        (
            "the largest seed",
            with("duration = \"5s\"\nseed = 9223372036854775807", ""),
            0,
            "",
        ),
        (
            "one more",
            with("duration = \"5s\"\nseed = 9223372036854775808", ""),
            2,
            "does not fit in 64 bits",
        ),
        (
            "the smallest",
            with("duration = \"5s\"\nseed = -9223372036854775808", ""),
            2,
            "0 to 9223372036854775807",
        ),
        (
            "a thousand million presses",
            press("1000000000"),
            2,
            "`times` must be a whole number, 1 to 10000",
        ),
        (
            "2^63 presses",
            press("9223372036854775807"),
            2,
            "`times` must be a whole number, 1 to 10000",
        ),
        (
            "infinite power",
            product("inf"),
            2,
            "the number is not finite",
        ),
        (
            "no power",
            product("nan"),
            2,
            "nan is not a number that can be used",
        ),
        (
            "1e308 W",
            product("1e308"),
            2,
            "`heater.power_w` is 1e308, allowed 0 to 250",
        ),
        ("1e308 kW", product("\"1e308 kW\""), 2, "too large a number"),
        (
            "1e999 W",
            product("\"1e999 W\""),
            2,
            "must be a number in W",
        ),
        (
            "a formula's number",
            formula("film_upper_c < 1e999"),
            2,
            "the number is not finite",
        ),
        (
            "a formula's sum",
            formula("film_upper_c < 2 * 1e308"),
            2,
            "too large to be reckoned with",
        ),
        (
            "a formula's unit",
            formula("heater_power_w < 1e308 kW"),
            2,
            "heater_power_w",
        ),
    ]);
}

#[test]
fn explosions_are_refused_with_their_size_and_the_bound() {
    let thousand = many(1000, |i| format!("{},", 20.0 + i as f64 / 1000.0));
    let numbers = |n| many(n, |i| format!("{i},"));
    let matrix = |text: String| with("duration = \"5s\"", &format!("[matrix]\n{text}"));
    let events = many(9999, |_| {
        "[[event]]\nat = \"0s\"\npress = \"power\"\n".into()
    });
    let stays = |hours: u32| {
        many(2, |i| {
            format!(
                "[[expect]]\nid = \"e{i}\"\nstays = \"skin_surface_max_c < 43\"\nfor = \"{hours}h\"\n"
            )
        })
    };
    let within = "[[expect]]\nid = \"w\"\nafter = \"mode == warming\"\nthen = \"skin_surface_max_c < 43\"\nwithin = \"23h\"\n";
    let four = [
        "environment.ambient_c",
        "firmware.heat_target_c",
        "user.pressure_kpa",
        "product.cutout.open_c",
    ];
    checks(&[
        (
            "10^12 cases",
            matrix(four.map(|k| format!("\"{k}\" = [{thousand}]\n")).concat()),
            2,
            "the matrix gives 1000000000000 cases, allowed 4096",
        ),
        (
            "140 000 values",
            matrix(format!("\"run.seed\" = [{}]\n", numbers(140_000))),
            2,
            "the matrix gives 140000 cases, allowed 4096",
        ),
        (
            "one value 400 000 times",
            matrix(format!("\"run.seed\" = [{}]\n", "1,".repeat(400_000))),
            2,
            "has 1 twice",
        ),
        (
            "45 000 lines",
            with(
                "duration = \"5s\"",
                "[[event]]\nat = \"0s\"\npress = \"power\"\n[matrix]\n",
            ) + &many(45_000, |i| format!("\"event.0.k{i}\" = [1]\n")),
            2,
            "more than 256 lines",
        ),
        (
            "events times cases",
            with(
                "duration = \"5s\"",
                &format!("{events}[matrix]\n\"run.seed\" = [{}]\n", numbers(4096)),
            ),
            2,
            "all cases of the matrix together are too big",
        ),
        (
            "a long name times cases",
            matrix(format!("\"run.seed\" = [{}]\n", numbers(100)))
                .replace("\"n\"", &format!("\"{}\"", "n".repeat(900_000))),
            2,
            "all cases of the matrix together are too big",
        ),
        (
            "4096 cases",
            matrix(format!("\"run.seed\" = [{}]\n", numbers(4096))),
            0,
            "",
        ),
        (
            "every signal at every tick of a day",
            with("duration = \"24h\"\ntrace_every = \"10ms\"", ""),
            2,
            "the trace has 8640000 rows of 20 signals: 172800000 values, allowed 20000000",
        ),
        (
            "a day with the usual trace",
            with("duration = \"24h\"", ""),
            0,
            "",
        ),
        (
            "windows of 12 h",
            with("duration = \"24h\"", &stays(6)),
            0,
            "",
        ),
        (
            "windows of 14 h",
            with("duration = \"24h\"", &stays(7)),
            2,
            "come to 14 h here, allowed 12 h together",
        ),
        (
            "a budget of 23 h",
            with("duration = \"24h\"", within),
            2,
            "come to 23 h here, allowed 12 h together",
        ),
        (
            "20 000 limit lines",
            with(
                "duration = \"5s\"",
                &format!(
                    "[[expect]]\nid = \"l\"\nlimits = {{ name = \"x\", line = [{}] }}\n",
                    many(20_000, |i| format!(
                        "{{name=\"l{i}\",cem43_min=1.0,source=\"s\"}},"
                    ))
                ),
            ),
            2,
            "20000 [[line]], allowed 64",
        ),
        (
            "15 000 faults",
            with(
                "duration = \"5s\"",
                &many(15_000, |_| {
                    "[[fault]]\nkind = \"ntc_open\"\ntarget = \"upper\"\nat = \"1s\"\n".into()
                }),
            ),
            2,
            "15000 [[fault]], allowed 256",
        ),
        (
            "300 expectations",
            with(
                "duration = \"5s\"",
                &many(300, |i| {
                    format!("[[expect]]\nid = \"{i}\"\nlimits = \"consumer\"\n")
                }),
            ),
            2,
            "[[expect]], allowed 256",
        ),
    ]);
}

/// Each of these took minutes once: every further mistake cost a look at all of the text or tree.
#[test]
fn a_megabyte_of_mistakes_costs_no_more_than_the_hundred_that_are_shown() {
    checks(&[
        (
            "escapes",
            format!("{HEAD}x = \"{}\"\n", "\\q".repeat(450_000)),
            2,
            "escape",
        ),
        ("carriage returns", "\r".repeat(1_000_000), 2, "a.toml:1:"),
        (
            "missing values",
            HEAD.to_owned() + &many(90_000, |i| format!("k{i} = @\n")),
            2,
            "a.toml:5:",
        ),
        (
            "keys on a broken file's second line",
            format!(
                "=\nproduct = {{{}}}\n",
                many(90_000, |i| format!("k{i}=1,"))
            ),
            2,
            "a.toml:1:1",
        ),
        (
            "values on a broken file's second line",
            format!(
                "=\nmatrix = {{\"run.seed\" = [{}]}}\n",
                "1,".repeat(400_000)
            ),
            2,
            "a.toml:1:1",
        ),
        ("headers twice", "[a]\n".repeat(250_000), 2, "duplicate key"),
        (
            "keys of an event",
            with(
                "duration = \"5s\"",
                &format!(
                    "[[event]]\nat = \"0s\"\nset = {{{}}}\n",
                    many(80_000, |i| format!("k{i}=1,"))
                ),
            ),
            2,
            "more mistakes",
        ),
        ("zeros", "\0".repeat(1_000_000), 2, "a.toml:1:"),
        (
            "marks that turn the direction of writing",
            "\u{202e}".repeat(330_000),
            2,
            "a.toml:1:",
        ),
    ]);
}
