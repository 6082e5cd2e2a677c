//! The inner loops of one step, over blocks of `L` columns.
//!
//! Every lane does the same, so that the bits do not depend on the vector width
//! of the machine. A block's cells lie together, row after row, and stay in the
//! nearest cache through both stages.

use super::lattice::Faces;
use super::uniform::{GAMMA, Storage, Uniform};
use crate::lanes::Lanes;

/// What a step needs to read.
pub(super) struct Sweep<'a> {
    pub uniform: &'a Uniform,
    pub blocks: usize,
    pub blood_c: f64,
    /// `[column]`.
    pub area_m2: &'a [f64],
    /// `[pad row][column]`.
    pub heat_w_per_m2: &'a [f64],
    /// `[column]`.
    pub contact_w_per_m2_k: &'a [f64],
    /// `[column]`: from the clothing's node through the skin into the body.
    pub through_skin: &'a [f64],
    /// `[tissue][column]`.
    pub perfusion_per_s: &'a [f64],
    /// `[block][body row][lane]`.
    pub inverse: &'a [f64],
}

/// Mean heat flow through the boundaries during a step, W into the lattice.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Crossed {
    pub back_w: f64,
    pub front_w: f64,
    pub core_w: f64,
    pub blood_w: f64,
}

/// One step of all columns. `temperatures_k` is `[block][row][lane]`.
#[inline(always)]
pub(super) fn run<V: Lanes<L>, const L: usize, const METABOLISM: bool>(
    on: V::On,
    sweep: &Sweep<'_>,
    temperatures_k: &mut [f64],
    faces: &mut Faces,
    scratch: &mut [f64],
) -> Crossed {
    let u = sweep.uniform;
    let (first, up) = scratch.as_chunks_mut::<L>().0.split_at_mut(u.rows());
    let mut totals = [V::splat(on, 0.0); 4];
    let blocks = temperatures_k.as_chunks_mut::<L>().0;
    let inverses = sweep.inverse.as_chunks::<L>().0;
    let blocks = blocks.chunks_exact_mut(u.rows());
    let inverses = inverses.chunks_exact(u.body.len());
    let ambient = V::splat(on, u.ambient_k);
    for (block, (old, inverse)) in blocks.zip(inverses).enumerate() {
        let here = Here::<V, L>::new(on, sweep, block, inverse);
        let one = here.stage::<true, METABOLISM>(old, first, up);
        let two = here.stage::<false, METABOLISM>(old, first, up);
        here.read_faces(old, &two, faces);
        let area = V::load(on, &sweep.area_m2.as_chunks::<L>().0[block]);
        let mean = |one: V, two: V| one * (1.0 - GAMMA) + two * GAMMA;
        let pad = (ambient - mean(one.pad, two.pad)) * u.pad_air;
        let clothing = (ambient - mean(one.clothing, two.clothing)) * u.clothing_air;
        totals[0] = totals[0] + area * (ambient - mean(one.back, two.back));
        totals[1] = totals[1] + area * (pad + clothing);
        totals[2] = totals[2] + area * mean(one.deep, two.deep);
        totals[3] = totals[3] + area * mean(one.to_blood, two.to_blood);
    }
    let [back, front, core, blood] = totals.map(sum);
    let deep_scale = u.body.last().map_or(0.0, |row| row.scale);
    Crossed {
        back_w: u.back * back,
        front_w: front,
        core_w: -u.core_link * deep_scale * core,
        blood_w: -blood,
    }
}

/// Sum over the lanes, from the first to the last.
#[inline(always)]
pub(super) fn sum<V: Lanes<L>, const L: usize>(lanes: V) -> f64 {
    let mut numbers = [0.0; L];
    lanes.store(&mut numbers);
    numbers.iter().sum()
}

/// One block of columns, with the three rows where pad and body meet solved for
/// the clothing.
struct Here<'a, V: Lanes<L>, const L: usize> {
    on: V::On,
    sweep: &'a Sweep<'a>,
    block: usize,
    inverse: &'a [[f64; L]],
    touch: V,
    pad_inverse: V,
    clothing_inverse: V,
    skin_inverse: V,
}

/// What a stage found at the ends of the columns and where pad and body meet.
struct Solved<V> {
    /// Innermost pad node, outermost pad node, clothing, skin; K.
    back: V,
    pad: V,
    clothing: V,
    skin: V,
    /// Deepest body row, scaled.
    deep: V,
    /// From the cover to the clothing, W/m2.
    to_clothing: V,
    /// From the tissue to the blood, W/m2.
    to_blood: V,
}

