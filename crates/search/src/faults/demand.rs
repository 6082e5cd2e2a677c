//! What `docs/safety.md` demands of the unit after each fault: what must stop, by when.
//!
//! No figure is this file's own: budgets are those of the requirement that is
//! named. The limit profile, the windings and the pack are held in every row.

use kneadsim_sim::fault::FaultKind;

/// What must stop for the unit to be in its safe state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// Nothing beyond the limits: heat under control may go on.
    None,
    /// Power in the fault's zone beyond what is commanded.
    ZoneOverdriven,
    /// Power in any film, or a relay that is asked to be closed.
    AnyHeat,
    /// The fault's motor is driven.
    MotorDriven,
}

/// The demand of one kind of fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Requirement of docs/safety.md.
    pub requirement: &'static str,
    /// What must stop.
    pub hazard: Hazard,
    /// How long after it first shows, s; none where it must not be there from the fault
    /// to the next press of the power button, but for the moment in which it goes.
    pub budget_s: Option<f64>,
    /// The fault must be noticed within the same budget of its onset, whether it
    /// shows or not.
    pub is_noticed: bool,
    /// A start must find it before the session heats.
    pub is_found_at_start: bool,
}

/// What is demanded after a fault.
pub fn demand(kind: FaultKind) -> Demand {
    let limits = |requirement| Demand {
        requirement,
        hazard: Hazard::None,
        budget_s: None,
        is_noticed: false,
        is_found_at_start: false,
    };
    let stops = |requirement, hazard, budget_s| Demand {
        hazard,
        budget_s,
        ..limits(requirement)
    };
    let noticed = |requirement, budget_s| Demand {
        is_noticed: true,
        ..stops(requirement, Hazard::AnyHeat, Some(budget_s))
    };
    match kind {
        FaultKind::MosfetShort | FaultKind::MosfetPartial | FaultKind::PwmStuckOn => Demand {
            is_found_at_start: true,
            ..stops("BURN-03", Hazard::ZoneOverdriven, Some(5.0))
        },
        FaultKind::Adapter24V => Demand {
            is_found_at_start: true,
            ..stops("SUP-01", Hazard::AnyHeat, Some(5.0))
        },
        FaultKind::RelayWelded => Demand {
            is_found_at_start: true,
            ..limits("TEST-01")
        },
        FaultKind::MosfetOpen | FaultKind::PwmStuckOff | FaultKind::RelayOpen => limits("BURN-03"),
        FaultKind::FilmCrack | FaultKind::FilmShort | FaultKind::Fold | FaultKind::NodeParked => {
            limits("BURN-06")
        }
        FaultKind::NtcOpen | FaultKind::NtcShort => stops("SENS-01", Hazard::AnyHeat, Some(0.5)),
        FaultKind::NtcDetached
        | FaultKind::NtcSlow
        | FaultKind::NtcOffset
        | FaultKind::NtcWrongPart
        | FaultKind::NtcWet
        | FaultKind::AdcStuck => limits("SENS-02"),
        FaultKind::AdcReference | FaultKind::AdcMux => limits("SENS-03"),
        FaultKind::Hang | FaultKind::TaskSkipped => noticed("CTRL-01", 0.2),
        FaultKind::Clock => noticed("CTRL-02", 2.0),
        FaultKind::BitFlip => noticed("CTRL-03", 0.5),
        FaultKind::ResetLoop | FaultKind::BrownOut => stops("CTRL-04", Hazard::AnyHeat, None),
        FaultKind::Unplugged => stops("SUP-03", Hazard::AnyHeat, None),
        FaultKind::Blanket
        | FaultKind::BareSkin
        | FaultKind::LowPerfusion
        | FaultKind::RoomTemperature
        | FaultKind::UserAway
        | FaultKind::Fan => limits("BURN-05"),
        FaultKind::ButtonMash => limits("SESS-02"),
        FaultKind::RotorLocked => stops("MOT-01", Hazard::MotorDriven, Some(1.0)),
        FaultKind::EncoderLost => stops("MOT-03", Hazard::MotorDriven, Some(2.0)),
        FaultKind::DriverOn | FaultKind::WornGear => limits("MOT-03"),
        FaultKind::BatteryLow | FaultKind::Sag => limits("SUP-02"),
        FaultKind::PackHot => limits("SUP-04"),
        FaultKind::CutoutWelded => limits("CUT-01"),
        FaultKind::CutoutDrift | FaultKind::CutoutCycling => limits("CUT-02"),
    }
}

/// A lasting fault of the product, which somebody should notice; the others are what
/// users and supplies do, or are over in a moment.
pub fn is_of_the_product(kind: FaultKind) -> bool {
    !matches!(kind.row().group, "use" | "supply") && lasts_ticks(kind).is_none()
}

/// How long a fault lasts, ticks; none = for ever. A dip and a pulled plug are
/// there to be over: what must not happen is that the session resumes. Lengths are
/// those of `states/brown_out` and `states/unplugged`.
pub fn lasts_ticks(kind: FaultKind) -> Option<u32> {
    if kind == FaultKind::BrownOut {
        Some(10)
    } else if kind == FaultKind::Unplugged {
        Some(300)
    } else {
        None
    }
}
