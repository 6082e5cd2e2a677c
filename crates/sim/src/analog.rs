//! The measuring half of the board: what the chip's pins carry.
//!
//! Thermistor beads that lag the film, dividers, a 12-bit converter with its
//! own reference, noise and quantisation, current shunts, supply sense, band
//! gap, encoder counter, and every fault of theirs.

use kneadsim_firmware::io::{Inputs, ZONES};
use kneadsim_plant::{Build, Conditions, Plant, Source, TICK_S};

use crate::fault::{FaultKind, FaultSpec};
use crate::noise::Noise;
use crate::spec::Board;
use crate::thermistor::{BETA_K, CODE_MAX, NOMINAL_OHM, Thermistor, WRONG_BETA_K, code};

/// Heater-rail current of one count, A.
const HEATER_A_PER_COUNT: f64 = 0.002;
/// Motor current of one count, A.
const MOTOR_A_PER_COUNT: f64 = 0.004;
/// Supply voltage of one count, V.
const SUPPLY_V_PER_COUNT: f64 = 0.008;
/// Band gap, V.
const BAND_GAP_V: f64 = 1.200;
/// Converter reference, V.
const REFERENCE_V: f64 = 3.300;

/// Noise stream of each converter channel.
#[derive(Clone, Copy)]
enum Channel {
    NtcUpper,
    NtcLower,
    HeaterCurrent,
    KneadingCurrent,
    VibrationCurrent,
    Supply,
    Reference,
    PackNtc,
}

const CHANNELS: usize = 8;

/// State of the measuring half.
#[derive(Clone, Debug, PartialEq)]
pub struct Analog {
    bead_c: [f64; ZONES],
    noise: [Noise; CHANNELS],
    last_code: [u16; ZONES],
    stuck_code: [Option<u16>; ZONES],
    encoder_raw: i64,
    encoder_seen: i64,
}

/// How one thermistor is at this tick, faults included.
struct Probe {
    thermistor: Thermistor,
    lag_s: f64,
    in_air: bool,
    offset_k: f64,
    open: bool,
    short: bool,
    from_zone: usize,
    stuck: bool,
}

impl Analog {
    /// At the start of a run: beads at the film's temperature.
    pub fn new(build: &Build, plant: &Plant, seed: u64) -> Self {
        Self {
            bead_c: core::array::from_fn(|z| plant.field().film_at(build.heaters[z].ntc)),
            noise: core::array::from_fn(|channel| Noise::new(seed, channel as u64)),
            last_code: [0; ZONES],
            stuck_code: [None; ZONES],
            encoder_raw: 0,
            encoder_seen: 0,
        }
    }

    /// True bead temperature of each zone's thermistor, degC.
    pub fn bead_c(&self) -> [f64; ZONES] {
        self.bead_c
    }

    /// Beads follow film or air over one tick.
    pub fn follow<'a>(
        &mut self,
        build: &Build,
        board: &Board,
        plant: &Plant,
        conditions: &Conditions,
        faults: impl Iterator<Item = &'a FaultSpec> + Clone,
    ) {
        for zone in 0..ZONES {
            let probe = probe(board, zone, faults.clone());
            let around_c = if probe.in_air {
                conditions.ambient_c
            } else {
                plant.field().film_at(build.heaters[zone].ntc)
            };
            // Implicit step of the first-order lag: never overshoots.
            let share = TICK_S / (probe.lag_s + TICK_S);
            self.bead_c[zone] += (around_c - self.bead_c[zone]) * share;
        }
    }

    /// What the chip reads now. Tick, RTC and buttons are the controller's to fill in.
    pub fn sample<'a>(
        &mut self,
        build: &Build,
        board: &Board,
        plant: &Plant,
        faults: impl Iterator<Item = &'a FaultSpec> + Clone,
    ) -> Inputs {
        let reference = 1.0 + reference_deviation(faults.clone());
        let electrical = plant.electrical();
        let ntc_counts =
            core::array::from_fn(|zone| self.ntc_code(board, zone, reference, faults.clone()));
        let scaled = |value: f64, per_count: f64| value / per_count / CODE_MAX / reference;
        let shunt = board.shunt_factor;
        Inputs {
            tick: 0,
            rtc_ms: 0,
            ntc_counts,
            heater_current_counts: self.convert(
                Channel::HeaterCurrent,
                scaled(electrical.rail_a * shunt, HEATER_A_PER_COUNT),
                board,
            ),
            motor_current_counts: [
                self.convert(
                    Channel::KneadingCurrent,
                    scaled(electrical.motor_a[0].abs() * shunt, MOTOR_A_PER_COUNT),
                    board,
                ),
                self.convert(
                    Channel::VibrationCurrent,
                    scaled(electrical.motor_a[1].abs() * shunt, MOTOR_A_PER_COUNT),
                    board,
                ),
            ],
            supply_counts: self.convert(
                Channel::Supply,
                scaled(electrical.bus_v, SUPPLY_V_PER_COUNT),
                board,
            ),
            reference_counts: self.convert(
                Channel::Reference,
                BAND_GAP_V / REFERENCE_V / reference,
                board,
            ),
            pack_ntc_counts: self.convert(
                Channel::PackNtc,
                pack_ratio(build, plant) / reference,
                board,
            ),
            encoder_counts: self.encoder(plant, faults),
            buttons: 0,
        }
    }

    fn ntc_code<'a>(
        &mut self,
        board: &Board,
        zone: usize,
        reference: f64,
        faults: impl Iterator<Item = &'a FaultSpec> + Clone,
    ) -> u16 {
        let here = probe(board, zone, faults.clone());
        // The multiplexer fault connects this channel to the other zone's divider, whatever that has.
        let source = if here.from_zone == zone {
            None
        } else {
            Some(probe(board, here.from_zone, faults))
        };
        let read = source.as_ref().unwrap_or(&here);
        let ratio = if read.open {
            1.0
        } else if read.short {
            0.0
        } else {
            read.thermistor
                .ratio(self.bead_c[here.from_zone] + read.offset_k)
        };
        let channel = if zone == 0 {
            Channel::NtcUpper
        } else {
            Channel::NtcLower
        };
        let fresh = self.convert(channel, ratio / reference, board);
        let given = if here.stuck {
            *self.stuck_code[zone].get_or_insert(self.last_code[zone])
        } else {
            self.stuck_code[zone] = None;
            fresh
        };
        self.last_code[zone] = given;
        given
    }

    fn convert(&mut self, channel: Channel, ratio: f64, board: &Board) -> u16 {
        let noise_counts = self.noise[channel as usize].sample() * board.noise_counts_rms;
        code(ratio + noise_counts / CODE_MAX)
    }

    fn encoder<'a>(
        &mut self,
        plant: &Plant,
        mut faults: impl Iterator<Item = &'a FaultSpec>,
    ) -> u16 {
        // The shaft's counts since the start fit an i64 by far.
        let raw = libm::floor(plant.motor(0).encoder_counts) as i64;
        let moved = raw - self.encoder_raw;
        self.encoder_raw = raw;
        let lost = faults.any(|f| f.kind == FaultKind::EncoderLost && f.target == 0);
        if !lost {
            self.encoder_seen += moved;
        }
        // The chip's counter wraps at 16 bits.
        self.encoder_seen as u16
    }
}

