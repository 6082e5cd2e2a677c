//! Runs a story and writes its rows.

use crate::stand_in::Unit;

/// Something that happens at a time, s.
pub type Turn = (f64, fn(&mut Unit));

/// One story.
pub struct Tale {
    pub name: &'static str,
    pub unit: Unit,
    pub turns: Vec<Turn>,
    /// When a row is written, s; the last one is the end.
    pub rows: Vec<f64>,
}

/// Sums of what was driven.
#[derive(Default)]
struct Sums {
    heat: [u64; 2],
    relay: u64,
    motor: [i64; 2],
    motor_effort: [u64; 2],
    buzzer: u64,
    leds: u64,
    kicks: u64,
    set_points: i64,
    doses: u64,
}

/// Hands over all rows of all stories until `listen` has heard enough.
pub fn tell(tales: &[Tale], mut listen: impl FnMut(String) -> bool) {
    for tale in tales {
        if !listen(tale.name.to_string()) {
            return;
        }
        let mut unit = tale.unit.clone();
        let mut sums = Sums::default();
        let end = tale.rows.last().copied().unwrap_or(0.0);
        for tick in 0..=(end * 100.0).round() as u64 {
            let at = |seconds: f64| (seconds * 100.0).round() as u64 == tick;
            for (_, turn) in tale.turns.iter().filter(|(when, _)| at(*when)) {
                turn(&mut unit);
            }
            unit.tick();
            sums.add(&unit);
            if tale.rows.iter().any(|row| at(*row)) && !listen(row(tick, &unit, &sums)) {
                return;
            }
        }
    }
}

impl Sums {
    fn add(&mut self, unit: &Unit) {
        let out = &unit.out;
        for zone in 0..2 {
            self.heat[zone] += u64::from(out.heater_duty[zone]);
            self.motor[zone] += i64::from(out.motor_duty[zone]);
            self.motor_effort[zone] += u64::from(out.motor_duty[zone].unsigned_abs());
        }
        self.relay += u64::from(out.relay_closed);
        self.buzzer += u64::from(out.buzzer);
        self.leds += u64::from(out.leds);
        self.kicks += u64::from(out.watchdog_kick);
        self.set_points += i64::from(out.telemetry.setpoint_centi_c[0]);
        self.doses += u64::from(out.telemetry.dose_centi_min);
    }
}

fn row(tick: u64, unit: &Unit, sums: &Sums) -> String {
    let (out, telemetry) = (&unit.out, &unit.out.telemetry);
    format!(
        "  {:6.2} s {:?} {:?} heat {:?} relay {} motor {:?} {:?} buzzer {} leds {} kicks {} \
         film {:?} set-point {} {} dose {} {} winding {:?} left {} rest {} used {} boots {}",
        tick as f64 / 100.0,
        out.status.mode,
        out.status.fault,
        sums.heat,
        sums.relay,
        sums.motor,
        sums.motor_effort,
        sums.buzzer,
        sums.leds,
        sums.kicks,
        telemetry.film_centi_c,
        telemetry.setpoint_centi_c[0],
        sums.set_points,
        telemetry.dose_centi_min,
        sums.doses,
        telemetry.winding_centi_c,
        telemetry.session_left_s,
        telemetry.rest_left_s,
        out.record.used_s,
        out.record.boots,
    )
}
