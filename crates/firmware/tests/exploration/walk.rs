//! Breadth first over classes of states, each entered by a real path of the real firmware.
//!
//! A class is what the supervisor's decisions depend on, in coarse steps. The
//! first path into a class stands for it: from there everything is tried once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kneadsim_firmware::io::{FaultCode, Mode, ResetCause};
use kneadsim_firmware::setpoint::HeatLevel;
use kneadsim_firmware::{Config, Record};

use crate::acts::{ACTS, Act, Defect};
use crate::stand_in::Unit;
use crate::watch::{Claim, Watch};

/// Film temperature, degC, and use that the board remembers, s, at the first
/// power-on: cold and new, nearly warm, and nearly used up.
const STARTS: [(f64, u16); 3] = [(36.0, 0), (41.5, 0), (41.5, 52)];

/// What tells two states apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    mode: Mode,
    fault: FaultCode,
    tested: bool,
    pressed: bool,
    heat_asked: bool,
    /// Of the session left, in steps of 4 s.
    session_step: u16,
    /// Of the use, in steps of 20 s.
    used_step: u16,
    /// None owed, or some.
    rest_owed: bool,
    boots: u8,
    buttons: u8,
    /// 0 low, 1 in range, 2 high.
    supply: u8,
    /// Readings that the board forces, upper and lower.
    forced: (Option<u16>, Option<u16>),
    welded: bool,
    shorted: bool,
}

impl Class {
    fn of(unit: &Unit, watch: &Watch) -> Class {
        let session_s = unit.out.telemetry.session_left_s;
        Class {
            mode: unit.mode(),
            fault: unit.fault(),
            tested: watch.tested,
            pressed: watch.pressed,
            heat_asked: unit.state.settings().heat != HeatLevel::None,
            session_step: session_s.div_ceil(4),
            used_step: unit.out.record.used_s.div_ceil(20),
            rest_owed: unit.out.record.rest_s > 0,
            boots: unit.out.record.boots,
            buttons: unit.buttons,
            supply: if unit.open_circuit_v < 8.0 {
                0
            } else if unit.open_circuit_v < 15.0 {
                1
            } else {
                2
            },
            forced: (unit.zones[0].forced_counts, unit.zones[1].forced_counts),
            welded: unit.relay_welded,
            shorted: unit.zones[0].mosfet_leak > 0.0,
        }
    }
}

/// What an exploration found.
pub struct Found {
    /// Classes entered.
    pub states: usize,
    /// Different (class, act, class) seen.
    pub edges: usize,
    /// Classes whose acts were all tried.
    pub expanded: usize,
    /// Modes entered.
    pub modes: BTreeSet<Mode>,
    /// For each refuted claim the shortest path that refutes it.
    pub refuted: BTreeMap<Claim, Vec<Act>>,
}

struct Node {
    unit: Unit,
    watch: Watch,
    class: Class,
    /// The node before it and what led here.
    from: Option<(usize, Act)>,
}

/// Explores a unit of a configuration until no new class is entered, or
/// `expanded_max` classes have been left. `limits` has the times that are claimed of it.
pub fn explore(config: Config, limits: &Config, expanded_max: usize, defect: Defect) -> Found {
    let mut nodes = Vec::new();
    let mut seen = BTreeSet::new();
    for (film_c, used_s) in STARTS {
        let mut unit = Unit::with(config, film_c);
        unit.out.record = Record {
            used_s,
            rest_s: if used_s > 0 { config.rest_s as u16 } else { 0 },
            ..Record::blank()
        }
        .sealed();
        unit.reset(ResetCause::PowerOn);
        let mut watch = Watch::new(limits, used_s);
        Act::Wait(20).happen(&mut unit, &mut watch, defect);
        let class = Class::of(&unit, &watch);
        seen.insert(class);
        nodes.push(Node {
            unit,
            watch,
            class,
            from: None,
        });
    }
    let mut edges = BTreeSet::new();
    let mut refuted = BTreeMap::new();
    let mut queue: VecDeque<usize> = (0..nodes.len()).collect();
    let mut expanded = 0;
    while let Some(index) = queue.pop_front() {
        if expanded == expanded_max {
            break;
        }
        expanded += 1;
        for (number, act) in ACTS.into_iter().enumerate() {
            let Node { class: from, .. } = nodes[index];
            let mut unit = nodes[index].unit.clone();
            let mut watch = nodes[index].watch.clone();
            act.happen(&mut unit, &mut watch, defect);
            for claim in watch.refuted.drain(..) {
                refuted
                    .entry(claim)
                    .or_insert_with(|| path(&nodes, index, act));
            }
            let class = Class::of(&unit, &watch);
            edges.insert((from, number, class));
            if seen.insert(class) {
                queue.push_back(nodes.len());
                nodes.push(Node {
                    unit,
                    watch,
                    class,
                    from: Some((index, act)),
                });
            }
        }
    }
    Found {
        states: seen.len(),
        edges: edges.len(),
        expanded,
        modes: nodes.iter().map(|node| node.class.mode).collect(),
        refuted,
    }
}

/// The acts from the start to a node, and one more.
fn path(nodes: &[Node], mut index: usize, last: Act) -> Vec<Act> {
    let mut acts = vec![last];
    while let Some((before, act)) = nodes[index].from {
        acts.push(act);
        index = before;
    }
    acts.reverse();
    acts
}
