//! The inner loops of one step, over blocks of `L` columns.
//!
//! Plain arithmetic over arrays: every lane does the same, so that the bits do
//! not depend on the vector width of the machine.

use super::lattice::Faces;
use super::uniform::{GAMMA, Uniform};

/// What a step needs to read.
pub(super) struct Sweep<'a> {
    pub uniform: &'a Uniform,
    pub blocks: usize,
    pub basal_row: usize,
    pub blood_c: f64,
    pub area_m2: &'a [f64],
    pub heat_w_per_m2: &'a [f64],
    pub contact_m2k_per_w: &'a [f64],
    pub perfusion_per_s: &'a [f64],
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

/// One step of all columns.
#[inline(always)]
pub(super) fn run<const L: usize>(
    sweep: &Sweep<'_>,
    temperatures_k: &mut [f64],
    faces: &mut Faces,
    scratch: &mut [f64],
) -> Crossed {
    let temperatures = temperatures_k.as_chunks_mut::<L>().0;
    let rows = sweep.uniform.pad_capacity.len() + 1 + sweep.uniform.body_capacity.len();
    let (base, up) = scratch.as_chunks_mut::<L>().0.split_at_mut(rows);
    let mut totals = [[0.0; L]; 4];
    for block in 0..sweep.blocks {
        let meeting = meet::<L>(sweep, block);
        let mut crossed = [[0.0; L]; 4];
        stage::<L, true>(sweep, block, &meeting, temperatures, base, up, &mut crossed);
        let faced = stage::<L, false>(sweep, block, &meeting, temperatures, base, up, &mut crossed);
        read_faces(sweep, block, temperatures, &faced, faces);
        let area = &sweep.area_m2.as_chunks::<L>().0[block];
        for (total, part) in totals.iter_mut().zip(&crossed) {
            for i in 0..L {
                total[i] += area[i] * part[i];
            }
        }
    }
    let [back, front, core, blood] = totals.map(|lanes| lanes.iter().sum::<f64>());
    Crossed {
        back_w: back,
        front_w: front,
        core_w: core,
        blood_w: blood,
    }
}

/// The three rows where pad and body meet, solved for the clothing.
struct Meeting<const L: usize> {
    touch: [f64; L],
    pad_inverse: [f64; L],
    clothing_inverse: [f64; L],
    skin_inverse: [f64; L],
}

#[inline(always)]
fn meet<const L: usize>(sweep: &Sweep<'_>, block: usize) -> Meeting<L> {
    let u = sweep.uniform;
    let contact = &sweep.contact_m2k_per_w.as_chunks::<L>().0[block];
    let skin_loss = &sweep.inverse.as_chunks::<L>().0[block];
    let pad_loss = u.pad_inverse[u.pad_inverse.len() - 1];
    let clothing_loss = u.clothing_capacity + u.clothing_air;
    let gap = u.pad_half + u.clothing_half;
    let mut m = Meeting {
        touch: [0.0; L],
        pad_inverse: [0.0; L],
        clothing_inverse: [0.0; L],
        skin_inverse: [0.0; L],
    };
    for i in 0..L {
        let touch = u.contact / (gap + contact[i]);
        let pad_inverse = 1.0 / (pad_loss + touch);
        let skin_inverse = 1.0 / (skin_loss[i] + u.skin_link);
        let through_pad = touch * pad_loss * pad_inverse;
        let through_skin = u.skin_link * skin_loss[i] * skin_inverse;
        m.touch[i] = touch;
        m.pad_inverse[i] = pad_inverse;
        m.skin_inverse[i] = skin_inverse;
        m.clothing_inverse[i] = 1.0 / (clothing_loss + through_pad + through_skin);
    }
    m
}

/// Node temperatures next to the contact at the end of a stage.
struct Faced<const L: usize> {
    pad: [f64; L],
    clothing: [f64; L],
    skin: [f64; L],
    to_clothing: [f64; L],
}

