//! One of several equal parts of a campaign.

/// Shard `number` of `count`: the cases n with n mod count = number - 1, so that
/// shards take equally long whatever is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// From 1.
    number: usize,
    count: usize,
}

impl Shard {
    /// The whole campaign.
    pub const WHOLE: Shard = Shard {
        number: 1,
        count: 1,
    };

    /// Shard `number` of `count`, counted from 1; none where there is no such shard.
    pub fn new(number: usize, count: usize) -> Option<Shard> {
        (1..=count)
            .contains(&number)
            .then_some(Shard { number, count })
    }

    /// Its number, from 1.
    pub fn number(self) -> usize {
        self.number
    }

    /// How many shards there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// How many of so many cases are its own.
    pub fn len(self, cases: usize) -> usize {
        (cases + self.count - self.number) / self.count
    }

    /// Its case number `index`, from 0.
    pub fn case(self, index: usize) -> usize {
        index * self.count + self.number - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_have_every_case_once() {
        for cases in [0, 1, 6, 7, 8, 100] {
            for count in [1, 2, 7, 13] {
                let mut all: Vec<usize> = (1..=count)
                    .filter_map(|number| Shard::new(number, count))
                    .flat_map(|s| (0..s.len(cases)).map(move |i| s.case(i)))
                    .collect();
                all.sort_unstable();
                assert_eq!(all, (0..cases).collect::<Vec<_>>(), "{cases} in {count}");
            }
        }
        assert_eq!(Shard::new(0, 3), None);
        assert_eq!(Shard::new(4, 3), None);
    }
}
