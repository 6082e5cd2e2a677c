//! Tissue layers and the laws of their blood flow.
//!
//! Pennes' equation is used with perfusion in 1/s (volume of blood per volume
//! of tissue and second). Layer data: Jiang 2002 as cited in public sources
//! [S]; the laws of dilation and occlusion are estimates [E] fitted to
//! published local-heating and loading data.

use crate::body::{Profile, Site};
use crate::exponential::exp;

/// Heat capacity of blood per volume, J/m3K: 1060 kg/m3 times 3770 J/kgK [S].
pub const BLOOD_J_PER_M3_K: f64 = 1060.0 * 3770.0;

/// Perfusion of fat and inner tissue, 1/s (Jiang 2002 [S]).
pub const DEEP_PERFUSION_PER_S: f64 = 0.001_25;

/// One layer of tissue of uniform properties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tissue {
    /// Thickness, m.
    pub thickness_m: f64,
    /// Conductivity, W/mK.
    pub k_w_per_m_k: f64,
    /// Heat capacity per volume, J/m3K.
    pub rho_c_j_per_m3_k: f64,
    /// Basal perfusion, 1/s.
    pub perfusion_per_s: f64,
    /// Metabolic heat, W/m3.
    pub metabolic_w_per_m3: f64,
}

/// Jiang's four layers from the surface inwards: epidermis, dermis, fat, inner tissue.
pub const JIANG: [Tissue; 4] = [
    Tissue {
        thickness_m: 80.0e-6,
        k_w_per_m_k: 0.24,
        rho_c_j_per_m3_k: 1200.0 * 3590.0,
        perfusion_per_s: 0.0,
        metabolic_w_per_m3: 0.0,
    },
    Tissue {
        thickness_m: 2.0e-3,
        k_w_per_m_k: 0.45,
        rho_c_j_per_m3_k: 1200.0 * 3300.0,
        perfusion_per_s: 0.001_25,
        metabolic_w_per_m3: 0.0,
    },
    Tissue {
        thickness_m: 10.0e-3,
        k_w_per_m_k: 0.19,
        rho_c_j_per_m3_k: 1000.0 * 2500.0,
        perfusion_per_s: DEEP_PERFUSION_PER_S,
        metabolic_w_per_m3: 0.0,
    },
    Tissue {
        thickness_m: 30.0e-3,
        k_w_per_m_k: 0.5,
        rho_c_j_per_m3_k: 1000.0 * 4000.0,
        perfusion_per_s: DEEP_PERFUSION_PER_S,
        metabolic_w_per_m3: 0.0,
    },
];

/// Index of the epidermis in a body's layers.
pub const EPIDERMIS: usize = 0;
/// Index of the dermis in a body's layers.
pub const DERMIS: usize = 1;
/// Index of the fat in a body's layers.
pub const FAT: usize = 2;
/// Index of the inner tissue in a body's layers.
pub const INNER: usize = 3;

/// The four layers at a site of a user: Jiang's data with the site's fat, the
/// user's skin thickness and the site's skin flow, all of it in the dermis.
pub fn layers_of(site: Site, profile: Profile) -> [Tissue; 4] {
    let mut layers = JIANG;
    layers[EPIDERMIS].thickness_m *= profile.skin_thickness_scale();
    layers[DERMIS].thickness_m *= profile.skin_thickness_scale();
    layers[FAT].thickness_m = site.fat_mm() * 1.0e-3;
    // L/(h m2) over the thickness: 1 L/h = 1/3.6e6 m3/s.
    let flow_m_per_s = site.skin_flow_l_per_h_m2() * profile.basal_flow_scale() / 3.6e6;
    layers[DERMIS].perfusion_per_s = flow_m_per_s / layers[DERMIS].thickness_m;
    layers
}

/// Skin temperature up to which the dermis is perfused at its basal rate, degC [E].
pub const DILATION_FROM_C: f64 = 33.0;
/// Skin temperature of a tenfold dermal perfusion, degC [E].
pub const DILATION_TENFOLD_C: f64 = 42.0;
/// Lag of a rising dilation, s [E].
pub const DILATION_RISE_S: f64 = 120.0;
/// Lag of a falling dilation, s [E].
pub const DILATION_FALL_S: f64 = 300.0;

const LN_10: f64 = core::f64::consts::LN_10;

/// Multiple of basal dermal perfusion that a skin temperature asks for in the
/// long run: 1 up to 33 degC, log-linear to 10 at 42 degC, at most `cap`.
#[inline(always)]
pub fn dilation(skin_c: f64, cap: f64) -> f64 {
    let share = (skin_c - DILATION_FROM_C) / (DILATION_TENFOLD_C - DILATION_FROM_C);
    exp(LN_10 * share.clamp(0.0, 2.0)).min(cap)
}

/// Pressure up to which skin stays fully perfused, kPa [E from S].
pub const OCCLUSION_FROM_KPA: f64 = 2.4;
/// Pressure at which its flow stops, kPa [E from S].
pub const OCCLUSION_FULL_KPA: f64 = 7.3;

/// Share of the flow that a pressure leaves open.
#[inline]
pub fn open_share(pressure_kpa: f64) -> f64 {
    let closed = (pressure_kpa - OCCLUSION_FROM_KPA) / (OCCLUSION_FULL_KPA - OCCLUSION_FROM_KPA);
    1.0 - closed.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dilation_goes_from_one_at_33_to_ten_at_42_and_stops_at_the_cap() {
        for (skin_c, cap, expected) in [
            (20.0, 12.0, 1.0),
            (33.0, 12.0, 1.0),
            (37.5, 12.0, 3.162_277_66),
            (42.0, 12.0, 10.0),
            (50.0, 12.0, 12.0),
            (42.0, 6.0, 6.0),
            (42.0, 3.0, 3.0),
            (500.0, 12.0, 12.0),
        ] {
            let got = dilation(skin_c, cap);
            assert!((got - expected).abs() < 1.0e-6, "{skin_c} {cap}: {got}");
        }
    }

    #[test]
    fn pressure_closes_the_flow_between_its_two_limits() {
        for (pressure_kpa, expected) in
            [(0.0, 1.0), (2.4, 1.0), (4.85, 0.5), (7.3, 0.0), (65.0, 0.0)]
        {
            let got = open_share(pressure_kpa);
            assert!((got - expected).abs() < 1.0e-12, "{pressure_kpa}: {got}");
        }
    }

    #[test]
    fn an_adult_upper_back_has_jiangs_layers_and_the_sites_flow() {
        let layers = layers_of(Site::UpperBack, Profile::Adult);
        for (layer, jiang) in layers.iter().zip(&JIANG) {
            assert_eq!(layer.thickness_m, jiang.thickness_m);
        }
        // 9.2 L/(h m2) through 2 mm.
        let expected = 9.2e-3 / 3600.0 / 2.0e-3;
        assert!((layers[DERMIS].perfusion_per_s / expected - 1.0).abs() < 1.0e-12);
    }

    #[test]
    fn every_site_and_user_has_layers_that_can_be_simulated() {
        for site in Site::ALL {
            for profile in Profile::ALL {
                for layer in layers_of(site, profile) {
                    assert!(layer.thickness_m > 0.0, "{site:?} {profile:?}");
                }
                assert!(layers_of(site, profile)[DERMIS].perfusion_per_s > 0.0);
            }
        }
    }
}
