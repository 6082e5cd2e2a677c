//! What keys do.

use bevy_egui::egui::{Context, Key};

use crate::heat::Layer;
use crate::view::View;

pub(super) fn take(context: &Context, view: &mut View) {
    // A field that is typed into has its keys.
    if context.egui_wants_keyboard_input() {
        return;
    }
    let pressed = |key: Key| context.input(|input| input.key_pressed(key));
    if pressed(Key::Space) {
        view.playback.is_playing = !view.playback.is_playing;
    }
    if pressed(Key::ArrowRight) {
        view.step();
    }
    if pressed(Key::ArrowLeft) {
        view.playback.is_playing = false;
        view.go_to(view.tick().saturating_sub(1));
    }
    if pressed(Key::PageDown) {
        view.go_to(view.tick().saturating_add(1_000));
    }
    if pressed(Key::PageUp) {
        view.go_to(view.tick().saturating_sub(1_000));
    }
    if pressed(Key::Home) {
        view.go_to(0);
    }
    if pressed(Key::ArrowUp) {
        view.playback.faster();
    }
    if pressed(Key::ArrowDown) {
        view.playback.slower();
    }
    if pressed(Key::F) {
        view.is_fitted = !view.is_fitted;
    }
    if pressed(Key::K) {
        view.fork();
    }
    if pressed(Key::D) {
        view.is_difference = !view.is_difference;
    }
    if pressed(Key::O) {
        view.open_picker();
    }
    if pressed(Key::Escape) {
        view.picker.is_open = false;
        view.is_helping = false;
    }
    if pressed(Key::F1) {
        view.is_helping = !view.is_helping;
    }
    let numbers = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];
    for (key, layer) in numbers.into_iter().zip(Layer::ALL) {
        if pressed(key) {
            view.layer = layer;
        }
    }
}
