/* pad_safe.c: the pad of pad_naive.c with what was missing. A guard looks at codes and currents and
 * shares nothing with the regulator; what it finds opens the relay and is kept in the record.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "account.h"
#include "guard.h"
#include "massage.h"
#include "regulator.h"
#include "session.h"

static pad_session session;
static pad_film film[PAD_ZONES];
static pad_regulator regulator[PAD_ZONES];
static pad_massage massage;
static pad_guard guard;
static pad_account account;
/* What the tick before has driven. */
static kneadsim_outputs driven;

const char pad_name[] = "pad_safe 1";

void pad_boot(uint8_t cause, const kneadsim_record *record) {
  int zone;
  (void)cause;
  session_boot(&session);
  massage_stop(&massage);
  account_load(&account, record);
  guard = (pad_guard){0};
  driven = (kneadsim_outputs){0};
  for (zone = 0; zone < PAD_ZONES; zone++) {
    film[zone] = (pad_film){0};
    regulator_off(&regulator[zone]);
  }
}

static void heat(const kneadsim_inputs *in, kneadsim_outputs *out) {
  const int32_t setpoint_mc = session_setpoint_mc(&session) - account_step_down_mk(&account);
  unsigned zone;
  for (zone = 0; zone < PAD_ZONES; zone++) {
    const bool fresh = film_take(&film[zone], in->ntc_counts[zone]);
    if (fresh) {
      account_latch(&account, guard_rise(&guard, zone, &film[zone], in, &driven));
    }
    if (!session_heats(&session)) {
      regulator_off(&regulator[zone]);
    } else if (fresh) {
      regulator_step(&regulator[zone], setpoint_mc, &film[zone]);
    }
    out->heater_duty[zone] = regulator[zone].duty;
  }
  out->relay_closed = session.running && session.heat != HEAT_NONE;
}

/* Nothing is driven: two switches in series are off. */
static void all_off(kneadsim_outputs *out) {
  unsigned zone;
  session_stop(&session);
  massage_stop(&massage);
  for (zone = 0; zone < PAD_ZONES; zone++) {
    regulator_off(&regulator[zone]);
    out->heater_duty[zone] = 0;
  }
  out->relay_closed = false;
}

void pad_tick(const kneadsim_inputs *in, kneadsim_outputs *out) {
  const uint8_t pressed = session_pressed(&session, in->buttons);
  account_latch(&account, guard_tick(&guard, in, &driven));
  if (session.running || account_allows(&account, false)) {
    session_tick(&session, pressed);
  }
  heat(in, out);
  if (session.running) {
    massage_tick(&massage, session.program, session.elapsed_ticks);
  }
  if (!session.running || !account_allows(&account, true)) {
    all_off(out);
  }
  out->motor_duty[0] = massage.duty;
  account_tick(&account, session.running, &out->record);
  out->fault = account.record.fault;
  out->leds = (uint8_t)(out->fault != PAD_OK ? 8 : session.running ? 7 : 0);
  out->mode = out->fault != PAD_OK ? 5 : session.running ? 3 : 0;
  out->watchdog_kick = true;
  driven = *out;
}
