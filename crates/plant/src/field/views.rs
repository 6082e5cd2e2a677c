//! What can be read of a [`Field`]: temperatures, dose, places, stored heat.

use super::*;

impl Field {
    /// Means and maxima after the last step.
    pub fn stats(&self) -> &FieldStats {
        &self.stats
    }

    /// Film temperature of the column at a place, degC.
    pub fn film_at(&self, place: Place) -> f64 {
        self.lattice.film_c()[self.raster.column_at(place)]
    }

    /// Outer face of the skin per column, degC.
    pub fn skin_surface_c(&self) -> &[f64] {
        self.lattice.skin_c()
    }

    /// Basal layer (face between epidermis and dermis) per column, degC.
    pub fn basal_c(&self) -> &[f64] {
        self.lattice.basal_c()
    }

    /// Film per column, degC.
    pub fn film_c(&self) -> &[f64] {
        self.lattice.film_c()
    }

    /// Outer face of the cover per column, degC.
    pub fn cover_c(&self) -> &[f64] {
        self.lattice.cover_c()
    }

    /// Flux into the skin per column, W/m2.
    pub fn body_w_per_m2(&self) -> &[f64] {
        self.lattice.body_w_per_m2()
    }

    /// Dose per column.
    pub fn dose(&self) -> &Dose {
        &self.dose
    }

    /// Multiple of the basal dermal blood flow in a column.
    pub fn dermal_flow(&self, column: usize) -> f64 {
        self.perfusion.multiple(column)
    }

    /// Columns across and along.
    pub fn columns(&self) -> (usize, usize) {
        self.raster.shape()
    }

    /// Centre of a column on the pad.
    pub fn place(&self, column: usize) -> Place {
        self.raster.place(column)
    }

    /// Column at a place on the pad.
    pub fn column_at(&self, place: Place) -> usize {
        self.raster.column_at(place)
    }

    /// Zone whose film is in a column.
    pub fn zone_of(&self, column: usize) -> Option<usize> {
        self.raster.zone[column]
    }

    /// Share of a zone's power per column; sums to 1.
    pub fn density(&self, zone: usize) -> &[f64] {
        self.density.share(zone)
    }

    /// Mean foam temperature around a place, degC: what surrounds a motor there.
    pub fn foam_mean_c(&self, place: Place) -> f64 {
        let known = (0..MOTORS).find(|motor| self.build.motors[*motor].place == place);
        let Some(motor) = known else {
            return self.foam_of(&self.raster.patch(place, MOTOR_PATCH_M));
        };
        self.foam_of(&self.motor_shares[motor])
    }

    /// Cells of a column from the back of the pad inwards: depth below the skin
    /// (negative in pad and clothing, where thicknesses are for drawing), m;
    /// temperature, degC; layer.
    pub fn profile(&self, column: usize) -> Vec<(f64, f64, &'static str)> {
        const CLOTHING_M: f64 = 1.0e-3;
        let stack = self.lattice.stack();
        let pad_m: f64 = stack.pad.iter().map(|row| row.thickness_m).sum();
        let mut depth_m = -(pad_m + CLOTHING_M);
        let mut profile = Vec::with_capacity(self.lattice.rows());
        for (row, cell) in stack.pad.iter().enumerate() {
            let centre_m = depth_m + cell.thickness_m / 2.0;
            profile.push((
                centre_m,
                self.lattice.cell_c(row, column),
                name_of(cell.layer),
            ));
            depth_m += cell.thickness_m;
        }
        let clothing_row = self.lattice.clothing_row();
        let clothing_c = self.lattice.cell_c(clothing_row, column);
        profile.push((-CLOTHING_M / 2.0, clothing_c, name_of(Layer::Clothing)));
        for (row, cell) in stack.body.iter().enumerate() {
            let temperature_c = self.lattice.cell_c(clothing_row + 1 + row, column);
            profile.push((
                cell.depth_m,
                temperature_c,
                name_of(Layer::Tissue(cell.tissue)),
            ));
        }
        profile
    }

    /// Heat stored above 0 degC, J.
    pub fn stored_j(&self) -> f64 {
        self.vectors.work(Stored(&self.lattice))
    }

    /// Heat that went in since the start.
    pub fn ledger(&self) -> &FieldLedger {
        &self.ledger
    }

    /// What the balance misses, J: gained less the change of what is stored.
    pub fn unexplained_j(&self) -> f64 {
        self.ledger.gained_j() - (self.stored_j() - self.ledger.stored_at_start_j)
    }

    /// Area of all columns, m2.
    pub fn area_m2(&self) -> f64 {
        self.raster.area_m2.iter().sum()
    }
}
