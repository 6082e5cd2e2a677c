//! What `measure.rs` is in an image that is not measured: nothing.

/// A moment.
#[derive(Clone, Copy)]
pub struct Moment;

impl Moment {
    #[inline(always)]
    pub fn now() -> Moment {
        Moment
    }
}

/// The measuring device.
pub struct Meter;

impl Meter {
    #[inline(always)]
    pub fn start() -> Meter {
        Meter
    }

    #[inline(always)]
    pub fn hear(&mut self, _: &[u8]) {}

    #[inline(always)]
    pub fn answered(&mut self, _: Moment, _: &[u8]) {}

    #[inline(always)]
    pub fn say(&self) {}
}
