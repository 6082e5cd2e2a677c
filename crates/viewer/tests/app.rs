//! The app without a window: frames are drawn, and show what the view is.

use std::path::PathBuf;

use image::RgbImage;
use kneadsim_viewer::app::Offscreen;
use kneadsim_viewer::heat::Layer;
use kneadsim_viewer::open::Shown;
use kneadsim_viewer::scene::Smoothing;
use kneadsim_viewer::view::View;

fn scenario(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    root.join(name)
}

/// None where there is nothing to draw with.
fn screen(view: View) -> Option<Offscreen> {
    match Offscreen::new(view, 1280, 720, Smoothing::WhereItIsCheap) {
        Ok(screen) => Some(screen),
        Err(why) => {
            assert!(std::env::var_os("KNEADSIM_MUST_RENDER").is_none(), "{why}");
            eprintln!("not drawn: {why}");
            None
        }
    }
}

/// Share of pixels in a part of the picture that are not the same.
fn apart(a: &RgbImage, b: &RgbImage, [x0, y0, x1, y1]: [u32; 4]) -> f64 {
    let places = (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y)));
    let count = f64::from((x1 - x0) * (y1 - y0));
    places
        .filter(|(x, y)| a.get_pixel(*x, *y) != b.get_pixel(*x, *y))
        .count() as f64
        / count
}

const PAD: [u32; 4] = [430, 270, 680, 420];
const PLOTS: [u32; 4] = [895, 70, 1270, 270];

/// All in one test: a process has one renderer.
#[test]
fn what_is_drawn_follows_the_view() {
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    view.go_to(3_000);
    let Some(mut screen) = screen(view) else {
        return;
    };
    let first = screen.picture().expect("a picture");
    assert_eq!(
        apart(&first, &screen.picture().expect("a picture"), PAD),
        0.0
    );

    // Another layer: the map, not the plots.
    screen.view().layer = Layer::Film;
    let film = screen.picture().expect("a picture");
    assert!(apart(&first, &film, PAD) > 0.8);
    assert!(apart(&first, &film, PLOTS) < 0.01);

    // Time: both.
    screen.view().go_to(9_000);
    let later = screen.picture().expect("a picture");
    assert!(apart(&film, &later, PAD) > 0.8);
    assert!(apart(&film, &later, PLOTS) > 0.005);
    // And back.
    screen.view().go_to(3_000);
    screen.view().layer = Layer::Skin;
    let again = screen.picture().expect("a picture");
    assert!(apart(&first, &again, PAD) < 0.01);

    // Another pad in its place: one column a zone, grey between them.
    let other = scenario("fault/after_trip_film.toml");
    screen.view().open_instead(&other, None);
    let zones = screen.picture().expect("a picture");
    assert!(apart(&first, &zones, PAD) > 0.8);
    let greys = zones.pixels().filter(|p| p.0 == [128, 128, 128]).count();
    assert!(greys > 5_000, "{greys}");

    // Nothing, something broken, a recording, and a choice of files are drawn too.
    screen.view().shown = Shown::Nothing;
    screen.view().open_picker();
    let picker = screen.picture().expect("a picture");
    screen.view().picker.is_open = false;
    let nothing = screen.picture().expect("a picture");
    assert!(apart(&picker, &nothing, [380, 160, 900, 560]) > 0.5);
    screen
        .view()
        .open_instead(&PathBuf::from("none.toml"), None);
    let broken = screen.picture().expect("a picture");
    assert!(apart(&broken, &nothing, [0, 80, 400, 200]) > 0.005);
    let trace = std::env::temp_dir().join(format!("kneadsim-app-{}.csv", std::process::id()));
    let text = "time_s,film_upper_c[degC],mode[label]\n0.1,23.5,0\n9.2,44.5,2\n18.3,30,2\n";
    std::fs::write(&trace, text).expect("written");
    screen.view().open_instead(&trace, None);
    let is_recorded = matches!(screen.view().shown, Shown::Recorded(_));
    assert!(is_recorded, "{:?}", screen.view().shown);
    let recorded = screen.picture().expect("a picture");
    assert!(apart(&recorded, &nothing, PLOTS) > 0.2);
    std::fs::remove_file(&trace).expect("removed");
}
