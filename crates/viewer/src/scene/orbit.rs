//! Where the scene is looked at from.

use bevy::prelude::{Resource, Transform, Vec3};

/// Scene units in a metre: the reference pad is 2 by 3.
pub const UNITS_PER_M: f32 = 10.0;
/// Depth into the body is drawn so many times larger than across.
pub const DEPTH_FACTOR: f32 = 2.5;

/// A camera on a sphere around a point.
#[derive(Clone, Copy, Debug, PartialEq, Resource)]
pub struct Orbit {
    /// Around the vertical, rad.
    pub yaw: f32,
    /// Above the pad, rad.
    pub pitch: f32,
    /// From the point, scene units.
    pub distance: f32,
    /// The point.
    pub around: Vec3,
}

impl Default for Orbit {
    fn default() -> Self {
        Orbit {
            yaw: 0.28,
            pitch: 0.74,
            distance: 4.9,
            around: Vec3::new(-0.15, -0.3, 0.2),
        }
    }
}

impl Orbit {
    /// Turns by a drag of so many points on the screen.
    pub fn turn(&mut self, dx: f32, dy: f32) {
        self.yaw -= 0.008 * dx;
        self.pitch = (self.pitch + 0.008 * dy).clamp(0.05, 1.55);
    }

    /// Moves the point by a drag of so many points on the screen.
    pub fn pan(&mut self, dx: f32, dy: f32) {
        let scale = 0.0015 * self.distance;
        let camera = self.transform();
        self.around += (camera.left() * dx + camera.up() * dy) * scale;
    }

    /// Nearer with positive amounts of the wheel.
    pub fn zoom(&mut self, amount: f32) {
        self.distance = (self.distance * (-0.002 * amount).exp()).clamp(1.0, 20.0);
    }

    /// Of the camera.
    pub fn transform(&self) -> Transform {
        let (sin_yaw, cos_yaw) = self.yaw.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch.sin_cos();
        let away = Vec3::new(sin_yaw * cos_pitch, sin_pitch, cos_yaw * cos_pitch);
        Transform::from_translation(self.around + away * self.distance)
            .looking_at(self.around, Vec3::Y)
    }
}
