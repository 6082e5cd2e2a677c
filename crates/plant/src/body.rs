//! Body sites and users: tissue data with their sources.
//!
//! Marks as in the domain notes: [S] seen in a public secondary source, [E]
//! engineering estimate, to be replaced by measured values where there are any.

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

impl Site {
    /// Every site, from the head down.
    pub const ALL: [Site; 7] = [
        Site::Neck,
        Site::Shoulders,
        Site::UpperBack,
        Site::Waist,
        Site::Forearm,
        Site::Thigh,
        Site::Calf,
    ];

    /// Name as written in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Site::Neck => "neck",
            Site::Shoulders => "shoulders",
            Site::UpperBack => "upper_back",
            Site::Waist => "waist",
            Site::Forearm => "forearm",
            Site::Thigh => "thigh",
            Site::Calf => "calf",
        }
    }

    /// Basal skin blood flow, L/(h m2) (JOS-3 [S]).
    pub const fn skin_flow_l_per_h_m2(self) -> f64 {
        match self {
            Site::Neck => 11.2,
            Site::Shoulders => 9.5,
            Site::UpperBack => 9.2,
            Site::Waist => 10.3,
            Site::Forearm => 8.1,
            Site::Thigh => 7.0,
            Site::Calf => 5.8,
        }
    }

    /// Subcutaneous fat, mm [E].
    pub const fn fat_mm(self) -> f64 {
        match self {
            Site::Neck => 5.0,
            Site::Shoulders => 7.0,
            Site::UpperBack => 10.0,
            Site::Waist => 18.0,
            Site::Forearm => 5.0,
            Site::Thigh => 11.0,
            Site::Calf => 6.0,
        }
    }

    /// Skin temperature before the session, degC [E].
    pub const fn start_skin_c(self) -> f64 {
        match self {
            Site::Neck => 34.8,
            Site::Shoulders => 33.8,
            Site::UpperBack => 34.0,
            Site::Waist => 33.5,
            Site::Forearm => 32.8,
            Site::Thigh => 32.8,
            Site::Calf => 32.0,
        }
    }
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

impl Profile {
    /// Every kind of user.
    pub const ALL: [Profile; 5] = [
        Profile::Adult,
        Profile::Elderly,
        Profile::ReducedSensation,
        Profile::Child,
        Profile::Asleep,
    ];

    /// Name as written in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Adult => "adult",
            Profile::Elderly => "elderly",
            Profile::ReducedSensation => "reduced_sensation",
            Profile::Child => "child",
            Profile::Asleep => "asleep",
        }
    }

    /// Largest multiple of the basal dermal perfusion that warming can reach [E].
    pub const fn dilation_cap(self) -> f64 {
        match self {
            Profile::Adult | Profile::Child | Profile::Asleep => 12.0,
            Profile::Elderly => 6.0,
            Profile::ReducedSensation => 3.0,
        }
    }

    /// Scale on the site's basal skin flow [E]: lower with age and neuropathy,
    /// a little higher in children and in sleep, when skin vessels open.
    pub const fn basal_flow_scale(self) -> f64 {
        match self {
            Profile::Adult => 1.0,
            Profile::Elderly => 0.8,
            Profile::ReducedSensation => 0.8,
            Profile::Child => 1.1,
            Profile::Asleep => 1.1,
        }
    }

    /// Scale on the thickness of epidermis and dermis [E]: both are thinner in
    /// the old and in children, so the same heat reaches the basal layer sooner.
    pub const fn skin_thickness_scale(self) -> f64 {
        match self {
            Profile::Adult | Profile::ReducedSensation | Profile::Asleep => 1.0,
            Profile::Elderly => 0.8,
            Profile::Child => 0.7,
        }
    }
}
