/* session.c: one press starts, one stops, and after twenty minutes it is over.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "session.h"

#define MINUTE_TICKS (60u * PAD_TICKS_PER_S)
#define STABLE_TICKS 3
/* The contact closes within 20 ms; nothing is driven into a bouncing one. */
#define RELAY_TICKS 10u

void session_boot(pad_session *session) {
  *session = (pad_session){0};
  session->held = 0xFF;
  session->candidate = 0xFF;
}

uint8_t session_pressed(pad_session *session, uint8_t buttons) {
  uint8_t pressed;
  if (buttons != session->candidate) {
    session->candidate = buttons;
    session->stable_ticks = 0;
  }
  if (session->stable_ticks < STABLE_TICKS) {
    session->stable_ticks++;
    return 0;
  }
  pressed = (uint8_t)(buttons & ~session->held);
  session->held = buttons;
  return pressed;
}

static void start(pad_session *session) {
  session->running = true;
  session->elapsed_ticks = 0;
  session->length_ticks = 20u * MINUTE_TICKS;
  session->program = PROGRAM_DEEP;
  session->heat = HEAT_HIGH;
}

void session_stop(pad_session *session) { session->running = false; }

/* 20, 30, 15, 20 ... minutes. */
static uint32_t next_length(uint32_t ticks) {
  return ticks == 20u * MINUTE_TICKS   ? 30u * MINUTE_TICKS
         : ticks == 30u * MINUTE_TICKS ? 15u * MINUTE_TICKS
                                       : 20u * MINUTE_TICKS;
}

void session_tick(pad_session *session, uint8_t pressed) {
  if ((pressed & BUTTON_POWER) != 0) {
    if (session->running) {
      session_stop(session);
    } else {
      start(session);
    }
    return;
  }
  if (!session->running) {
    return;
  }
  if ((pressed & BUTTON_MODE) != 0) {
    session->program = (uint8_t)((session->program + 1) % PROGRAMS);
  }
  if ((pressed & BUTTON_HEAT) != 0) {
    session->heat = (uint8_t)((session->heat + 1) % HEATS);
  }
  if ((pressed & BUTTON_TIME) != 0) {
    session->length_ticks = next_length(session->length_ticks);
  }
  session->elapsed_ticks++;
  if (session->elapsed_ticks >= session->length_ticks) {
    session_stop(session);
  }
}

bool session_heats(const pad_session *session) {
  return session->running && session->heat != HEAT_NONE && session->elapsed_ticks > RELAY_TICKS;
}

int32_t session_setpoint_mc(const pad_session *session) {
  return 45000 - 2500 * (int32_t)session->heat;
}
