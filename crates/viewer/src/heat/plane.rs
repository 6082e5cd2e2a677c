//! A layer over the whole pad, whatever the grid.

use kneadsim_plant::{Build, Field, Grid, Place};

use super::{Layer, Sheet, isolines};

/// Values over the pad.
#[derive(Clone, Debug, PartialEq)]
pub enum Plane {
    /// Of a field: between columns.
    Sheet(Sheet),
    /// One column a zone: its rectangle (left, near, right and far edge in shares of the
    /// pad) has one value, and nothing is known of what is between.
    Zones(Vec<([f64; 4], f64)>),
}

impl Plane {
    /// Of a layer now; none where the field has no such columns.
    pub fn of(field: &Field, build: &Build, layer: Layer) -> Option<Plane> {
        let values = layer.values(field);
        if build.grid != Grid::Column {
            return Sheet::new(field.columns(), values).map(Plane::Sheet);
        }
        let (width_m, height_m) = (build.pad.width_m, build.pad.height_m);
        let zones = build.heaters.iter().filter_map(|heater| {
            let area = heater.area;
            let middle = Place {
                x_m: (area.x0_m + area.x1_m) / 2.0,
                y_m: (area.y0_m + area.y1_m) / 2.0,
            };
            let value = values.get(field.column_at(middle))?;
            let (left, right) = (area.x0_m / width_m, area.x1_m / width_m);
            let (near, far) = (area.y0_m / height_m, area.y1_m / height_m);
            Some(([left, near, right, far], *value))
        });
        Some(Plane::Zones(zones.collect()))
    }

    /// At shares of the pad's width and height; NaN where nothing is known.
    pub fn value(&self, u: f64, v: f64) -> f64 {
        match self {
            Plane::Sheet(sheet) => sheet.value(u, v),
            Plane::Zones(zones) => zones
                .iter()
                .find(|([left, near, right, far], _)| {
                    (*left..=*right).contains(&u) && (*near..=*far).contains(&v)
                })
                .map_or(f64::NAN, |(_, value)| *value),
        }
    }

    /// The greatest value, and where it is: of a zone its middle.
    pub fn hottest(&self) -> Option<(f64, f64, f64)> {
        match self {
            Plane::Sheet(sheet) => Some(sheet.hottest()),
            Plane::Zones(zones) => zones.iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).map(
                |([left, near, right, far], value)| {
                    (*value, (left + right) / 2.0, (near + far) / 2.0)
                },
            ),
        }
    }

    /// Lines at a level, each from a point to a point.
    pub fn isolines(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        match self {
            Plane::Sheet(sheet) => isolines(sheet, level),
            Plane::Zones(_) => Vec::new(),
        }
    }
}
