//! Mains adapter and battery pack: what the source gives at each bus voltage.
//!
//! For: the source's voltage-current line of one tick, charge and temperature
//! of the pack, and where the source's losses go. Not for: finding the bus
//! voltage ([`crate::bus`]).
//!
//! The line is made of straight pieces and falls all the way, so that the bus
//! has exactly one voltage: `V = E - R I` up to the limit, beyond it
//! `V = E - R I - FOLD (I - limit)`. An adapter that switches off and retries
//! (hiccup) is not modelled: this one gives the most heat in a short.

use crate::build::{Source, Supply, TICK_S};
use crate::conditions::Conditions;

/// Slope with which an adapter's voltage folds above its limit, ohm. Estimate:
/// a dead short draws about 1.3 times the limit.
pub const FOLD_OHM: f64 = 10.0;
/// Smallest resistance of a source with all its leads, ohm.
pub const LEAST_OHM: f64 = 1.0e-3;
/// Below this the logic's regulator drops out and draws less in proportion, V (estimate).
pub const LOGIC_DROP_OUT_V: f64 = 3.0;
/// Cells in series in a pack.
const CELLS: f64 = 3.0;
/// Open-circuit voltage of one cell at charge 0, 0.05, 0.1, 0.2 ... 1 (estimate
/// of a usual NMC cell at rest, 25 degC; with three cells 9.0 to 12.6 V).
const CELL_V: [(f64, f64); 12] = [
    (0.0, 3.00),
    (0.05, 3.30),
    (0.1, 3.45),
    (0.2, 3.55),
    (0.3, 3.62),
    (0.4, 3.67),
    (0.5, 3.73),
    (0.6, 3.82),
    (0.7, 3.92),
    (0.8, 4.02),
    (0.9, 4.10),
    (1.0, 4.20),
];

/// Open-circuit voltage of a pack at `charge` (0 to 1), V.
#[must_use]
pub fn pack_open_v(charge: f64) -> f64 {
    let mut below = CELL_V[0];
    for above in CELL_V {
        if charge <= above.0 {
            let width = above.0 - below.0;
            let part = if width > 0.0 {
                (charge - below.0).max(0.0) / width
            } else {
                0.0
            };
            return CELLS * (below.1 + part * (above.1 - below.1));
        }
        below = above;
    }
    CELLS * below.1
}

/// The source's voltage-current line during one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terminal {
    /// Voltage without load, V; 0 when unplugged.
    pub open_v: f64,
    /// Resistance up to the limit, ohm.
    pub ohm: f64,
    /// Current from which the voltage folds, A; infinite for a pack.
    pub limit_a: f64,
    /// Voltage lost at the limit, V.
    knee_v: f64,
    /// Slope up to the limit and beyond it, S.
    plain_s: f64,
    folded_s: f64,
}

impl Terminal {
    /// A line; `ohm` below [`LEAST_OHM`] is raised to it.
    #[must_use]
    pub fn new(open_v: f64, ohm: f64, limit_a: f64) -> Self {
        let ohm = ohm.max(LEAST_OHM);
        Self {
            open_v,
            ohm,
            limit_a,
            knee_v: ohm * limit_a,
            plain_s: 1.0 / ohm,
            folded_s: 1.0 / (ohm + FOLD_OHM),
        }
    }

    /// Current at `bus_v` in A, and how fast it falls with it in S. The source
    /// takes no current back.
    #[inline]
    #[must_use]
    pub fn current_a(&self, bus_v: f64) -> (f64, f64) {
        let drop_v = self.open_v - bus_v;
        if drop_v < 0.0 {
            return (0.0, 0.0);
        }
        if drop_v <= self.knee_v {
            return (drop_v * self.plain_s, self.plain_s);
        }
        (
            (drop_v - self.knee_v) * self.folded_s + self.limit_a,
            self.folded_s,
        )
    }

    /// How fast the current falls with the voltage up to the limit, S.
    #[inline]
    #[must_use]
    pub fn plain_s(&self) -> f64 {
        self.plain_s
    }

    /// Voltage lost at the limit, V; infinite for a pack.
    #[inline]
    #[must_use]
    pub fn knee_v(&self) -> f64 {
        self.knee_v
    }

    /// Power lost beyond the plain resistance by folding, W.
    #[inline]
    #[must_use]
    pub fn fold_w(&self, source_a: f64) -> f64 {
        let beyond_a = source_a - self.limit_a;
        if beyond_a > 0.0 {
            FOLD_OHM * beyond_a * source_a
        } else {
            0.0
        }
    }
}

/// Energy that the source moved in one tick, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SourceEnergy {
    /// Given by the electromotive force, the pack's chemistry or the mains.
    pub source_j: f64,
    /// Given by a failing cell inside the pack.
    pub pack_fault_j: f64,
    /// Lost on the way to the board outside the pack: adapter, plug, leads.
    pub lost_j: f64,
    /// From the pack to ambient.
    pub pack_to_ambient_j: f64,
}

/// The source's state.
#[derive(Clone, Debug)]
pub struct PowerSource {
    source: Source,
    charge: f64,
    pack_c: f64,
    /// A line with the slopes of the last, and the resistance that it was asked for with.
    line: Terminal,
    line_ohm: f64,
}

impl PowerSource {
    /// A source at `start_c` degC.
    #[must_use]
    pub fn new(supply: &Supply, start_c: f64) -> Self {
        let charge = match supply.source {
            Source::Adapter { .. } => 1.0,
            Source::Pack { charge, .. } => charge,
        };
        Self {
            source: supply.source,
            charge,
            pack_c: start_c,
            line: Terminal::new(0.0, LEAST_OHM, f64::INFINITY),
            line_ohm: f64::NAN,
        }
    }

