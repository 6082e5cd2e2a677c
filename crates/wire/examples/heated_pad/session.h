/* session.h: buttons, and what the user has asked for.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_SESSION_H
#define PAD_SESSION_H

#include "pad.h"

enum { BUTTON_POWER = 1, BUTTON_MODE = 2, BUTTON_HEAT = 4, BUTTON_TIME = 16 };
enum { PROGRAM_DEEP, PROGRAM_LIGHT, PROGRAM_STILL, PROGRAMS };
enum { HEAT_HIGH, HEAT_MIDDLE, HEAT_LOW, HEAT_NONE, HEATS };

typedef struct {
  bool running;
  uint32_t elapsed_ticks;
  uint32_t length_ticks;
  uint8_t program;
  uint8_t heat;
  /* Debouncing: what is held, what may become it, and for how long that has stood. */
  uint8_t held, candidate, stable_ticks;
} pad_session;

/* Off. A button that is down at the start must be let go first. */
void session_boot(pad_session *session);

/* Buttons that were pressed just now. */
uint8_t session_pressed(pad_session *session, uint8_t buttons);

/* Carries out presses and lets the time run. */
void session_tick(pad_session *session, uint8_t pressed);

void session_stop(pad_session *session);

/* The relay has had time to close: heat may be driven. */
bool session_heats(const pad_session *session);

/* Temperature of the film that the user has asked for. */
int32_t session_setpoint_mc(const pad_session *session);

#endif
