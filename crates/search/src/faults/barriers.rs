//! What stands between a fault and harm: the firmware, the cut-outs, the series relay.
//!
//! A row is run again with barriers out of order, every combination of them where
//! that matters. From that follows which sets of barriers are enough, which of them
//! are the smallest, and how many lines of defence there are: sets that share no
//! barrier. The relay is moved by the firmware, so that it is hardly ever a line
//! of its own; that shows here and is not hidden by counting parts.

use super::cases::Disabled;

/// The barriers, in the order of their bits.
pub const NAMES: [&str; 3] = ["firmware", "cut-out", "relay"];
/// Combinations of barriers, by bits of those that are out of order.
pub const COMBINATIONS: usize = 8;
/// All out of order.
pub const NONE_LEFT: usize = COMBINATIONS - 1;

/// What is out of order in a combination.
pub fn disabled(combination: usize) -> Disabled {
    Disabled {
        firmware: combination & 1 != 0,
        cutout: combination & 2 != 0,
        relay: combination & 4 != 0,
    }
}

/// How a row came out with barriers out of order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Barriers {
    /// Combinations, by bit, in which skin was burned.
    pub burns: u8,
    /// Combinations in which a winding or the pack got too hot.
    pub cooks: u8,
}

impl Barriers {
    /// Whether a combination did harm of any kind.
    pub fn harms(&self, combination: usize) -> bool {
        (self.burns | self.cooks) >> combination & 1 != 0
    }

    /// The smallest sets of working barriers that are enough, as bits; the empty set
    /// where nothing is needed, none where all together are not enough. A set counts
    /// as enough only if every larger one is too.
    pub fn enough(&self) -> Vec<u8> {
        let all = (COMBINATIONS - 1) as u8;
        let works = |set: u8| !self.harms(usize::from(all & !set));
        let holds = |set: u8| (0..=all).all(|other| other & set != set || works(other));
        let mut smallest: Vec<u8> = Vec::new();
        let mut sets: Vec<u8> = (0..=all).filter(|set| holds(*set)).collect();
        sets.sort_by_key(|set| (set.count_ones(), *set));
        for set in sets {
            if !smallest.iter().any(|known| known & set == *known) {
                smallest.push(set);
            }
        }
        smallest
    }

    /// Lines of defence: the most sets that are enough and share no barrier. None
    /// where nothing is needed.
    pub fn lines(&self) -> Option<usize> {
        let enough = self.enough();
        if enough == [0] {
            return None;
        }
        // At most three sets: every choice is tried.
        let most = (0..1usize << enough.len())
            .filter_map(|choice| {
                let mut taken = 0;
                let mut count = 0;
                for (n, set) in enough.iter().enumerate() {
                    if choice >> n & 1 != 0 {
                        if taken & set != 0 {
                            return None;
                        }
                        taken |= set;
                        count += 1;
                    }
                }
                Some(count)
            })
            .max();
        Some(most.unwrap_or(0))
    }

    /// Barriers without any of which, alone out of order, there is harm, as bits.
    pub fn indispensable(&self) -> u8 {
        (0..NAMES.len())
            .filter(|barrier| self.harms(1 << barrier))
            .fold(0, |bits, barrier| bits | 1 << barrier)
    }

    /// `cut-out, or firmware + relay`; `none needed`; `not enough`.
    pub fn words(&self) -> String {
        let enough = self.enough();
        if enough.is_empty() {
            return "not enough".to_owned();
        }
        if enough == [0] {
            return "none needed".to_owned();
        }
        let sets: Vec<String> = enough.iter().map(|set| set_words(*set)).collect();
        match sets.as_slice() {
            [only] => format!("only {only}"),
            [..] => sets.join(", or "),
        }
    }
}

/// `firmware + relay`.
pub fn set_words(set: u8) -> String {
    let names = NAMES.iter().enumerate();
    let names: Vec<&str> = names
        .filter(|(bit, _)| set >> bit & 1 != 0)
        .map(|(_, name)| *name)
        .collect();
    names.join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits of the combinations (of what is out of order) that burn.
    fn burns(combinations: &[usize]) -> Barriers {
        Barriers {
            burns: combinations.iter().fold(0, |bits, c| bits | 1 << c),
            cooks: 0,
        }
    }

    #[test]
    fn the_smallest_sets_that_are_enough_make_lines_of_defence() {
        // Bits of what is out of order: 1 firmware, 2 cut-out, 4 relay.
        for (harmful, words, lines, indispensable) in [
            (&[][..], "none needed", None, 0),
            (&[0, 1, 2, 3, 4, 5, 6, 7], "not enough", Some(0), 7),
            // The cut-out alone, or the firmware with its relay.
            (&[3, 6, 7], "cut-out, or firmware + relay", Some(2), 0),
            // Whatever else works, the firmware must.
            (&[1, 3, 5, 7], "only firmware", Some(1), 1),
            (&[2, 3, 6, 7], "only cut-out", Some(1), 2),
            (
                &[1, 2, 3, 4, 5, 6, 7],
                "only firmware + cut-out + relay",
                Some(1),
                7,
            ),
            (&[7], "firmware, or cut-out, or relay", Some(3), 0),
            (&[3, 7], "firmware, or cut-out", Some(2), 0),
            // Any two of three: no two such sets are apart.
            (
                &[3, 5, 6, 7],
                "firmware + cut-out, or firmware + relay, or cut-out + relay",
                Some(1),
                0,
            ),
        ] {
            let barriers = burns(harmful);
            assert_eq!(barriers.words(), words, "{harmful:?}");
            assert_eq!(barriers.lines(), lines, "{harmful:?}");
            assert_eq!(barriers.indispensable(), indispensable, "{harmful:?}");
        }
    }

    #[test]
    fn a_set_that_a_larger_one_spoils_is_not_enough() {
        // Nothing at all would do, but the firmware at work alone does harm.
        let barriers = burns(&[6]);
        assert_eq!(barriers.words(), "cut-out, or relay");
    }
}