    /// State of charge, 0 to 1; 1 for an adapter.
    #[must_use]
    pub fn charge(&self) -> f64 {
        self.charge
    }

    /// Temperature of the pack, degC; of the air where there is none.
    #[must_use]
    pub fn pack_c(&self) -> f64 {
        self.pack_c
    }

    /// Whether its line moves with its charge.
    #[must_use]
    pub fn is_pack(&self) -> bool {
        matches!(self.source, Source::Pack { .. })
    }

    /// The line of the coming tick. An empty pack's protection opens.
    #[inline(always)]
    #[must_use]
    pub fn terminal(&mut self, conditions: &Conditions) -> Terminal {
        let extra_ohm = conditions.supply_extra_ohm.max(0.0);
        let plugged = conditions.supply_connected >= 0.5;
        let (open_v, ohm, limit_a, live) = match self.source {
            Source::Adapter {
                emf_v,
                resistance_ohm,
                limit_a,
            } => (emf_v, resistance_ohm, limit_a, plugged),
            Source::Pack { resistance_ohm, .. } => {
                let live = plugged && self.charge > 0.0;
                (
                    pack_open_v(self.charge),
                    resistance_ohm,
                    f64::INFINITY,
                    live,
                )
            }
        };
        let open_v = if live {
            (open_v + conditions.supply_extra_v).max(0.0)
        } else {
            0.0
        };
        // Slopes cost divisions and follow from the resistance alone.
        if ohm + extra_ohm != self.line_ohm {
            self.line_ohm = ohm + extra_ohm;
            self.line = Terminal::new(open_v, self.line_ohm, limit_a);
        }
        Terminal {
            open_v,
            ..self.line
        }
    }

    /// Ends the tick: `mean_a` flowed at `terminal`, with `square_a2` the mean
    /// of its square and `fold_j` lost by folding.
    #[inline(always)]
    pub fn end_tick(
        &mut self,
        terminal: &Terminal,
        mean_a: f64,
        square_a2: f64,
        fold_j: f64,
        conditions: &Conditions,
    ) -> SourceEnergy {
        let source_j = terminal.open_v * mean_a * TICK_S;
        let resistive_j = terminal.ohm * square_a2 * TICK_S;
        match self.source {
            Source::Adapter { .. } => {
                self.pack_c = conditions.ambient_c;
                SourceEnergy {
                    source_j,
                    lost_j: resistive_j + fold_j,
                    ..SourceEnergy::default()
                }
            }
            Source::Pack {
                capacity_ah,
                resistance_ohm,
                heat_j_per_k,
                to_ambient_k_per_w,
                ..
            } => {
                self.charge = (self.charge - mean_a * TICK_S / (3600.0 * capacity_ah)).max(0.0);
                // The pack's own resistance heats the pack; a worn plug heats the air.
                let own_j = resistive_j * (resistance_ohm / terminal.ohm).min(1.0);
                let pack_fault_j = conditions.pack_heat_w.max(0.0) * TICK_S;
                let per_k = TICK_S / to_ambient_k_per_w;
                self.pack_c = (heat_j_per_k * self.pack_c
                    + own_j
                    + pack_fault_j
                    + per_k * conditions.ambient_c)
                    / (heat_j_per_k + per_k);
                SourceEnergy {
                    source_j,
                    pack_fault_j,
                    lost_j: resistive_j - own_j + fold_j,
                    pack_to_ambient_j: per_k * (self.pack_c - conditions.ambient_c),
                }
            }
        }
    }

    /// Heat in the pack (from 0 degC), J. Its charge is not counted: what the
    /// chemistry gives is energy put in.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        match self.source {
            Source::Adapter { .. } => 0.0,
            Source::Pack { heat_j_per_k, .. } => heat_j_per_k * self.pack_c,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_gives_nine_to_twelve_point_six_volts() {
        for (charge, volts) in [
            (-0.1, 9.0),
            (0.0, 9.0),
            (0.5, 11.19),
            (1.0, 12.6),
            (1.1, 12.6),
        ] {
            assert!((pack_open_v(charge) - volts).abs() < 1e-12, "{charge}");
        }
    }

    #[test]
    fn a_pack_falls_with_its_charge() {
        for step in 0..1000 {
            let charge = f64::from(step) * 1e-3;
            assert!(pack_open_v(charge) < pack_open_v(charge + 1e-3), "{charge}");
        }
    }

    #[test]
    fn an_adapter_folds_above_its_limit_without_a_step() {
        let adapter = Terminal::new(12.0, 0.15, 3.6);
        let knee_v = 12.0 - 0.15 * 3.6;
        let rows = [
            ("no load", 12.0, 0.0),
            ("half the limit", 12.0 - 0.15 * 1.8, 1.8),
            ("at the limit", knee_v, 3.6),
            ("just beyond", knee_v - 10.15e-3, 3.601),
            ("short circuit", 0.0, 3.6 + knee_v / 10.15),
            ("held up from outside", 13.0, 0.0),
        ];
        for (name, bus_v, expected_a) in rows {
            assert!(
                (adapter.current_a(bus_v).0 - expected_a).abs() < 1e-12,
                "{name}"
            );
        }
    }

    #[test]
    fn what_folds_is_what_is_missing_between_open_and_bus_voltage() {
        let adapter = Terminal::new(12.0, 0.15, 3.6);
        for bus_v in [0.0, 3.0, 7.0, 11.0, 11.46, 11.9] {
            let (source_a, _) = adapter.current_a(bus_v);
            let lost_w = adapter.ohm * source_a * source_a + adapter.fold_w(source_a);
            assert!(
                ((12.0 - bus_v) * source_a - lost_w).abs() < 1e-12,
                "{bus_v}"
            );
        }
    }
}
