//! Where the columns are: a raster of equal cells over the pad, or one column
//! per heater zone.

use crate::build::{Build, Grid, Place, Rect, ZONES};

/// Cells across and along on which a one-column-per-zone model still sees where
/// a node presses.
const COLUMN_RASTER: (usize, usize) = (16, 24);

/// Columns, their areas and places.
#[derive(Clone, Debug)]
pub struct Raster {
    /// Cells across.
    pub cells_x: usize,
    /// Cells along.
    pub cells_y: usize,
    /// Cell size across, m.
    pub dx_m: f64,
    /// Cell size along, m.
    pub dy_m: f64,
    /// Area of each column, m2.
    pub area_m2: Vec<f64>,
    /// Zone of each column; `None` outside the heated areas.
    pub zone: Vec<Option<usize>>,
    /// One column per zone instead of one per cell.
    by_zone: bool,
    areas: [Rect; ZONES],
    /// Column that each cell belongs to, with the cell's share of it.
    column_of_cell: Vec<Option<(usize, f64)>>,
}

impl Raster {
    /// The raster of a build.
    pub fn new(build: &Build) -> Raster {
        let (cells_x, cells_y, by_zone) = match build.grid {
            Grid::Field {
                columns_x,
                columns_y,
            } => (columns_x, columns_y, false),
            Grid::Column => (COLUMN_RASTER.0, COLUMN_RASTER.1, true),
        };
        let mut raster = Raster {
            cells_x,
            cells_y,
            dx_m: build.pad.width_m / cells_x as f64,
            dy_m: build.pad.height_m / cells_y as f64,
            area_m2: Vec::new(),
            zone: Vec::new(),
            by_zone,
            areas: [0, 1].map(|zone| build.heaters[zone].area),
            column_of_cell: Vec::new(),
        };
        let cells = cells_x * cells_y;
        let zone_of_cell: Vec<Option<usize>> = (0..cells)
            .map(|cell| raster.zone_at(raster.centre(cell)))
            .collect();
        if by_zone {
            raster.area_m2 = raster.areas.iter().map(area_of).collect();
            raster.zone = (0..ZONES).map(Some).collect();
            let mut count = [0.0; ZONES];
            for zone in zone_of_cell.iter().flatten() {
                count[*zone] += 1.0;
            }
            let share = |zone: usize| (zone, 1.0 / count[zone]);
            raster.column_of_cell = zone_of_cell.iter().map(|zone| zone.map(share)).collect();
        } else {
            raster.area_m2 = vec![raster.dx_m * raster.dy_m; cells];
            raster.zone = zone_of_cell;
            raster.column_of_cell = (0..cells).map(|cell| Some((cell, 1.0))).collect();
        }
        raster
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.area_m2.len()
    }

    /// Columns across and along; a one-column-per-zone model has one across.
    pub fn shape(&self) -> (usize, usize) {
        if self.by_zone {
            (1, ZONES)
        } else {
            (self.cells_x, self.cells_y)
        }
    }

    /// Whether neighbouring columns touch.
    pub fn is_connected(&self) -> bool {
        !self.by_zone
    }

    /// Column of a raster cell and the cell's share of that column's area.
    pub fn column_of_cell(&self, cell: usize) -> Option<(usize, f64)> {
        self.column_of_cell[cell]
    }

    /// Column at a place; the nearest one where there is none.
    pub fn column_at(&self, place: Place) -> usize {
        if self.by_zone {
            return self.nearest_zone(place);
        }
        let index = |at_m: f64, size_m: f64, count: usize| {
            ((at_m / size_m).floor().max(0.0) as usize).min(count - 1)
        };
        let x = index(place.x_m, self.dx_m, self.cells_x);
        let y = index(place.y_m, self.dy_m, self.cells_y);
        y * self.cells_x + x
    }

    /// Centre of a column.
    pub fn place(&self, column: usize) -> Place {
        if self.by_zone {
            let area = self.areas[column];
            return Place {
                x_m: (area.x0_m + area.x1_m) / 2.0,
                y_m: (area.y0_m + area.y1_m) / 2.0,
            };
        }
        self.centre(column)
    }

    /// Centre of a raster cell.
    pub fn centre(&self, cell: usize) -> Place {
        Place {
            x_m: ((cell % self.cells_x) as f64 + 0.5) * self.dx_m,
            y_m: ((cell / self.cells_x) as f64 + 0.5) * self.dy_m,
        }
    }

    /// Columns with a centre within a disc, with their shares of its cells; the
    /// column at the place where the disc holds none. The shares sum to 1.
    pub fn patch(&self, place: Place, radius_m: f64) -> Vec<(usize, f64)> {
        let mut weight = vec![0.0; self.columns()];
        for cell in 0..self.cells_x * self.cells_y {
            let centre = self.centre(cell);
            let (across, along) = (centre.x_m - place.x_m, centre.y_m - place.y_m);
            if across * across + along * along <= radius_m * radius_m {
                // A cell between two lone zone columns gives to the nearest.
                weight[self.column_at(centre)] += 1.0;
            }
        }
        let whole: f64 = weight.iter().sum();
        if whole == 0.0 {
            return vec![(self.column_at(place), 1.0)];
        }
        let touched = weight
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight > 0.0);
        touched
            .map(|(column, weight)| (column, weight / whole))
            .collect()
    }

    fn zone_at(&self, place: Place) -> Option<usize> {
        self.areas
            .iter()
            .position(|area| distance_m(area, place) == 0.0)
    }

    fn nearest_zone(&self, place: Place) -> usize {
        let distances = self.areas.map(|area| distance_m(&area, place));
        let mut nearest = 0;
        for zone in 1..ZONES {
            if distances[zone] < distances[nearest] {
                nearest = zone;
            }
        }
        nearest
    }
}

fn area_of(rect: &Rect) -> f64 {
    (rect.x1_m - rect.x0_m) * (rect.y1_m - rect.y0_m)
}

/// From a place to a rectangle, m; 0 inside.
fn distance_m(rect: &Rect, place: Place) -> f64 {
    let beyond = |at: f64, low: f64, high: f64| (low - at).max(at - high).max(0.0);
    let across = beyond(place.x_m, rect.x0_m, rect.x1_m);
    let along = beyond(place.y_m, rect.y0_m, rect.y1_m);
    (across * across + along * along).sqrt()
}
