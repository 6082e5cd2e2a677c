//! The field as a picture: what is shown of it, on which scale, with which lines.

mod isolines;
mod plane;
mod scale;
mod sheet;

use kneadsim_plant::Field;
use kneadsim_sim::check::Check;
use kneadsim_sim::limits::LimitKind;

use crate::limits;

pub use isolines::isolines;
pub use plane::Plane;
pub use scale::{Scale, colour};
pub use sheet::Sheet;

/// What is shown of the field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// The heater's film.
    Film,
    /// Outer face of the cover.
    Cover,
    /// Outer face of the skin.
    #[default]
    Skin,
    /// Basal layer of the epidermis, 80 um deep: what burns.
    Basal,
    /// Thermal dose of the basal layer.
    Dose,
}

impl Layer {
    /// All of them, from the film inwards.
    pub const ALL: [Layer; 5] = [
        Layer::Film,
        Layer::Cover,
        Layer::Skin,
        Layer::Basal,
        Layer::Dose,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Film => "film",
            Layer::Cover => "cover",
            Layer::Skin => "skin surface",
            Layer::Basal => "basal layer",
            Layer::Dose => "dose, CEM43",
        }
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        match self {
            Layer::Dose => "min",
            Layer::Film | Layer::Cover | Layer::Skin | Layer::Basal => "degC",
        }
    }

    /// The values of all columns.
    pub fn values(self, field: &Field) -> &[f64] {
        match self {
            Layer::Film => field.film_c(),
            Layer::Cover => field.cover_c(),
            Layer::Skin => field.skin_surface_c(),
            Layer::Basal => field.basal_c(),
            Layer::Dose => field.dose().cem43_min(),
        }
    }

    /// A range that fits every session, so that pictures can be compared.
    pub fn fixed(self) -> Scale {
        let (low, high) = match self {
            Layer::Film | Layer::Cover => (20.0, 60.0),
            Layer::Skin | Layer::Basal => (30.0, 46.0),
            Layer::Dose => (0.0, 16.0),
        };
        Scale { low, high }
    }

    /// Limit lines of a run's checks that are about this layer: value and words.
    pub fn limits(self, checks: &[Check]) -> Vec<(f64, String)> {
        limits::lines(checks, |kind| match (self, kind) {
            (Layer::Skin, LimitKind::Surface { at_c, .. }) => Some(at_c),
            (Layer::Dose, LimitKind::Cem43 { below_min }) => Some(below_min),
            _ => None,
        })
    }
}
