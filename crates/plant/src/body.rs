//! Body sites and users: tissue data with their sources.

/// Part of the body on the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// Neck.
    Neck,
    /// Shoulders.
    Shoulders,
    /// Upper back.
    UpperBack,
    /// Waist.
    Waist,
    /// Forearm.
    Forearm,
    /// Thigh.
    Thigh,
    /// Calf.
    Calf,
}

/// Kind of user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Healthy adult.
    Adult,
    /// Over 65.
    Elderly,
    /// Neuropathy: neither feels heat nor flushes.
    ReducedSensation,
    /// Child.
    Child,
    /// Fallen asleep on the pad.
    Asleep,
}
