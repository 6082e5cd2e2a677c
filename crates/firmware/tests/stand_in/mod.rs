//! A stand-in for the unit around the chip: two-node film, sensor lag, supply, one geared motor.
//!
//! Enough physics to close the loops and to realise each fault at the pins. It
//! claims nothing about burns: that is for the real plant.
#![allow(dead_code)]

use kneadsim_firmware::io::{FaultCode, Inputs, Mode, Outputs, ResetCause, button};
use kneadsim_firmware::{Config, Record, State, step};

/// One heater zone and its thermistor.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    pub resistance_ohm: f64,
    /// Film with the fast part of foam and cover, J/K.
    pub film_j_per_k: f64,
    /// Film to the slow node (cover, clothing), W/K.
    pub film_pad_w_per_k: f64,
    /// Slow node, J/K.
    pub pad_j_per_k: f64,
    /// Slow node to the body, W/K.
    pub pad_body_w_per_k: f64,
    pub body_c: f64,
    /// Film to the room behind, W/K.
    pub film_room_w_per_k: f64,
    pub film_c: f64,
    pub pad_c: f64,
    pub ntc_c: f64,
    pub sensor_lag_s: f64,
    pub r25_ohm: f64,
    pub b_k: f64,
    pub pull_up_ohm: f64,
    /// Added to what the sensor sees, K.
    pub offset_k: f64,
    /// The sensor hangs in air of this temperature, if any.
    pub detached_c: Option<f64>,
    /// Replaces the code.
    pub forced_counts: Option<u16>,
    pub cutout_open: bool,
    /// Conduction of the MOSFET whatever its gate says, 0 to 1.
    pub mosfet_leak: f64,
    pub power_w: f64,
}

impl Zone {
    pub fn at(t_c: f64) -> Self {
        Zone {
            resistance_ohm: 12.0,
            film_j_per_k: 17.0,
            film_pad_w_per_k: 0.8,
            pad_j_per_k: 12.0,
            pad_body_w_per_k: 0.45,
            body_c: 34.0,
            film_room_w_per_k: 0.055,
            film_c: t_c,
            pad_c: t_c,
            ntc_c: t_c,
            sensor_lag_s: 5.0,
            r25_ohm: 10_000.0,
            b_k: 3950.0,
            pull_up_ohm: 10_000.0,
            offset_k: 0.0,
            detached_c: None,
            forced_counts: None,
            cutout_open: false,
            mosfet_leak: 0.0,
            power_w: 0.0,
        }
    }

    fn counts(&self, noise: f64) -> u16 {
        if let Some(counts) = self.forced_counts {
            return counts;
        }
        let t_k = self.ntc_c + self.offset_k + 273.15;
        let r = self.r25_ohm * libm::exp(self.b_k * (1.0 / t_k - 1.0 / 298.15));
        (4095.0 * r / (r + self.pull_up_ohm) + noise)
            .round()
            .clamp(0.0, 4095.0) as u16
    }
}

/// The geared motor with its encoder.
#[derive(Clone, Copy, Debug)]
pub struct Motor {
    pub omega: f64,
    pub turns: f64,
    pub load_nm: f64,
    pub locked: bool,
    pub encoder_works: bool,
    /// The bridge conducts fully whatever it is told.
    pub always_on: bool,
    pub wire_broken: bool,
    /// Taken by the bridge from the supply.
    pub current_a: f64,
}

/// Everything around the chip, and the chip.
#[derive(Clone, Debug)]
pub struct Unit {
    pub config: Config,
    pub state: State,
    pub out: Outputs,
    pub zones: [Zone; 2],
    pub motor: Motor,
    pub vibration_locked: bool,
    /// The vibration motor's driver conducts fully whatever it is told.
    pub vibration_always_on: bool,
    pub room_c: f64,
    pub open_circuit_v: f64,
    pub source_ohm: f64,
    pub supply_v: f64,
    pub relay_welded: bool,
    pub reference_error: f64,
    pub pack_counts: u16,
    pub rtc_rate: f64,
    pub buttons: u8,
    pub noise_counts: f64,
    pub tick: u32,
    pub time_s: f64,
    rtc_ms: f64,
    rail_a: f64,
    contact_ms: f64,
    seed: u64,
}

