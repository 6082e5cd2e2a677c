//! What a user does, without a window.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use kneadsim_sim::fault::{FaultKind, FaultSpec};
use kneadsim_sim::signal::Signal;
use kneadsim_sim::spec::{Action, Button};
use kneadsim_viewer::open::Shown;
use kneadsim_viewer::picker::{Entry, Kind, Picker};
use kneadsim_viewer::playback::{Playback, SPEEDS};
use kneadsim_viewer::plots::{PLOTS, Pages, difference, modes, thinned, turn_to};
use kneadsim_viewer::session::What;
use kneadsim_viewer::view::{View, clock};

const LONG: Duration = Duration::from_secs(600);

fn scenario(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    root.join(name)
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("kneadsim-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn no_speed_drifts_and_a_pause_is_a_pause() {
    for speed in SPEEDS {
        let mut playback = Playback::default();
        playback.is_playing = true;
        playback.speed = speed;
        let ticks: u32 = (0..600).map(|_| playback.due_ticks(1.0 / 60.0)).sum();
        let want = 10.0 * speed * 100.0;
        assert!((f64::from(ticks) - want).abs() <= 1.0, "{speed}: {ticks}");
        playback.is_playing = false;
        assert_eq!(playback.due_ticks(100.0), 0);
    }
    let mut playback = Playback::default();
    for _ in 0..20 {
        playback.faster();
    }
    assert_eq!(playback.speed, 1000.0);
    for _ in 0..20 {
        playback.slower();
    }
    assert_eq!(playback.speed, 0.1);
}

#[test]
fn time_goes_by_as_fast_as_it_should_and_stops_at_the_end() {
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    assert_eq!(view.advance(1.0, LONG), 0, "it is paused");
    view.playback.is_playing = true;
    view.playback.speed = 100.0;
    assert_eq!(view.advance(0.5, LONG), 5_000);
    assert_eq!(view.tick(), 5_000);
    view.step();
    assert_eq!((view.tick(), view.playback.is_playing), (5_001, false));
    view.playback.is_playing = true;
    view.playback.speed = 1000.0;
    view.advance(1e4, LONG);
    assert_eq!(view.tick(), view.last_tick());
    assert!(!view.playback.is_playing);
    let record = view.record().expect("a run");
    let labels: Vec<&str> = modes(record).iter().map(|span| span.label).collect();
    assert_eq!(labels.first(), Some(&"off"));
    assert!(
        labels.contains(&"warming") && labels.contains(&"holding"),
        "{labels:?}"
    );
}

#[test]
fn a_case_of_a_matrix_is_chosen_by_its_name() {
    let file = scenario("any_firmware/session.toml");
    let name = |case| match View::open(&file, case).shown {
        Shown::Live(live) => live.case.name,
        other => panic!("{other:?}"),
    };
    assert_eq!(name(None), "any_firmware/session[user.clothing=bare]");
    assert_eq!(
        name(Some("t_shirt")),
        "any_firmware/session[user.clothing=t_shirt]"
    );
    let Shown::Broken(lines) = View::open(&file, Some("sweater")).shown else {
        panic!("there is none");
    };
    assert!(
        lines[0].contains("no case of") && lines.len() == 3,
        "{lines:?}"
    );
}

#[test]
fn what_is_broken_says_where_and_is_still_a_view() {
    let folder = Folder::new("viewer-broken");
    let rows = [
        (
            "s.toml",
            "schema = 1\nname = \"n\"\nduration = 3\n",
            "s.toml:3:1: unknown key `duration`",
        ),
        ("t.csv", "time_s,film_upper_c[degC]\n0.1,abc\n", "t.csv"),
        ("u.csv", "", "u.csv"),
    ];
    for (name, text, want) in rows {
        let path = folder.file(name, text);
        let mut view = View::open(&path, None);
        let Shown::Broken(lines) = &view.shown else {
            panic!("{name} is broken");
        };
        assert!(lines.iter().any(|l| l.contains(want)), "{name}: {lines:?}");
        view.playback.is_playing = true;
        assert_eq!(view.advance(1.0, LONG), 0);
        view.fork();
        view.act(press());
    }
    let Shown::Broken(lines) = View::open(&folder.0.join("none.toml"), None).shown else {
        panic!("there is no such file");
    };
    assert!(lines[0].contains("none.toml"), "{lines:?}");
}

fn press() -> What {
    What::Do(Action::Press {
        button: Button::Power,
        hold_ticks: 10,
    })
}

#[test]
fn a_fork_goes_on_as_it_was_behind_what_is_changed() {
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    view.go_to(6_000);
    view.fork();
    view.act(press());
    assert_eq!(view.message, "pressed power");
    view.go_to(9_000);
    let last = |record: &kneadsim_viewer::session::Record| {
        let row = record.at(9_000).expect("a row");
        assert_eq!(row.tick, 9_000);
        row.values[Signal::HeaterPower as usize]
    };
    let ghost = view.ghost.as_ref().expect("forked").record();
    assert!(last(ghost) > 1.0);
    assert_eq!(last(view.record().expect("a run")), 0.0);
    // Back before the fork both are one.
    view.go_to(5_000);
    assert_eq!(view.tick(), 5_000);
}

#[test]
fn a_recorded_trace_is_seen_as_the_run_was() {
    let folder = Folder::new("viewer-trace");
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    view.go_to(3_000);
    let text = "time_s,film_upper_c[degC],mode[label]\n0.1,23.5,0\n0.2,24.5,2\n0.3,,2\n";
    let path = folder.file("trace.csv", text);
    view.put_behind(&path).expect("it is a trace");
    let mut recorded = View::open(&path, None);
    assert!(
        matches!(recorded.shown, Shown::Recorded(_)),
        "{:?}",
        recorded.shown
    );
    assert!(recorded.last_tick() >= 30);
    recorded.go_to(20);
    let record = recorded.record().expect("a trace");
    let film: Vec<f64> = record.series(Signal::FilmUpper).map(|p| p[1]).collect();
    assert_eq!(film[..2], [23.5, 24.5]);
    assert!(film[2].is_nan());
    assert!(record.series(Signal::Cem43Max).all(|p| p[1].is_nan()));
    recorded.act(press());
    assert_eq!(recorded.message, "a recording cannot be changed");
}

#[test]
fn thinned_curves_keep_their_peaks_and_their_gaps() {
    let points = (0..10_000).map(|i| {
        let value = match i {
            4_321 => 99.0,
            6_000..6_100 => f64::NAN,
            _ => (f64::from(i) * 0.01).sin(),
        };
        [f64::from(i), value]
    });
    let stretches = thinned(points, 0.0, 10_000.0, 100);
    assert_eq!(stretches.len(), 2);
    let all: Vec<[f64; 2]> = stretches.concat();
    assert!(all.len() <= 202, "{}", all.len());
    assert!(all.contains(&[4_321.0, 99.0]));
    assert!(all.windows(2).all(|w| w[0][0] < w[1][0]));
    assert!(all.iter().all(|p| !(6_000.0..6_100.0).contains(&p[0])));
}

#[test]
fn times_are_minutes_and_seconds() {
    assert_eq!(clock(0), "0:00.00");
    assert_eq!(clock(6_150), "1:01.50");
    assert_eq!(clock(186_000), "31:00.00");
}

#[test]
fn nodes_move_between_ticks_on_the_shorter_way() {
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    view.go_to(3_000);
    let exact = |view: &View| {
        let live = view.live().expect("a run");
        live.session.bench().signals()[Signal::KneadingAngle as usize]
    };
    assert_eq!(view.kneading_angle_deg(), Some(exact(&view)));
    view.playback.is_playing = true;
    view.playback.speed = 0.1;
    // A tick takes 100 ms: one frame of 100, then four of 25.
    view.advance(0.1, LONG);
    let after = exact(&view);
    let mut drawn = Vec::new();
    for _ in 0..4 {
        drawn.push(view.kneading_angle_deg().expect("it turns"));
        view.advance(0.024, LONG);
    }
    assert_eq!(exact(&view), after, "no tick was due");
    let steps: Vec<f64> = drawn.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(
        steps
            .iter()
            .all(|s| *s > 0.0 && (s - steps[0]).abs() < 1e-9),
        "{drawn:?}"
    );
    assert!(drawn.iter().all(|d| *d <= after), "{drawn:?} {after}");
    view.playback.is_playing = false;
    assert_eq!(view.kneading_angle_deg(), Some(after));
    // Parked nodes stand where they are parked, whatever the motor does.
    let mut parked = FaultSpec::lasting(FaultKind::NodeParked, 0, view.tick());
    parked.value = 123.0;
    view.act(What::Break(parked));
    view.go_to(view.tick() + 100);
    let drawn = view.kneading_angle_deg().expect("they stand");
    assert!((drawn - 123.0).abs() < 1e-9, "{drawn}");
}

#[test]
fn the_difference_of_two_runs_is_theirs_at_the_same_time() {
    let mut view = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    view.go_to(6_000);
    view.fork();
    view.act(press());
    view.go_to(9_000);
    let first = &view.record().expect("a run").clone();
    let second = view.ghost.as_ref().expect("forked").record();
    let points: Vec<[f64; 2]> = difference(first, second, Signal::FilmUpper).collect();
    assert_eq!(points.len(), first.rows().len());
    assert!(points.iter().filter(|p| p[0] <= 60.0).all(|p| p[1] == 0.0));
    let at = |record: &kneadsim_viewer::session::Record| {
        record.at(9_000).expect("a row").values[Signal::FilmUpper as usize]
    };
    let last = points.last().expect("points");
    assert_eq!(*last, [90.0, at(first) - at(second)]);
    assert!(last[1] < -1.0, "{last:?}");
    let film = view.against().into_iter().find(|row| row.0 == "film");
    assert!(film.is_some_and(|(_, k, unit)| k < -1.0 && unit == "K"));
    let behind = scenario("motor/rotor_locked.toml");
    view.put_behind(&behind).expect("it is longer");
    assert_eq!(view.against().len(), 4);
    view.go_to(60_000);
    assert!(view.against().is_empty(), "it is over");
    view.go_to(9_000);
    // The other way round: where the second run is over there is nothing to compare.
    let mut short = View::open(&scenario("any_firmware/asleep_frail.toml"), None);
    short.go_to(3_000);
    let short = short.record().expect("a run");
    let points: Vec<[f64; 2]> = difference(first, short, Signal::FilmUpper).collect();
    assert!(points.iter().all(|p| p[1].is_nan() == (p[0] > 30.0)));
}

#[test]
fn another_user_is_another_from_the_start() {
    let file = scenario("any_firmware/session.toml");
    let mut view = View::open(&file, Some("t_shirt"));
    view.go_to(6_000);
    view.act(press());
    view.go_to(9_000);
    let digest = |view: &View| view.live().expect("a run").session.bench().digest();
    let (before, opened) = (digest(&view), view.opened);
    view.change_user("user.profile", "elderly");
    assert_ne!(digest(&view), before);
    assert_eq!(
        (view.tick(), view.opened),
        (9_000, opened + 1),
        "{}",
        view.message
    );
    let live = view.live().expect("a run");
    assert_eq!(live.session.deeds().len(), 1);
    assert_eq!(live.case.spec.build.body.profile.name(), "elderly");
    // The same as a scenario that says so, and the clothing is kept.
    let text = view.saved().expect("a scenario");
    let cases = kneadsim_scenario::load_text(&text, &file, file.parent().expect("a folder"));
    let spec = &cases.expect("a case")[0].spec;
    assert_eq!(spec.conditions, live.case.spec.conditions);
    let mut straight = kneadsim_viewer::session::Session::new(spec).expect("it runs");
    straight.go_to(9_000);
    assert_eq!(straight.bench().digest(), digest(&view));
    view.change_user("user.profile", "robot");
    assert!(view.message.contains("robot"), "{}", view.message);
    assert_eq!(digest(&view), straight.bench().digest());
}

#[test]
fn files_are_found_in_folders_and_cases_in_files() {
    let folder = Folder::new("viewer-picker");
    folder.file("b.toml", "broken");
    folder.file("a.csv", "time_s,film_upper_c[degC]\n0.1,23.5\n");
    folder.file("x.campaign.toml", "");
    folder.file("x.tune.toml", "");
    folder.file(".hidden.toml", "");
    folder.file("notes.txt", "");
    fs::create_dir_all(folder.0.join("inner")).expect("a folder");
    let mut picker = Picker::default();
    picker.open(&folder.0);
    let names = |picker: &Picker| -> Vec<(Kind, String)> {
        picker.entries().map(|e| (e.kind, e.name.clone())).collect()
    };
    let all = [
        (Kind::Folder, "inner"),
        (Kind::Scenario, "b.toml"),
        (Kind::Trace, "a.csv"),
    ];
    let all = all.map(|(kind, name)| (kind, name.to_owned()));
    assert_eq!(names(&picker), all);
    picker.filter = "A.C".to_owned();
    assert_eq!(names(&picker), all[2..]);
    let take = |picker: &mut Picker, kind: Kind, name: &str| {
        picker.take(&Entry {
            kind,
            name: name.to_owned(),
        })
    };
    assert_eq!(take(&mut picker, Kind::Scenario, "b.toml"), None);
    assert!(picker.said()[0].contains("b.toml:1"), "{:?}", picker.said());
    let trace = take(&mut picker, Kind::Trace, "a.csv").expect("a choice");
    assert_eq!(take(&mut picker, Kind::Folder, "inner"), None);
    assert!(names(&picker).is_empty() && picker.folder().ends_with("inner"));
    picker.leave();
    assert_eq!(names(&picker), all);

    // A matrix: its cases first.
    picker.enter(&scenario("any_firmware"));
    assert_eq!(take(&mut picker, Kind::Scenario, "session.toml"), None);
    assert_eq!(picker.cases().len(), 2);
    let name = picker.cases()[1].clone();
    let choice = picker.take_case(&name).expect("a choice");
    let mut view = View::of(Shown::Nothing);
    assert_eq!((view.tick(), view.advance(1.0, LONG)), (0, 0));
    view.choose(&choice);
    assert_eq!(view.live().expect("a run").case.name, name);
    view.picker.is_behind = true;
    view.choose(&trace);
    assert!(view.ghost.is_some() && view.live().is_some());
    picker.enter(&folder.0.join("none"));
    assert!(picker.said()[0].contains("none"), "{:?}", picker.said());
}

#[test]
fn pages_are_turned_by_their_titles() {
    let mut pages = Pages::default();
    turn_to(&mut pages, "duty").expect("there is one");
    turn_to(&mut pages, "lower zone").expect("there is one");
    assert_eq!(pages, [1, 1, 0, 0]);
    let why = turn_to(&mut pages, "dutty").expect_err("there is none");
    assert!(why.contains("duty") && why.contains("damage"), "{why}");
    // Every curve has a colour of its own, and every title a unit.
    for axes in PLOTS.iter().flat_map(|plot| plot.iter()) {
        for (i, curve) in axes.curves.iter().enumerate() {
            let same = |other: &&kneadsim_viewer::plots::Curve| other.colour == curve.colour;
            assert_eq!(
                axes.curves[i + 1..].iter().find(same),
                None,
                "{}",
                axes.title
            );
        }
        assert!(axes.title.contains(", ") || axes.title.contains("CEM43 min"));
    }
}
