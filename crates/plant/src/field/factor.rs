//! Elimination of the body's rows from the core outwards, once per change of
//! its perfusion: the one place of a step with a division per cell.

use super::uniform::Uniform;
use crate::lanes::Lanes;

/// Writes the inverse of each eliminated diagonal, scaled, `[block][row][lane]`,
/// and what the clothing's node loses through the skin, `[column]`.
///
/// A row's loss is what it stores, gives to the blood and, in series with the
/// link, what the next row loses: sums of positive numbers only, so that
/// nothing cancels. `perfusion_per_s` is `[tissue][column]`.
#[inline(always)]
pub(super) fn body<V: Lanes<L>, const L: usize>(
    on: V::On,
    uniform: &Uniform,
    perfusion_per_s: &[f64],
    inverse: &mut [f64],
    through_skin: &mut [f64],
) {
    let perfusion = perfusion_per_s.as_chunks::<L>().0;
    let through_skin = through_skin.as_chunks_mut::<L>().0;
    let count = through_skin.len();
    let blocks = inverse.as_chunks_mut::<L>().0;
    let blocks = blocks.chunks_exact_mut(uniform.body.len());
    let skin = &uniform.body[0];
    let one = V::splat(on, 1.0);
    for (block, (inverse, through_skin)) in blocks.zip(through_skin).enumerate() {
        let mut loss = V::splat(on, uniform.core_link);
        for (tissue, ends) in uniform.tissue_start.windows(2).enumerate().rev() {
            let w = V::load(on, &perfusion[tissue * count + block]);
            let rows = ends[0].max(1)..ends[1].max(1);
            let cells = inverse[rows.clone()].iter_mut().zip(&uniform.body[rows]);
            for (inverse, row) in cells.rev() {
                let lost = loss + (w * row.blood + row.capacity);
                let value = one / (lost + row.link_above);
                (value * row.per_scale2).store(inverse);
                loss = lost * (value * row.link_above);
            }
        }
        let w = V::load(on, &perfusion[block]);
        let lost = loss + (w * skin.blood + skin.capacity);
        let value = one / (lost + uniform.skin_link);
        value.store(&mut inverse[0]);
        (lost * (value * uniform.skin_link)).store(through_skin);
    }
}