impl<'a, V: Lanes<L>, const L: usize> Here<'a, V, L> {
    #[inline(always)]
    fn new(on: V::On, sweep: &'a Sweep<'a>, block: usize, inverse: &'a [[f64; L]]) -> Self {
        let u = sweep.uniform;
        let contact = V::load(on, &sweep.contact_w_per_m2_k.as_chunks::<L>().0[block]);
        let through_skin = V::load(on, &sweep.through_skin.as_chunks::<L>().0[block]);
        let clothing_loss = u.clothing.whole + u.clothing_air;
        // touch = c / (gap + 1/contact) and pad_inverse = 1 / (pad_loss + touch),
        // with one division for both.
        let bare = contact * u.contact;
        let open = contact * (u.pad_half + u.clothing_half) + 1.0;
        let pad = open * u.pad_loss + bare;
        let one = V::splat(on, 1.0);
        let inverse_of_both = one / (open * pad);
        let touch = bare * pad * inverse_of_both;
        let pad_inverse = open * open * inverse_of_both;
        let through_pad = touch * u.pad_loss * pad_inverse;
        Here {
            on,
            sweep,
            block,
            inverse,
            touch,
            pad_inverse,
            clothing_inverse: one / (through_pad + through_skin + clothing_loss),
            skin_inverse: V::load(on, &inverse[0]),
        }
    }

    /// Solves one stage. The first leaves its result in `first`; the second
    /// starts from both and replaces the old temperatures.
    #[inline(always)]
    fn stage<const FIRST: bool, const METABOLISM: bool>(
        &self,
        old: &mut [[f64; L]],
        first: &mut [[f64; L]],
        up: &mut [[f64; L]],
    ) -> Solved<V> {
        let u = self.sweep.uniform;
        let pad_rows = u.pad.len();
        let from_pad = self.pad_outwards::<FIRST>(old, first, up);
        let from_body = self.body_outwards::<FIRST, METABOLISM>(
            &old[pad_rows + 1..],
            &first[pad_rows + 1..],
            &mut up[pad_rows + 1..],
        );
        let mut solved = self.meet::<FIRST>(old, first, from_pad, from_body);

        let result = if FIRST { first } else { old };
        let (pad, body) = result.split_at_mut(pad_rows + 1);
        solved.clothing.store(&mut pad[pad_rows]);
        solved.pad.store(&mut pad[pad_rows - 1]);
        let inner_rows = pad[..pad_rows - 1].iter_mut().zip(up.iter()).zip(&u.pad);
        for ((result, up), row) in inner_rows.rev() {
            solved.back = V::load(self.on, up) + solved.back * row.share;
            solved.back.store(result);
        }
        self.body_inwards(body, &up[pad_rows + 1..], &mut solved);
        solved
    }

    /// Eliminates the pad from the back; returns what arrives at the outermost row.
    #[inline(always)]
    fn pad_outwards<const FIRST: bool>(
        &self,
        old: &[[f64; L]],
        first: &[[f64; L]],
        up: &mut [[f64; L]],
    ) -> V {
        let u = self.sweep.uniform;
        let heat = self.sweep.heat_w_per_m2.as_chunks::<L>().0;
        let heat = heat[self.block..].iter().step_by(self.sweep.blocks);
        let cells = old.iter().zip(first).zip(up).zip(heat);
        let last = u.pad.len() - 1;
        let mut carried = V::splat(self.on, u.back * u.ambient_k);
        for (index, ((((old, first), up), heat), row)) in cells.zip(&u.pad).enumerate() {
            let stored = self.stored::<FIRST>(&row.storage, old, first);
            carried = carried + (stored + V::load(self.on, heat));
            if index < last {
                (carried * row.inverse).store(up);
                carried = carried * row.share;
            }
        }
        carried + u.pad_air * u.ambient_k
    }

    /// Eliminates the body from the core; returns what arrives at the skin's row.
    #[inline(always)]
    fn body_outwards<const FIRST: bool, const METABOLISM: bool>(
        &self,
        old: &[[f64; L]],
        first: &[[f64; L]],
        up: &mut [[f64; L]],
    ) -> V {
        let rows = &self.sweep.uniform.body;
        let ends = old[1..].iter().zip(&first[1..]).zip(&mut up[1..]);
        let cells = ends.zip(&self.inverse[1..]).zip(&rows[1..]);
        let mut carried = V::splat(self.on, 0.0);
        for ((((old, first), up), inverse), row) in cells.rev() {
            let mut stored = self.stored::<FIRST>(&row.storage, old, first);
            if METABOLISM {
                stored = stored + row.metabolic;
            }
            carried = (stored + carried) * V::load(self.on, inverse);
            carried.store(up);
        }
        let mut stored = self.stored::<FIRST>(&rows[0].storage, &old[0], &first[0]);
        if METABOLISM {
            stored = stored + rows[0].metabolic;
        }
        stored + carried
    }