/// Solves one stage. The first starts from the old temperatures and leaves in
/// `base` what the second starts from; the second replaces the temperatures.
#[inline(always)]
fn stage<const L: usize, const FIRST: bool>(
    sweep: &Sweep<'_>,
    block: usize,
    meeting: &Meeting<L>,
    temperatures: &mut [[f64; L]],
    base: &mut [[f64; L]],
    up: &mut [[f64; L]],
    crossed: &mut [[f64; L]; 4],
) -> Faced<L> {
    let u = sweep.uniform;
    let blocks = sweep.blocks;
    let pad_rows = u.pad_capacity.len();
    let body_rows = u.body_capacity.len();
    let skin_row = pad_rows + 1;
    let heat = sweep.heat_w_per_m2.as_chunks::<L>().0;
    let inverse = sweep.inverse.as_chunks::<L>().0;
    let weight = if FIRST { 1.0 - GAMMA } else { GAMMA };

    // Pad, from the back outwards.
    let mut carried = [u.back * u.ambient_k; L];
    for row in 0..pad_rows {
        let start = start_of::<L, FIRST>(temperatures, base, row, row * blocks + block);
        let heat = &heat[row * blocks + block];
        let capacity = u.pad_capacity[row];
        let solved = &mut up[row];
        if row + 1 == pad_rows {
            let air = u.pad_air * u.ambient_k;
            for i in 0..L {
                solved[i] = capacity * start[i] + heat[i] + carried[i] + air;
            }
        } else {
            let (scale, link) = (u.pad_inverse[row], u.pad_link[row]);
            for i in 0..L {
                solved[i] = (capacity * start[i] + heat[i] + carried[i]) * scale;
                carried[i] = link * solved[i];
            }
        }
    }

    // Body, from the core outwards.
    let mut carried = [0.0; L];
    for row in (1..body_rows).rev() {
        let at = (skin_row + row) * blocks + block;
        let start = start_of::<L, FIRST>(temperatures, base, skin_row + row, at);
        let (capacity, link, heat) = (u.body_capacity[row], u.body_link[row - 1], u.metabolic[row]);
        let inverse = &inverse[row * blocks + block];
        let solved = &mut up[skin_row + row];
        for i in 0..L {
            let value = (capacity * start[i] + heat + carried[i]) * inverse[i];
            solved[i] = value;
            carried[i] = link * value;
        }
    }

    // Where they meet.
    let mut faced = Faced {
        pad: [0.0; L],
        clothing: [0.0; L],
        skin: [0.0; L],
        to_clothing: [0.0; L],
    };
    {
        let clothing_at = pad_rows * blocks + block;
        let clothing = start_of::<L, FIRST>(temperatures, base, pad_rows, clothing_at);
        let skin = start_of::<L, FIRST>(temperatures, base, skin_row, skin_row * blocks + block);
        let pad = &up[pad_rows - 1];
        let given = u.clothing_air * u.ambient_k + u.face_w_per_m2;
        for i in 0..L {
            let skin_side = u.body_capacity[0] * skin[i] + u.metabolic[0] + carried[i];
            let sum = u.clothing_capacity * clothing[i]
                + given
                + meeting.touch[i] * pad[i] * meeting.pad_inverse[i]
                + u.skin_link * skin_side * meeting.skin_inverse[i];
            let t = sum * meeting.clothing_inverse[i];
            faced.clothing[i] = t;
            faced.pad[i] = (pad[i] + meeting.touch[i] * t) * meeting.pad_inverse[i];
            faced.skin[i] = (skin_side + u.skin_link * t) * meeting.skin_inverse[i];
            faced.to_clothing[i] = meeting.touch[i] * (faced.pad[i] - t);
        }
    }
    let at = pad_rows * blocks + block;
    finish::<L, FIRST>(temperatures, base, pad_rows, at, &faced.clothing);

    // Back through the pad.
    let mut outer = faced.pad;
    finish::<L, FIRST>(temperatures, base, pad_rows - 1, at - blocks, &outer);
    for row in (0..pad_rows - 1).rev() {
        let share = u.pad_link[row] * u.pad_inverse[row];
        for i in 0..L {
            outer[i] = up[row][i] + share * outer[i];
        }
        finish::<L, FIRST>(temperatures, base, row, row * blocks + block, &outer);
    }

    // Inwards through the body, with what the blood takes on the way.
    let mut above = faced.skin;
    let mut blood_w = [0.0; L];
    let perfusion = sweep.perfusion_per_s.as_chunks::<L>().0;
    for tissue in 0..u.tissue_start.len() - 1 {
        let mut lost = [0.0; L];
        for row in u.tissue_start[tissue]..u.tissue_start[tissue + 1] {
            if row > 0 {
                let link = u.body_link[row - 1];
                let inverse = &inverse[row * blocks + block];
                let solved = &up[skin_row + row];
                for i in 0..L {
                    above[i] = solved[i] + link * inverse[i] * above[i];
                }
            }
            let blood = u.blood[row];
            for i in 0..L {
                lost[i] += blood * above[i];
            }
            let at = (skin_row + row) * blocks + block;
            finish::<L, FIRST>(temperatures, base, skin_row + row, at, &above);
        }
        let perfusion = &perfusion[tissue * blocks + block];
        for i in 0..L {
            blood_w[i] -= perfusion[i] * lost[i];
        }
    }

    for i in 0..L {
        crossed[0][i] += weight * u.back * (u.ambient_k - outer[i]);
        crossed[1][i] += weight
            * (u.pad_air * (u.ambient_k - faced.pad[i])
                + u.clothing_air * (u.ambient_k - faced.clothing[i]));
        crossed[2][i] -= weight * u.core_link * above[i];
        crossed[3][i] += weight * blood_w[i];
    }
    faced
}

