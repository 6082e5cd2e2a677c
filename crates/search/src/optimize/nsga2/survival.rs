//! Who survives and who becomes a parent.

use super::super::draws::Draws;
use super::super::{Evaluation, crowding, fronts};
use super::variation::offspring;

/// Evaluations with their front and crowding distance.
#[derive(Clone, Debug, Default)]
pub(super) struct Population {
    pub(super) members: Vec<Evaluation>,
    ranks: Vec<usize>,
    distances: Vec<f64>,
}

impl Population {
    /// The `size` best: whole fronts, of the last one the least crowded.
    pub(super) fn best_of(evaluations: &[Evaluation], size: usize) -> Self {
        let mut kept = Self::default();
        for (rank, front) in fronts(evaluations).iter().enumerate() {
            let distances = crowding(evaluations, front);
            let mut order: Vec<usize> = (0..front.len()).collect();
            if kept.members.len() + front.len() > size {
                order.sort_by(|a, b| distances[*b].total_cmp(&distances[*a]).then(a.cmp(b)));
                order.truncate(size - kept.members.len());
            }
            for place in order {
                kept.members.push(evaluations[front[place]].clone());
                kept.ranks.push(rank);
                kept.distances.push(distances[place]);
            }
            if kept.members.len() == size {
                break;
            }
        }
        kept
    }

    /// Two offspring of two parents, each the winner of two drawn.
    pub(super) fn offspring(&self, draws: &mut Draws) -> [Vec<f64>; 2] {
        let (a, b) = (self.winner(draws), self.winner(draws));
        offspring(draws, &self.members[a].point, &self.members[b].point)
    }

    /// Binary tournament by front, then crowding distance.
    fn winner(&self, draws: &mut Draws) -> usize {
        let (a, b) = (
            draws.below(self.members.len()),
            draws.below(self.members.len()),
        );
        let order = self.ranks[a]
            .cmp(&self.ranks[b])
            .then(self.distances[b].total_cmp(&self.distances[a]));
        if order.is_gt() { b } else { a }
    }
}
