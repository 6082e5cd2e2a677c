//! The tasks of a tick, as a set: the watchdog is kicked only when all have run.

/// A set of tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskMask(u8);

impl TaskMask {
    /// No task.
    pub const NONE: TaskMask = TaskMask(0);
    /// Counts to units.
    pub const SENSORS: TaskMask = TaskMask(1);
    /// The dangerous limits and the skin dose.
    pub const GUARD: TaskMask = TaskMask(1 << 1);
    /// Buttons, session, modes.
    pub const SUPERVISOR: TaskMask = TaskMask(1 << 2);
    /// The regulator.
    pub const HEATER: TaskMask = TaskMask(1 << 3);
    /// The motors.
    pub const MOTOR: TaskMask = TaskMask(1 << 4);

    /// Every task with its label.
    pub const ALL: [(&'static str, TaskMask); 5] = [
        ("sensors", TaskMask::SENSORS),
        ("guard", TaskMask::GUARD),
        ("supervisor", TaskMask::SUPERVISOR),
        ("heater", TaskMask::HEATER),
        ("motor", TaskMask::MOTOR),
    ];

    /// Every task as one set.
    pub const EVERY: TaskMask = TaskMask(0b1_1111);

    /// This set and another.
    #[must_use]
    pub const fn with(self, other: TaskMask) -> TaskMask {
        TaskMask(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    pub const fn contains(self, other: TaskMask) -> bool {
        self.0 & other.0 == other.0
    }
}
