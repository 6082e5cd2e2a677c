//! What others rely on by name or by bit: buttons, tasks, labels, settings.

mod stand_in;

use std::fmt::Debug;

use kneadsim_firmware::io::{FaultCode, Mode, button};
use kneadsim_firmware::program::Program;
use kneadsim_firmware::setpoint::HeatLevel;
use kneadsim_firmware::{State, TaskMask};
use stand_in::Unit;

/// A variant's name in lower case with a line between its words.
fn label(variant: impl Debug) -> String {
    let mut label = String::new();
    for letter in format!("{variant:?}").chars() {
        if letter.is_uppercase() && !label.is_empty() {
            label.push('_');
        }
        label.extend(letter.to_lowercase());
    }
    label
}

#[test]
fn modes_faults_and_programs_are_labelled_by_their_names() {
    for mode in Mode::ALL {
        assert_eq!(mode.name(), label(mode));
    }
    for fault in FaultCode::ALL {
        assert_eq!(fault.name(), label(fault));
    }
    for program in Program::ALL {
        assert_eq!(program.name(), label(program));
    }
}

#[test]
fn every_button_has_its_bit() {
    let buttons = [
        button::POWER,
        button::MODE,
        button::HEAT,
        button::INTENSITY,
        button::TIME,
    ];
    assert_eq!(buttons, [1, 2, 4, 8, 16]);
}

#[test]
fn a_set_of_tasks_holds_what_was_put_in_and_all_of_them_are_every_task() {
    let mut set = TaskMask::NONE;
    for (name, task) in TaskMask::ALL {
        assert!(!set.contains(task), "{name}");
        set = set.with(task);
        assert!(set.contains(task), "{name}");
        assert_eq!(set.with(task), set, "{name} twice is {name} once");
    }
    assert_eq!(set, TaskMask::EVERY);
    assert!(set.contains(TaskMask::GUARD.with(TaskMask::MOTOR)));
    assert!(!TaskMask::GUARD.contains(TaskMask::GUARD.with(TaskMask::MOTOR)));
}

#[test]
fn the_settings_are_what_the_buttons_have_chosen() {
    let mut unit = Unit::at(23.0);
    for (pressed, heat, program) in [
        (0, HeatLevel::High, Program::DeepTissue),
        (button::HEAT, HeatLevel::Middle, Program::DeepTissue),
        (button::MODE, HeatLevel::Middle, Program::Swedish),
    ] {
        unit.press(pressed);
        let settings = State::settings(&unit.state);
        assert_eq!((settings.heat, settings.program), (heat, program));
    }
}
