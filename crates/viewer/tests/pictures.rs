//! The pictures of docs/viewer.md, drawn again.
//!
//! `KNEADSIM_BLESS=1` writes them. Where there is neither a GPU nor a software
//! renderer nothing can be compared; `KNEADSIM_MUST_RENDER=1` makes that a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;

/// Of 255, mean over all pixels and colours: renderers round differently.
const MEAN_MOST: f64 = 1.0;
/// Share of pixels that may differ by more than an eighth of the range: edges.
const SHARE_MOST: f64 = 0.005;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The commands in the document: arguments and the picture's file.
fn commands() -> Vec<(Vec<String>, PathBuf)> {
    let text = std::fs::read_to_string(root().join("docs/viewer.md")).expect("the document");
    text.lines()
        .filter(|line| line.starts_with("kneadsim-viewer ") && line.contains("--shot"))
        .map(|line| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let at = words.iter().position(|w| w == "--out").expect("a file");
            (words[1..at].to_vec(), root().join(&words[at + 1]))
        })
        .collect()
}

/// Draws; none where there is nothing to draw with.
fn drawn(arguments: &[String], out: &Path) -> Option<RgbImage> {
    let done = Command::new(env!("CARGO_BIN_EXE_kneadsim-viewer"))
        .args(arguments)
        .arg("--out")
        .arg(out)
        .current_dir(root())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&done.stderr);
    if said.contains("nothing to draw with") {
        assert!(std::env::var_os("KNEADSIM_MUST_RENDER").is_none(), "{said}");
        eprintln!("not compared: {said}");
        return None;
    }
    assert!(done.status.success(), "{arguments:?}: {said}");
    Some(image::open(out).expect("a picture").to_rgb8())
}

fn differ(a: &RgbImage, b: &RgbImage) -> (f64, f64) {
    assert_eq!(a.dimensions(), b.dimensions());
    let pairs = a.as_raw().iter().zip(b.as_raw());
    let apart = pairs.map(|(a, b)| f64::from(a.abs_diff(*b)));
    let (sum, far) = apart.fold((0.0, 0.0), |(sum, far), d| {
        (sum + d, far + f64::from(u8::from(d > 32.0)))
    });
    let count = a.as_raw().len() as f64;
    (sum / count, far / count)
}

#[test]
fn the_pictures_of_the_document_are_what_is_drawn() {
    let folder = std::env::temp_dir().join(format!("kneadsim-pictures-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let commands = commands();
    assert!(commands.len() >= 6, "{}", commands.len());
    let is_blessing = std::env::var_os("KNEADSIM_BLESS").is_some();
    for (arguments, picture) in &commands {
        let again = folder.join(picture.file_name().expect("a name"));
        let Some(new) = drawn(arguments, &again) else {
            return;
        };
        if is_blessing {
            std::fs::copy(&again, picture).expect("written");
            continue;
        }
        let kept = image::open(picture).expect("a picture").to_rgb8();
        let (mean, share) = differ(&new, &kept);
        assert!(
            mean < MEAN_MOST && share < SHARE_MOST,
            "{}: mean {mean:.2} of 255, {:.2} % far apart; KNEADSIM_BLESS=1 writes them, then look at them",
            picture.display(),
            100.0 * share
        );
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Another layer is another picture: the comparison can tell.
#[test]
fn another_layer_is_another_picture() {
    let folder = std::env::temp_dir().join(format!("kneadsim-layers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let pictures: Vec<RgbImage> = ["film", "dose"]
        .iter()
        .map_while(|layer| {
            let words = "scenarios/any_firmware/asleep_frail.toml --shot 30s --layer";
            let mut arguments: Vec<String> = words.split(' ').map(str::to_owned).collect();
            arguments.push((*layer).to_owned());
            drawn(&arguments, &folder.join(format!("{layer}.png")))
        })
        .collect();
    if let [a, b] = &pictures[..] {
        let (mean, share) = differ(a, b);
        assert!(mean > MEAN_MOST || share > SHARE_MOST, "{mean} {share}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn what_cannot_be_opened_is_said() {
    let rows = [
        (vec!["none.toml", "--shot", "1s"], "none.toml"),
        (vec!["README.md", "--shot", "1s"], "README.md"),
        (
            vec!["scenarios/motor/rotor_locked.toml", "--shot", "soon"],
            "a time",
        ),
        (
            vec![
                "scenarios/motor/rotor_locked.toml",
                "--shot",
                "1s",
                "--size",
                "1x1",
            ],
            "a size",
        ),
        (
            vec![
                "scenarios/motor/rotor_locked.toml",
                "--shot",
                "1s",
                "--layer",
                "fim",
            ],
            "basal",
        ),
        (
            vec![
                "scenarios/motor/rotor_locked.toml",
                "--shot",
                "2s",
                "--fork",
                "1s",
                "--with",
                "kp=1",
            ],
            "--with kp=1",
        ),
    ];
    for (arguments, want) in rows {
        let done = Command::new(env!("CARGO_BIN_EXE_kneadsim-viewer"))
            .args(&arguments)
            .current_dir(root())
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(want), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

/// No tone mapping, no light: a number is read off the legend as it was drawn.
#[test]
fn colours_of_the_map_are_those_of_the_legend() {
    use kneadsim_viewer::heat::{Layer, colour};
    let folder = std::env::temp_dir().join(format!("kneadsim-colours-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    // At the start the whole film is as warm as the room of that scenario, 28 degC.
    let words = "scenarios/any_firmware/asleep_frail.toml --shot 0s --layer film";
    let arguments: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let Some(picture) = drawn(&arguments, &folder.join("film.png")) else {
        return;
    };
    let want = colour(Layer::Film.fixed().share(28.0));
    let seen = picture.get_pixel(560, 390).0;
    let apart = seen.iter().zip(want).map(|(a, b)| a.abs_diff(b)).max();
    assert!(apart.is_some_and(|apart| apart <= 2), "{seen:?} {want:?}");
    std::fs::remove_dir_all(&folder).expect("removed");
}
