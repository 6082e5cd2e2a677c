/* pad_naive.c: a heated pad as it is often written. It warms, holds, kneads and ends by itself;
 * docs/bring-your-own-firmware.md shows what is wrong with it. Compare with pad_safe.c.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "massage.h"
#include "regulator.h"
#include "session.h"

/* A film that is too hot gets no duty until it has cooled. */
#define TOO_HOT_MC 50000
#define COOLED_MC 45000

static pad_session session;
static pad_film film[PAD_ZONES];
static pad_regulator regulator[PAD_ZONES];
static pad_massage massage;
static bool too_hot;

const char pad_name[] = "pad_naive 1";

void pad_boot(uint8_t cause, const kneadsim_record *record) {
  int zone;
  (void)cause;
  (void)record;
  session_boot(&session);
  massage_stop(&massage);
  too_hot = false;
  for (zone = 0; zone < PAD_ZONES; zone++) {
    film[zone] = (pad_film){0};
    regulator_off(&regulator[zone]);
  }
}

static void heat(const kneadsim_inputs *in, kneadsim_outputs *out) {
  int zone;
  for (zone = 0; zone < PAD_ZONES; zone++) {
    const bool fresh = film_take(&film[zone], in->ntc_counts[zone]);
    if (!session_heats(&session)) {
      regulator_off(&regulator[zone]);
    } else if (fresh) {
      regulator_step(&regulator[zone], session_setpoint_mc(&session), &film[zone]);
    }
    if (film[zone].now_mc > TOO_HOT_MC) {
      too_hot = true;
    }
  }
  if (film[0].now_mc < COOLED_MC && film[1].now_mc < COOLED_MC) {
    too_hot = false;
  }
  for (zone = 0; zone < PAD_ZONES; zone++) {
    out->heater_duty[zone] = too_hot ? 0 : regulator[zone].duty;
  }
  out->relay_closed = session.running && session.heat != HEAT_NONE;
}

void pad_tick(const kneadsim_inputs *in, kneadsim_outputs *out) {
  session_tick(&session, session_pressed(&session, in->buttons));
  heat(in, out);
  if (session.running) {
    massage_tick(&massage, session.program, session.elapsed_ticks);
  } else {
    massage_stop(&massage);
  }
  out->motor_duty[0] = massage.duty;
  out->leds = (uint8_t)(session.running ? 7 : 0);
  out->leds = (uint8_t)(out->leds | (too_hot ? 8 : 0));
  out->mode = session.running ? 3 : 0;
  out->watchdog_kick = true;
}