impl Unit {
    pub fn at(t_c: f64) -> Self {
        Self::with(Config::default(), t_c)
    }

    pub fn with(config: Config, t_c: f64) -> Self {
        Unit {
            config,
            state: State::boot(&config, ResetCause::PowerOn, Record::blank()),
            out: Outputs::default(),
            zones: [Zone::at(t_c); 2],
            motor: Motor {
                omega: 0.0,
                turns: 0.0,
                load_nm: 0.010,
                locked: false,
                encoder_works: true,
                always_on: false,
                wire_broken: false,
                current_a: 0.0,
            },
            vibration_locked: false,
            vibration_always_on: false,
            room_c: t_c,
            open_circuit_v: 12.0,
            source_ohm: 0.15,
            supply_v: 12.0,
            relay_welded: false,
            reference_error: 0.0,
            pack_counts: 2048,
            rtc_rate: 1.0,
            buttons: 0,
            noise_counts: 1.0,
            tick: 0,
            time_s: 0.0,
            rtc_ms: 0.0,
            rail_a: 0.0,
            contact_ms: 0.0,
            seed: 0x9E37_79B9_7F4A_7C15,
        }
    }

    /// Sum of four uniform numbers: near enough normal, one count rms.
    fn noise(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..4 {
            self.seed ^= self.seed << 13;
            self.seed ^= self.seed >> 7;
            self.seed ^= self.seed << 17;
            sum += (self.seed >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        }
        sum * 1.732 * self.noise_counts
    }

    /// A converter code with half a count of noise.
    fn count(&mut self, value: f64) -> u16 {
        let noise = self.noise() * 0.5;
        (value / (1.0 + self.reference_error) + noise)
            .round()
            .clamp(0.0, 4095.0) as u16
    }

    pub fn inputs(&mut self) -> Inputs {
        let ntc_counts = [0, 1].map(|i| {
            let noise = self.noise();
            (f64::from(self.zones[i].counts(noise))).min(4095.0) as u16
        });
        let vibration_a = {
            let duty = f64::from(self.out.motor_duty[1]) / 10_000.0;
            let duty = if self.vibration_always_on { 1.0 } else { duty };
            let full_a = self.supply_v / 6.0;
            duty * duty * full_a * if self.vibration_locked { 1.0 } else { 0.15 }
        };
        Inputs {
            tick: self.tick,
            rtc_ms: (self.rtc_ms as u64 % 65_536) as u16,
            ntc_counts,
            heater_current_counts: self.count(self.rail_a / 0.002),
            motor_current_counts: [
                self.count(self.motor.current_a / 0.004),
                self.count(vibration_a / 0.004),
            ],
            supply_counts: self.count(self.supply_v / 0.008),
            reference_counts: self.count(1489.0),
            pack_ntc_counts: self.pack_counts,
            encoder_counts: ((self.motor.turns * 12.0).floor() as i64).rem_euclid(65_536) as u16,
            buttons: self.buttons,
        }
    }

    /// One tick of chip and surroundings.
    pub fn tick(&mut self) {
        let inputs = self.inputs();
        self.out = step(&self.config, &mut self.state, &inputs);
        self.surroundings();
    }

    /// 10 ms of physics under the present outputs.
    pub fn surroundings(&mut self) {
        let dt = 0.01;
        let want = if self.out.relay_closed { 15.0 } else { 0.0 };
        let closed_before = self.contact_ms >= 15.0;
        self.contact_ms += (want - self.contact_ms).clamp(-10.0, 10.0);
        let closed = self.contact_ms >= 15.0
            || (closed_before && self.contact_ms > 0.0)
            || self.relay_welded;
        self.rail_a = 0.0;
        for (zone, duty) in self.zones.iter_mut().zip(self.out.heater_duty) {
            let duty = (f64::from(duty) / 10_000.0).max(zone.mosfet_leak);
            let on = if closed && !zone.cutout_open {
                duty
            } else {
                0.0
            };
            let current_a = self.supply_v / zone.resistance_ohm * on;
            self.rail_a += current_a;
            zone.power_w = current_a * self.supply_v;
            let to_pad = zone.film_pad_w_per_k * (zone.film_c - zone.pad_c);
            let to_room = zone.film_room_w_per_k * (zone.film_c - self.room_c);
            let to_body = zone.pad_body_w_per_k * (zone.pad_c - zone.body_c);
            zone.film_c += dt * (zone.power_w - to_pad - to_room) / zone.film_j_per_k;
            zone.pad_c += dt * (to_pad - to_body) / zone.pad_j_per_k;
            let sees_c = zone.detached_c.unwrap_or(zone.film_c);
            zone.ntc_c += (sees_c - zone.ntc_c) * dt / (zone.sensor_lag_s + dt);
        }
        let input_a = self.rail_a + self.motor();
        let source_v = self.open_circuit_v - self.source_ohm * input_a;
        self.supply_v += (source_v - self.supply_v) * 0.5;
        self.tick = self.tick.wrapping_add(1);
        self.rtc_ms += 10.0 * self.rtc_rate;
        self.time_s += dt;
    }

    /// Motor physics in 1 ms steps; the current it takes from the supply.
    fn motor(&mut self) -> f64 {
        let (k, r, j) = (0.016, 1.3, 7.0e-6);
        let duty = f64::from(self.out.motor_duty[0]) / 10_000.0;
        let duty = if self.motor.always_on { 1.0 } else { duty };
        let m = &mut self.motor;
        let mut mean_a = 0.0;
        for _ in 0..10 {
            if m.locked {
                m.omega = 0.0;
            }
            let open = m.wire_broken;
            let current = if open {
                0.0
            } else {
                (duty * self.supply_v - k * m.omega) / r
            };
            mean_a += current * 0.1;
            let drive = k * current;
            let friction = m.load_nm + 1.0e-6 * m.omega.abs();
            let net = if m.omega.abs() < 1.0 {
                if drive.abs() <= friction {
                    -m.omega * j / 0.001
                } else {
                    drive - friction * drive.signum()
                }
            } else {
                drive - friction * m.omega.signum()
            };
            if !m.locked {
                m.omega += net / j * 0.001;
            }
            if m.encoder_works {
                m.turns += m.omega * 0.001 / std::f64::consts::TAU;
            }
        }
        m.current_a = (duty * mean_a).max(0.0);
        m.current_a
    }

    pub fn node_rpm(&self) -> f64 {
        self.motor.omega * 60.0 / std::f64::consts::TAU / 100.0
    }

    pub fn run_s(&mut self, seconds: f64) {
        for _ in 0..(seconds * 100.0).round() as u64 {
            self.tick();
        }
    }

    /// Presses for a tenth of a second and lets go for another.
    pub fn press(&mut self, buttons: u8) {
        self.buttons = buttons;
        self.run_s(0.1);
        self.buttons = 0;
        self.run_s(0.1);
    }

    /// Starts a session with the program `modes` presses on, and waits out the self-test.
    pub fn start(&mut self, modes: usize) {
        self.run_s(0.5);
        for _ in 0..modes {
            self.press(button::MODE);
        }
        self.press(button::POWER);
        self.run_s(0.5);
    }

    /// Loses power and starts again.
    pub fn reset(&mut self, cause: ResetCause) {
        let record = self.out.record;
        self.state = State::boot(&self.config, cause, record);
        self.out = Outputs {
            record,
            ..Outputs::default()
        };
        self.tick = 0;
    }

    pub fn mode(&self) -> Mode {
        self.out.status.mode
    }

    pub fn fault(&self) -> FaultCode {
        self.out.status.fault
    }

    /// Seconds until a fault latches; panics after `limit_s`.
    pub fn seconds_to_latch(&mut self, limit_s: f64) -> f64 {
        let from = self.time_s;
        while self.mode() != Mode::Latched {
            assert!(
                self.time_s - from < limit_s,
                "nothing latched within {limit_s} s; {:?} film {:.2}/{:.2}",
                self.out.status,
                self.zones[0].film_c,
                self.zones[1].film_c
            );
            self.tick();
        }
        self.time_s - from
    }

    pub fn all_off(&self) -> bool {
        self.out.heater_duty == [0; 2] && !self.out.relay_closed && self.out.motor_duty == [0; 2]
    }
}