    /// Solves the three rows where pad and body meet.
    #[inline(always)]
    fn meet<const FIRST: bool>(
        &self,
        old: &[[f64; L]],
        first: &[[f64; L]],
        from_pad: V,
        from_body: V,
    ) -> Solved<V> {
        let u = self.sweep.uniform;
        let row = u.pad.len();
        let pad = from_pad * self.pad_inverse;
        let skin = from_body * self.skin_inverse;
        let given = u.clothing_air * u.ambient_k + u.face_w_per_m2;
        let stored = self.stored::<FIRST>(&u.clothing, &old[row], &first[row]) + given;
        let clothing = (stored + self.touch * pad + skin * u.skin_link) * self.clothing_inverse;
        let pad = pad + self.touch * self.pad_inverse * clothing;
        Solved {
            back: pad,
            pad,
            clothing,
            skin: skin + self.skin_inverse * u.skin_link * clothing,
            deep: clothing,
            to_clothing: self.touch * (pad - clothing),
            to_blood: V::splat(self.on, 0.0),
        }
    }

    /// Goes back through the body, with what the blood takes on the way.
    #[inline(always)]
    fn body_inwards(&self, result: &mut [[f64; L]], up: &[[f64; L]], solved: &mut Solved<V>) {
        let u = self.sweep.uniform;
        let perfusion = self.sweep.perfusion_per_s.as_chunks::<L>().0;
        let mut above = solved.skin;
        above.store(&mut result[0]);
        let mut lost = above * u.body[0].blood_scaled;
        let mut start = 1;
        for (tissue, end) in u.tissue_start[1..].iter().enumerate() {
            let rows = result[start..*end].iter_mut().zip(&up[start..*end]);
            let rows = rows.zip(&self.inverse[start..*end]);
            for (((result, up), inverse), row) in rows.zip(&u.body[start..*end]) {
                above = V::load(self.on, up) + V::load(self.on, inverse) * above;
                lost = lost + above * row.blood_scaled;
                above.store(result);
            }
            start = *end;
            let perfusion = &perfusion[tissue * self.sweep.blocks + self.block];
            solved.to_blood = solved.to_blood + V::load(self.on, perfusion) * lost;
            lost = V::splat(self.on, 0.0);
        }
        solved.deep = above;
    }

    #[inline(always)]
    fn read_faces(&self, now: &[[f64; L]], solved: &Solved<V>, faces: &mut Faces) {
        let u = self.sweep.uniform;
        let blood_c = self.sweep.blood_c;
        let skin_row = u.pad.len() + 1;
        let basal_row = (u.basal_above + 1).min(u.body.len() - 1);
        let at = |row: usize| V::load(self.on, &now[row]);
        let above = at(skin_row + u.basal_above) * (u.basal_share * u.body[u.basal_above].scale);
        let below = at(skin_row + basal_row) * ((1.0 - u.basal_share) * u.body[basal_row].scale);
        let to_air = solved.pad * u.pad_air + -u.pad_air * u.ambient_k;
        let into_body = (solved.clothing - solved.skin) * u.skin_link;
        let cover = solved.pad - (solved.to_clothing + to_air) * u.pad_half;
        let skin = solved.clothing - into_body * u.clothing_half;
        let put = |face: &mut [f64], value: V| {
            value.store(&mut face.as_chunks_mut::<L>().0[self.block]);
        };
        put(&mut faces.film_c, at(u.film_row) + blood_c);
        put(&mut faces.cover_c, cover + blood_c);
        put(&mut faces.skin_c, skin + blood_c);
        put(&mut faces.basal_c, above + below + blood_c);
        put(&mut faces.body_w_per_m2, into_body);
    }

    /// What a stage's storage term starts from.
    #[inline(always)]
    fn stored<const FIRST: bool>(&self, storage: &Storage, old: &[f64; L], first: &[f64; L]) -> V {
        let old = V::load(self.on, old);
        if FIRST {
            old * storage.whole
        } else {
            old * storage.old + V::load(self.on, first) * storage.first
        }
    }
}
