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
use crate::thermistor::{
    BETA_K, CODE_MAX, Divider, NOMINAL_OHM, Thermistor, WRONG_BETA_K, code_of_counts,
};

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
    noise: Noise<CHANNELS>,
    wiring: Wiring,
    pack: Option<Divider>,
    /// Codes that the chip got last, by [`Channel`].
    codes: [u16; CHANNELS],
    stuck_code: [Option<u16>; ZONES],
    encoder_raw: i64,
    encoder_seen: i64,
}

/// What board and active faults make of the channels; changes only with the faults.
#[derive(Clone, Debug, PartialEq)]
struct Wiring {
    probes: [Probe; ZONES],
    /// Counts of a full ratio, of one ampere, of one volt.
    counts_per_ratio: f64,
    counts_per_heater_a: f64,
    counts_per_motor_a: f64,
    counts_per_supply_v: f64,
    band_gap_counts: f64,
    noise_counts_rms: f64,
    encoder_lost: bool,
    /// A thermistor's channel is stuck.
    stuck: bool,
}

/// How one thermistor and its channel are, faults included.
#[derive(Clone, Debug, PartialEq)]
struct Probe {
    divider: Divider,
    /// Share of the way to its surroundings that the bead goes in a tick.
    follow_share: f64,
    in_air: bool,
    offset_k: f64,
    open: bool,
    short: bool,
    from_zone: usize,
    stuck: bool,
}

impl Analog {
    /// At the start of a run: beads at the film's temperature, no faults.
    pub fn new(build: &Build, board: &Board, plant: &Plant, seed: u64) -> Self {
        Self {
            bead_c: plant.ntc_film_c(),
            noise: Noise::new(seed),
            wiring: Wiring::new(board, &[]),
            pack: match build.supply.source {
                Source::Pack { .. } => Some(Divider::new(Thermistor::default())),
                Source::Adapter { .. } => None,
            },
            codes: [0; CHANNELS],
            stuck_code: [None; ZONES],
            encoder_raw: 0,
            encoder_seen: 0,
        }
    }

    /// Takes over which faults are active; to be called whenever that changes.
    pub fn rewire(&mut self, board: &Board, faults: &[FaultSpec]) {
        self.wiring = Wiring::new(board, faults);
        for (code, probe) in self.stuck_code.iter_mut().zip(&self.wiring.probes) {
            *code = code.filter(|_| probe.stuck);
        }
    }

    /// True bead temperature of each zone's thermistor, degC.
    pub fn bead_c(&self) -> [f64; ZONES] {
        self.bead_c
    }

    /// Codes that the chip got last, per zone.
    pub fn ntc_counts(&self) -> [u16; ZONES] {
        [self.codes[0], self.codes[1]]
    }

    /// Beads follow film or air over one tick.
    #[inline]
    pub fn follow(&mut self, plant: &Plant, conditions: &Conditions) {
        let film_c = plant.ntc_film_c();
        for (zone, probe) in self.wiring.probes.iter().enumerate() {
            let around_c = if probe.in_air {
                conditions.ambient_c
            } else {
                film_c[zone]
            };
            self.bead_c[zone] += (around_c - self.bead_c[zone]) * probe.follow_share;
        }
    }

    /// What the chip reads now. Tick, RTC and buttons are the controller's to fill in.
    pub fn sample(&mut self, plant: &Plant) -> Inputs {
        let electrical = plant.electrical();
        // Adapter units carry a fixed 10 k resistor in place of the pack's thermistor.
        let pack_ratio = self
            .pack
            .as_mut()
            .map_or(0.5, |divider| divider.ratio(electrical.pack_c));
        let film_ratio = [self.film_ratio(0), self.film_ratio(1)];
        let encoder_counts = self.encoder(plant);
        let noise = self.noise.samples();
        let wiring = &self.wiring;
        let motor_a = electrical.motor_a.map(f64::abs);
        let mut counts = [0.0; CHANNELS];
        let mut set = |channel: Channel, value: f64| counts[channel as usize] = value;
        set(Channel::NtcUpper, wiring.counts_per_ratio * film_ratio[0]);
        set(Channel::NtcLower, wiring.counts_per_ratio * film_ratio[1]);
        set(
            Channel::HeaterCurrent,
            wiring.counts_per_heater_a * electrical.rail_a,
        );
        set(
            Channel::KneadingCurrent,
            wiring.counts_per_motor_a * motor_a[0],
        );
        set(
            Channel::VibrationCurrent,
            wiring.counts_per_motor_a * motor_a[1],
        );
        set(
            Channel::Supply,
            wiring.counts_per_supply_v * electrical.bus_v,
        );
        set(Channel::Reference, wiring.band_gap_counts);
        set(Channel::PackNtc, wiring.counts_per_ratio * pack_ratio);
        let rms_counts = wiring.noise_counts_rms;
        // All at once, before any is looked at: that makes vector code of it.
        let codes: [u16; CHANNELS] = core::array::from_fn(|channel| {
            code_of_counts(counts[channel] + noise[channel] * rms_counts)
        });
        let before = core::mem::replace(&mut self.codes, codes);
        if wiring.stuck {
            self.freeze(before);
        }
        let code = |channel: Channel| self.codes[channel as usize];
        Inputs {
            tick: 0,
            rtc_ms: 0,
            ntc_counts: [code(Channel::NtcUpper), code(Channel::NtcLower)],
            heater_current_counts: code(Channel::HeaterCurrent),
            motor_current_counts: [
                code(Channel::KneadingCurrent),
                code(Channel::VibrationCurrent),
            ],
            supply_counts: code(Channel::Supply),
            reference_counts: code(Channel::Reference),
            pack_ntc_counts: code(Channel::PackNtc),
            encoder_counts,
            buttons: 0,
        }
    }

