//! Films: as many frames as asked for, the same each time, and refusals in words.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use png::Decoder;

fn run(arguments: &str, out: &Path) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_kneadsim-viewer"))
        .args(arguments.split(' '))
        .arg("--out")
        .arg(out)
        .current_dir(root)
        .output()
        .expect("it starts")
}

/// Every frame as it is seen: what is clear is as before.
fn frames(path: &Path) -> Vec<Vec<u8>> {
    let file = BufReader::new(File::open(path).expect("a film"));
    let mut reader = Decoder::new(file).read_info().expect("a PNG");
    let count = reader
        .info()
        .animation_control()
        .expect("animated")
        .num_frames;
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let mut data = vec![0; reader.output_buffer_size().expect("it fits")];
        reader.next_frame(&mut data).expect("a frame");
        if let Some(before) = seen.last() {
            let pixels = data.chunks_exact_mut(4).zip(before.chunks_exact(4));
            for (pixel, before) in pixels.filter(|(pixel, _)| pixel[3] == 0) {
                pixel.copy_from_slice(before);
            }
        }
        assert!(data.chunks_exact(4).all(|p| p[3] == 255));
        seen.push(data);
    }
    seen
}

const FILM: &str = "scenarios/any_firmware/asleep_frail.toml --video 30s --from 10s --speed 20 \
                    --fps 2 --size 640x480 --layer film";

#[test]
fn a_film_has_its_frames_and_is_the_same_each_time() {
    let folder: PathBuf =
        std::env::temp_dir().join(format!("kneadsim-film-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (first, second) = (folder.join("first.png"), folder.join("second.apng"));
    for path in [&first, &second] {
        let done = run(FILM, path);
        let said = String::from_utf8_lossy(&done.stderr);
        if said.contains("nothing to draw with") {
            assert!(std::env::var_os("KNEADSIM_MUST_RENDER").is_none(), "{said}");
            return;
        }
        assert!(done.status.success(), "{said}");
    }
    let seen = frames(&first);
    // 10 s, 20 s and 30 s.
    assert_eq!(seen.len(), 3);
    assert!(seen.windows(2).all(|w| w[0] != w[1]));
    let bytes = |path: &Path| std::fs::read(path).expect("a file");
    assert!(bytes(&first) == bytes(&second));
    // What it ends with is what a picture of that time shows.
    let shot = folder.join("shot.png");
    let picture = "scenarios/any_firmware/asleep_frail.toml --shot 30s --size 640x480 --layer film";
    assert!(run(picture, &shot).status.success());
    let picture = image::open(&shot).expect("a picture").to_rgba8();
    let last = seen.last().expect("frames");
    let apart = picture
        .as_raw()
        .iter()
        .zip(last)
        .filter(|(a, b)| a.abs_diff(**b) > 8);
    let share = apart.count() as f64 / last.len() as f64;
    assert!(share < 1e-3, "{share}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn what_cannot_be_filmed_is_said() {
    let any = "scenarios/any_firmware/asleep_frail.toml";
    let rows = [
        (
            format!("{any} --video 10s --from 20s"),
            "f.png",
            2,
            "before --from",
        ),
        (
            format!("{any} --video 10min --speed 0.01 --fps 60"),
            "f.png",
            2,
            "at most 36000",
        ),
        (
            format!("{any} --video 1s --speed 0"),
            "f.png",
            2,
            "0.01 to 10000",
        ),
        (
            format!("{any} --video 1s --shot 2s"),
            "f.png",
            2,
            "cannot be used with",
        ),
        (
            format!("{any} --fork 1s"),
            "f.png",
            2,
            "want --shot or --video",
        ),
        (
            format!("{any} --video 1s --plot speed"),
            "f.png",
            2,
            "vibration motor",
        ),
        (
            format!("{any} --video 2s --fork 1s --with kp_per_k=1"),
            "f.png",
            2,
            "last frame is before --fork",
        ),
        (
            format!("{any} --video 9s --fork 1s --with kp=1"),
            "f.png",
            2,
            "--with kp=1",
        ),
        ("--video 1s".to_owned(), "f.png", 2, "required"),
    ];
    for (arguments, out, code, want) in rows {
        let done = run(&arguments, Path::new(out));
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{arguments}: {said}");
        assert!(
            said.contains(want) && !said.contains("panicked"),
            "{arguments}: {said}"
        );
    }
}
