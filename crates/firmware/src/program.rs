//! Massage programs as data: what the kneading nodes and the vibration do, when.
//!
//! Forward rotation presses deep, reverse folds the arm and strokes lightly.
//! Speeds are of the nodes; a segment's sign is its direction. All figures are
//! estimates of what feels right (a node passes every 1.5 to 3 s).

/// A stretch of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Length, milliseconds.
    pub length_ms: u32,
    /// Node speed, rpm; negative is reverse.
    pub speed_rpm: f32,
    /// Vibration duty, 0 to 1.
    pub vibration_duty: f32,
}

/// The programs, in the order of the mode button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Program {
    /// Mostly forward and slow.
    #[default]
    DeepTissue,
    /// Lighter, faster, with more reversals.
    Swedish,
    /// Short pressing turns with pauses.
    ShiatsuPulse,
    /// No kneading.
    VibrationOnly,
    /// Heat alone.
    Off,
}

const fn segment(length_ms: u32, speed_rpm: f32, vibration_duty: f32) -> Segment {
    Segment {
        length_ms,
        speed_rpm,
        vibration_duty,
    }
}

const DEEP_TISSUE: &[Segment] = &[
    segment(45_000, 20.0, 0.0),
    segment(10_000, -20.0, 0.0),
    segment(45_000, 24.0, 0.0),
    segment(4_000, 0.0, 0.4),
];
const SWEDISH: &[Segment] = &[
    segment(8_000, -34.0, 0.3),
    segment(8_000, 34.0, 0.3),
    segment(12_000, -30.0, 0.0),
    segment(6_000, 30.0, 0.0),
];
const SHIATSU_PULSE: &[Segment] = &[
    segment(4_000, 26.0, 0.0),
    segment(1_500, 0.0, 0.5),
    segment(4_000, -26.0, 0.0),
    segment(1_500, 0.0, 0.5),
];
const VIBRATION_ONLY: &[Segment] = &[segment(6_000, 0.0, 0.8), segment(3_000, 0.0, 0.4)];
const OFF: &[Segment] = &[segment(1_000, 0.0, 0.0)];

/// Of a constant list, a constant.
fn sum_ms(mut segments: &[Segment]) -> u32 {
    let mut sum_ms = 0u32;
    while let [first, rest @ ..] = segments {
        sum_ms = sum_ms.saturating_add(first.length_ms);
        segments = rest;
    }
    sum_ms
}

/// Nothing moves.
const STILL: Segment = segment(0, 0.0, 0.0);

impl Program {
    /// Every program, in the order of the mode button.
    pub const ALL: [Program; 5] = [
        Program::DeepTissue,
        Program::Swedish,
        Program::ShiatsuPulse,
        Program::VibrationOnly,
        Program::Off,
    ];

    /// The label for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Program::DeepTissue => "deep_tissue",
            Program::Swedish => "swedish",
            Program::ShiatsuPulse => "shiatsu_pulse",
            Program::VibrationOnly => "vibration_only",
            Program::Off => "off",
        }
    }

    /// What follows at the next press of the mode button.
    pub const fn next(self) -> Program {
        match self {
            Program::DeepTissue => Program::Swedish,
            Program::Swedish => Program::ShiatsuPulse,
            Program::ShiatsuPulse => Program::VibrationOnly,
            Program::VibrationOnly => Program::Off,
            Program::Off => Program::DeepTissue,
        }
    }

    /// The stretches, repeated for as long as the session lasts.
    pub const fn segments(self) -> &'static [Segment] {
        match self {
            Program::DeepTissue => DEEP_TISSUE,
            Program::Swedish => SWEDISH,
            Program::ShiatsuPulse => SHIATSU_PULSE,
            Program::VibrationOnly => VIBRATION_ONLY,
            Program::Off => OFF,
        }
    }

    /// All stretches together, milliseconds.
    fn cycle_ms(self) -> u32 {
        match self {
            Program::DeepTissue => sum_ms(DEEP_TISSUE),
            Program::Swedish => sum_ms(SWEDISH),
            Program::ShiatsuPulse => sum_ms(SHIATSU_PULSE),
            Program::VibrationOnly => sum_ms(VIBRATION_ONLY),
            Program::Off => sum_ms(OFF),
        }
    }

    /// The segment at a time since the program began.
    pub fn at(self, elapsed_ms: u32) -> Segment {
        let mut rest_ms = elapsed_ms.checked_rem(self.cycle_ms()).unwrap_or(0);
        for s in self.segments() {
            if rest_ms < s.length_ms {
                return *s;
            }
            rest_ms = rest_ms.saturating_sub(s.length_ms);
        }
        STILL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_is_faster_and_reverses_more_often_than_deep_tissue() {
        let per_minute = |p: Program| {
            let cycle_s: u32 = p.segments().iter().map(|s| s.length_ms).sum::<u32>() / 1000;
            p.segments().len() as f32 / cycle_s as f32
        };
        let fastest = |p: Program| {
            p.segments()
                .iter()
                .fold(0.0f32, |m, s| m.max(s.speed_rpm.abs()))
        };
        assert!(per_minute(Program::Swedish) > 2.0 * per_minute(Program::DeepTissue));
        assert!(fastest(Program::Swedish) > fastest(Program::DeepTissue));
    }

    #[test]
    fn a_program_repeats_after_its_last_segment() {
        assert_eq!(Program::Swedish.at(0), Program::Swedish.at(34_000));
        assert_eq!(Program::Swedish.at(33_999).speed_rpm, 30.0);
    }

    #[test]
    fn kneading_turns_the_other_way_each_time_and_deep_tissue_once_in_a_cycle() {
        let ways = |p: Program| {
            let mut ways = [0i8; 4];
            for (way, segment) in ways.iter_mut().zip(p.segments()) {
                *way = if segment.speed_rpm > 0.0 {
                    1
                } else if segment.speed_rpm < 0.0 {
                    -1
                } else {
                    0
                };
            }
            ways
        };
        for (program, want) in [
            (Program::DeepTissue, [1, -1, 1, 0]),
            (Program::Swedish, [-1, 1, -1, 1]),
            (Program::ShiatsuPulse, [1, 0, -1, 0]),
            (Program::VibrationOnly, [0; 4]),
            (Program::Off, [0; 4]),
        ] {
            assert_eq!(ways(program), want, "{program:?}");
        }
    }
}