    /// Ratio at the pin of a zone's thermistor channel.
    #[inline(always)]
    fn film_ratio(&mut self, zone: usize) -> f64 {
        // The multiplexer fault connects this channel to the other zone's divider, whatever that has.
        let from = self.wiring.probes[zone].from_zone;
        let read = &mut self.wiring.probes[from];
        if read.open {
            1.0
        } else if read.short {
            0.0
        } else {
            read.divider.ratio(self.bead_c[from] + read.offset_k)
        }
    }

    /// A stuck converter keeps giving the code from before its fault.
    #[inline(never)]
    fn freeze(&mut self, before: [u16; CHANNELS]) {
        for (zone, probe) in self.wiring.probes.iter().enumerate() {
            if probe.stuck {
                self.codes[zone] = *self.stuck_code[zone].get_or_insert(before[zone]);
            }
        }
    }

    fn encoder(&mut self, plant: &Plant) -> u16 {
        // The shaft's counts since the start fit an i64 by far.
        let raw = floor(plant.motor(0).encoder_counts);
        let moved = raw - self.encoder_raw;
        self.encoder_raw = raw;
        if !self.wiring.encoder_lost {
            self.encoder_seen += moved;
        }
        // The chip's counter wraps at 16 bits.
        self.encoder_seen as u16
    }
}

/// What a chip behind nominal parts without lag and noise would read: for
/// [`crate::bare`]. A firmware takes a code that never moves for a dead
/// converter, so each thermistor's code carries the tick's lowest bit.
pub(crate) fn ideal_inputs(plant: &Plant, dividers: &mut [Divider; ZONES], tick: u32) -> Inputs {
    let electrical = plant.electrical();
    let film_c = plant.ntc_film_c();
    let dither = f64::from(tick & 1);
    let motor =
        |index: usize| code_of_counts(electrical.motor_a[index].abs() * (1.0 / MOTOR_A_PER_COUNT));
    Inputs {
        tick: 0,
        rtc_ms: 0,
        ntc_counts: core::array::from_fn(|zone| {
            code_of_counts(CODE_MAX * dividers[zone].ratio(film_c[zone]) + dither)
        }),
        heater_current_counts: code_of_counts(electrical.rail_a * (1.0 / HEATER_A_PER_COUNT)),
        motor_current_counts: [motor(0), motor(1)],
        supply_counts: code_of_counts(electrical.bus_v * (1.0 / SUPPLY_V_PER_COUNT)),
        reference_counts: code_of_counts(CODE_MAX * BAND_GAP_V / REFERENCE_V),
        pack_ntc_counts: code_of_counts(0.5 * CODE_MAX),
        encoder_counts: floor(plant.motor(0).encoder_counts) as u16,
        buttons: 0,
    }
}

/// Largest integer not above; `as` saturates and sends NaN to 0.
fn floor(value: f64) -> i64 {
    let cut = value as i64;
    cut - i64::from(cut as f64 > value)
}

impl Wiring {
    fn new(board: &Board, faults: &[FaultSpec]) -> Self {
        let deviation: f64 = faults
            .iter()
            .filter(|f| f.kind == FaultKind::AdcReference)
            .map(|f| f.value)
            .sum();
        let reference = 1.0 + deviation;
        let shunt = board.shunt_factor;
        let probes = core::array::from_fn(|zone| probe(board, zone, faults));
        Self {
            stuck: probes.iter().any(|probe: &Probe| probe.stuck),
            probes,
            counts_per_ratio: CODE_MAX / reference,
            counts_per_heater_a: shunt / HEATER_A_PER_COUNT / reference,
            counts_per_motor_a: shunt / MOTOR_A_PER_COUNT / reference,
            counts_per_supply_v: 1.0 / SUPPLY_V_PER_COUNT / reference,
            band_gap_counts: CODE_MAX * BAND_GAP_V / REFERENCE_V / reference,
            noise_counts_rms: board.noise_counts_rms,
            encoder_lost: faults
                .iter()
                .any(|f| f.kind == FaultKind::EncoderLost && f.target == 0),
        }
    }
}

fn probe(board: &Board, zone: usize, faults: &[FaultSpec]) -> Probe {
    let mut thermistor = Thermistor {
        r25_ohm: NOMINAL_OHM * board.ntc_r25_factor[zone],
        beta_k: BETA_K * board.ntc_beta_factor[zone],
        pull_up_ohm: NOMINAL_OHM * board.pull_up_factor[zone],
        parallel_ohm: f64::INFINITY,
    };
    let mut lag_s = board.ntc_lag_s;
    let mut probe = Probe {
        divider: Divider::new(thermistor),
        follow_share: 1.0,
        in_air: false,
        offset_k: 0.0,
        open: false,
        short: false,
        from_zone: zone,
        stuck: false,
    };
    for fault in faults.iter().filter(|f| usize::from(f.target) == zone) {
        // Only the kinds that sit on a thermistor or its channel matter here.
        match fault.kind {
            FaultKind::NtcOpen => probe.open = true,
            FaultKind::NtcShort => probe.short = true,
            FaultKind::NtcDetached => {
                probe.in_air = true;
                lag_s = fault.value;
            }
            FaultKind::NtcSlow => lag_s = fault.value,
            FaultKind::NtcOffset => probe.offset_k += fault.value,
            FaultKind::NtcWrongPart => {
                thermistor.beta_k = WRONG_BETA_K * board.ntc_beta_factor[zone];
            }
            FaultKind::NtcWet => thermistor.parallel_ohm = fault.value,
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
    probe.divider = Divider::new(thermistor);
    // Implicit step of the first-order lag: never overshoots.
    probe.follow_share = TICK_S / (lag_s + TICK_S);
    probe
}