/// What a stage's storage term starts from.
#[inline(always)]
fn start_of<'a, const L: usize, const FIRST: bool>(
    temperatures: &'a [[f64; L]],
    base: &'a [[f64; L]],
    row: usize,
    at: usize,
) -> &'a [f64; L] {
    if FIRST { &temperatures[at] } else { &base[row] }
}

/// Keeps a stage's result: the second stage starts from the old temperature
/// carried on along the first stage's slope, T + (1 - gamma)/gamma (Y - T).
#[inline(always)]
fn finish<const L: usize, const FIRST: bool>(
    temperatures: &mut [[f64; L]],
    base: &mut [[f64; L]],
    row: usize,
    at: usize,
    result: &[f64; L],
) {
    const REACH: f64 = (1.0 - GAMMA) / GAMMA;
    if FIRST {
        let old = &temperatures[at];
        let next = &mut base[row];
        for i in 0..L {
            next[i] = old[i] + REACH * (result[i] - old[i]);
        }
    } else {
        temperatures[at] = *result;
    }
}

#[inline(always)]
fn read_faces<const L: usize>(
    sweep: &Sweep<'_>,
    block: usize,
    temperatures: &[[f64; L]],
    faced: &Faced<L>,
    faces: &mut Faces,
) {
    let u = sweep.uniform;
    let skin_row = u.pad_capacity.len() + 1;
    let film = &temperatures[u.film_row * sweep.blocks + block];
    let above = &temperatures[(skin_row + sweep.basal_row.max(1) - 1) * sweep.blocks + block];
    let below = &temperatures[(skin_row + sweep.basal_row) * sweep.blocks + block];
    let share = u.basal[0] / (u.basal[0] + u.basal[1]);
    let film_c = &mut faces.film_c.as_chunks_mut::<L>().0[block];
    let cover_c = &mut faces.cover_c.as_chunks_mut::<L>().0[block];
    let skin_c = &mut faces.skin_c.as_chunks_mut::<L>().0[block];
    let basal_c = &mut faces.basal_c.as_chunks_mut::<L>().0[block];
    let body_w_per_m2 = &mut faces.body_w_per_m2.as_chunks_mut::<L>().0[block];
    for i in 0..L {
        let to_air = u.pad_air * (faced.pad[i] - u.ambient_k);
        let into_body = u.skin_link * (faced.clothing[i] - faced.skin[i]);
        film_c[i] = film[i] + sweep.blood_c;
        cover_c[i] = faced.pad[i] - u.pad_half * (faced.to_clothing[i] + to_air) + sweep.blood_c;
        skin_c[i] = faced.clothing[i] - u.clothing_half * into_body + sweep.blood_c;
        basal_c[i] = below[i] + share * (above[i] - below[i]) + sweep.blood_c;
        body_w_per_m2[i] = into_body;
    }
}
