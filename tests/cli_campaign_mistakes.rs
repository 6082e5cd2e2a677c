//! Broken campaign files: every mistake with its place.

#[path = "campaign/mod.rs"]
mod campaign;

use std::path::Path;

use campaign::{CAMPAIGN, Folder};

#[test]
fn every_mistake_of_a_campaign_has_its_place() {
    let folder = Folder::new("broken");
    let line = |text: &str| CAMPAIGN.lines().position(|l| l == text).expect("a line") + 1;
    // What stands there, what is written instead, and the mistake with its line.
    let rows = [
        (
            "samples = 9",
            "samples = 0",
            "`samples` is 0, allowed a whole number, 1 to 16777216",
        ),
        (
            "seed = 5",
            "sede = 5",
            "unknown key `sede`, did you mean `seed`?",
        ),
        (
            "scenarios = [\"warm.toml\"]",
            "scenarios = [\"cold.toml\"]",
            "the scenario \"cold.toml\" does not exist",
        ),
        (
            "expect = [\"skin\"]",
            "expect = [\"skim\"]",
            "has no expectation with one of these ids",
        ),
        (
            "keep_worst = 2",
            "sampling = \"sobel\"",
            "`sampling` is \"sobel\"",
        ),
        (
            "key = \"product.board.ntc_r25_factor\"",
            "key = \"product.board.ntc_r26_factor\"",
            "did you mean `product.board.ntc_r25_factor`?",
        ),
        (
            "normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }",
            "normal = { mean = 1.0, sd = 0, min = 0.97, max = 1.03 }",
            "`sd` is 0, allowed above 0",
        ),
        (
            "normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }",
            "normal = { mean = 1.0, sd = 0.01, min = 0.97 }",
            "`max` is missing",
        ),
        (
            "normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }",
            "uniform = { min = 0.97, max = 3.0 }",
            "is 3, allowed 0.5 to 2",
        ),
        (
            "normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }",
            "uniform = { min = 1.0, max = 0.9 }",
            "is not below `max`",
        ),
        (
            "normal = { mean = 1.0, sd = 0.01, min = 0.97, max = 1.03 }",
            "gaussian = { min = 0.97 }",
            "unknown key `gaussian`",
        ),
        (
            "among = [\"neck\", \"waist\"]",
            "among = [\"neck\", \"knee\"]",
            "`site` is \"knee\"",
        ),
        (
            "among = [\"neck\", \"waist\"]",
            "uniform = { min = 0, max = 1 }",
            "is one of some names: use `among`",
        ),
        (
            "weights = [1, 3]",
            "weights = [1, 3, 4]",
            "`weights` must be 2 numbers",
        ),
        (
            "uniform = { min = \"500ms\", max = \"3s\" }",
            "uniform = { min = \"500ms\", max = \"1h\" }",
            "",
        ),
        (
            "uniform = { min = \"500ms\", max = \"3s\" }",
            "uniform = { min = 1, max = 3 }",
            "without a unit",
        ),
        ("rho = -0.5", "rho = 1", "allowed between -1 and 1"),
        (
            "user.profile = \"elderly\"",
            "user.profil = \"elderly\"",
            "did you mean `user.profile`?",
        ),
        (
            "user.profile = \"elderly\"",
            "user.clothing = \"bare\"",
            "is in the matrix of",
        ),
        (
            "user.profile = \"elderly\"",
            "user.site = \"neck\"",
            "varies: it cannot be set too",
        ),
    ];
    for (there, instead, message) in rows {
        folder.write("small.campaign.toml", &CAMPAIGN.replace(there, instead));
        let (code, _, err) = folder.campaign("run", &["--out", "out", "--samples", "1"]);
        assert_eq!(code, 2, "{instead}: {err}");
        assert!(err.contains(message), "{instead}: {err}");
        // The table of a key that is missing, a spread that no key is, or a pair.
        let place = (line(there).saturating_sub(3)..=line(there) + 1)
            .any(|n| err.contains(&format!("small.campaign.toml:{n}:")));
        assert!(place, "{instead}, line {}: {err}", line(there));
    }
    let contradiction = format!(
        "{CAMPAIGN}\n[[correlate]]\nkeys = [\"user.site\", \"event.0.at\"]\nrho = 0.9\n\n[[correlate]]\nkeys = [\"user.site\", \"product.board.ntc_r25_factor\"]\nrho = 0.9\n"
    );
    folder.write("small.campaign.toml", &contradiction);
    let (code, _, err) = folder.campaign("run", &["--out", "out"]);
    assert!(code == 2 && err.contains("contradict each other"), "{err}");
    assert!(!Path::new(&folder.0.join("out")).exists());
}