fn reference_deviation<'a>(faults: impl Iterator<Item = &'a FaultSpec>) -> f64 {
    faults
        .filter(|f| f.kind == FaultKind::AdcReference)
        .map(|f| f.value)
        .sum()
}

/// Adapter units carry a fixed 10 k resistor in place of the pack's thermistor.
fn pack_ratio(build: &Build, plant: &Plant) -> f64 {
    match build.supply.source {
        Source::Pack { .. } => Thermistor::default().ratio(plant.electrical().pack_c),
        Source::Adapter { .. } => 0.5,
    }
}

fn probe<'a>(board: &Board, zone: usize, faults: impl Iterator<Item = &'a FaultSpec>) -> Probe {
    let mut probe = Probe {
        thermistor: Thermistor {
            r25_ohm: NOMINAL_OHM * board.ntc_r25_factor[zone],
            beta_k: BETA_K * board.ntc_beta_factor[zone],
            pull_up_ohm: NOMINAL_OHM * board.pull_up_factor[zone],
            parallel_ohm: f64::INFINITY,
        },
        lag_s: board.ntc_lag_s,
        in_air: false,
        offset_k: 0.0,
        open: false,
        short: false,
        from_zone: zone,
        stuck: false,
    };
    for fault in faults.filter(|f| usize::from(f.target) == zone) {
        // Only the kinds that sit on a thermistor or its channel matter here.
        match fault.kind {
            FaultKind::NtcOpen => probe.open = true,
            FaultKind::NtcShort => probe.short = true,
            FaultKind::NtcDetached => {
                probe.in_air = true;
                probe.lag_s = fault.value;
            }
            FaultKind::NtcSlow => probe.lag_s = fault.value,
            FaultKind::NtcOffset => probe.offset_k += fault.value,
            FaultKind::NtcWrongPart => {
                probe.thermistor.beta_k = WRONG_BETA_K * board.ntc_beta_factor[zone];
            }
            FaultKind::NtcWet => probe.thermistor.parallel_ohm = fault.value,
            FaultKind::AdcMux => probe.from_zone = 1 - zone,
            FaultKind::AdcStuck => probe.stuck = true,
            FaultKind::MosfetShort
            | FaultKind::MosfetPartial
            | FaultKind::MosfetOpen
            | FaultKind::PwmStuckOn
            | FaultKind::PwmStuckOff
            | FaultKind::RelayWelded
            | FaultKind::RelayOpen
            | FaultKind::FilmCrack
            | FaultKind::FilmShort
            | FaultKind::Fold
            | FaultKind::Adapter24V
            | FaultKind::AdcReference
            | FaultKind::Hang
            | FaultKind::TaskSkipped
            | FaultKind::Clock
            | FaultKind::BitFlip
            | FaultKind::ResetLoop
            | FaultKind::BrownOut
            | FaultKind::Blanket
            | FaultKind::BareSkin
            | FaultKind::LowPerfusion
            | FaultKind::RoomTemperature
            | FaultKind::ButtonMash
            | FaultKind::UserAway
            | FaultKind::Fan
            | FaultKind::RotorLocked
            | FaultKind::DriverOn
            | FaultKind::EncoderLost
            | FaultKind::WornGear
            | FaultKind::NodeParked
            | FaultKind::BatteryLow
            | FaultKind::Sag
            | FaultKind::Unplugged
            | FaultKind::PackHot
            | FaultKind::CutoutWelded
            | FaultKind::CutoutDrift
            | FaultKind::CutoutCycling => {}
        }
    }
    probe
}
