/* guard.c: checks on raw codes and currents, and the rise check. None uses the regulator's state.
 *
 * Limits are estimates for two zones of 12 W at 12 V (12 ohm) and a motor of the RS-555 class.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guard.h"

/* Ticks for which something must be wrong to be believed. */
#define SENSOR_TICKS 10
#define CURRENT_TICKS 5
#define STALL_TICKS 30

/* A film is nowhere colder than -20 degC or hotter than 100: 4095 R / (R + 10 k) of a 10 k B3950. */
#define CODE_COLDEST 3740
#define CODE_HOTTEST 267
/* The trip, 48 degC, in codes: no table, no mean, no set-point is between it and the sensor. */
#define CODE_TRIP 1143

#define HEATER_OHM 12
#define MA_PER_HEATER_COUNT 2
#define MV_PER_SUPPLY_COUNT 8
#define MA_PER_MOTOR_COUNT 4
/* A current may be a quarter (heater 10 %, shunt, noise) and this much above what is driven. */
#define CURRENT_SLACK_MA 250
#define STALL_MA 2000

/* The slowest plausible film: largest capacity, largest losses, slowest sensor. */
#define FILM_J_PER_K 30
#define FILM_MW_PER_K 500
#define SENSOR_LAG_S 8
/* Losses count from where the film began, at most from a room of ordinary temperature. */
#define LOSS_FROM_MAX_MC 20000
#define DEFICIT_MAX_MK 900
#define DEFICIT_LEAK_S 30

/* Counts ticks in a row. */
static bool stands(uint8_t *ticks, bool wrong, uint8_t needed) {
  if (!wrong) {
    *ticks = 0;
  } else if (*ticks < needed) {
    (*ticks)++;
  }
  return *ticks >= needed;
}

static pad_fault look_at_code(pad_guard *guard, unsigned zone, uint16_t code) {
  if (stands(&guard->open[zone], code > CODE_COLDEST, SENSOR_TICKS)) {
    return PAD_NTC_OPEN;
  }
  if (stands(&guard->shorted[zone], code < CODE_HOTTEST, SENSOR_TICKS)) {
    return PAD_NTC_SHORT;
  }
  if (stands(&guard->hot[zone], code < CODE_TRIP, SENSOR_TICKS)) {
    return PAD_OVER_TEMPERATURE;
  }
  return PAD_OK;
}

/* More current than is driven: a MOSFET conducts by itself, or a pin is stuck. With nothing driven
 * this is the check of the switches before each session. */
static bool too_much_current(pad_guard *guard, const kneadsim_inputs *in,
                             const kneadsim_outputs *driven) {
  const int32_t supply_mv = MV_PER_SUPPLY_COUNT * in->supply_counts;
  const int32_t duty = driven->heater_duty[0] + driven->heater_duty[1];
  const int32_t driven_ma = supply_mv / HEATER_OHM * duty / PAD_DUTY_FULL;
  const int32_t seen_ma = MA_PER_HEATER_COUNT * in->heater_current_counts;
  const bool wrong = seen_ma > driven_ma + driven_ma / 4 + CURRENT_SLACK_MA;
  return stands(&guard->current, wrong, CURRENT_TICKS);
}

/* Stall current and a shaft that does not turn. The driver takes the winding's current for the
 * share of the time that the duty says. */
static bool stalled(pad_guard *guard, const kneadsim_inputs *in, const kneadsim_outputs *driven) {
  const bool turns = in->encoder_counts != guard->encoder_counts;
  const int32_t duty = driven->motor_duty[0] < 0 ? -driven->motor_duty[0] : driven->motor_duty[0];
  const int32_t driver_ma = MA_PER_MOTOR_COUNT * in->motor_current_counts[0];
  const bool wrong = !turns && duty > 0 && driver_ma * 100 / duty * 100 > STALL_MA;
  guard->encoder_counts = in->encoder_counts;
  return stands(&guard->stalled, wrong, STALL_TICKS);
}

pad_fault guard_tick(pad_guard *guard, const kneadsim_inputs *in, const kneadsim_outputs *driven) {
  unsigned zone;
  for (zone = 0; zone < PAD_ZONES; zone++) {
    const pad_fault fault = look_at_code(guard, zone, in->ntc_counts[zone]);
    if (fault != PAD_OK) {
      return fault;
    }
  }
  if (too_much_current(guard, in, driven)) {
    return PAD_HEATER_CURRENT;
  }
  return stalled(guard, in, driven) ? PAD_MOTOR_STALL : PAD_OK;
}

/* Power that the zone really gets: the rail's current, shared out by duty. */
static int32_t power_mw(unsigned zone, const kneadsim_inputs *in, const kneadsim_outputs *driven) {
  const int32_t supply_mv = MV_PER_SUPPLY_COUNT * in->supply_counts;
  const int32_t rail_ma = MA_PER_HEATER_COUNT * in->heater_current_counts;
  const int32_t duty = driven->heater_duty[0] + driven->heater_duty[1];
  return duty == 0 ? 0 : supply_mv / 10 * rail_ma / 100 * driven->heater_duty[zone] / duty;
}

pad_fault guard_rise(pad_guard *guard, unsigned zone, const pad_film *film,
                     const kneadsim_inputs *in, const kneadsim_outputs *driven) {
  pad_rise *rise = &guard->rise[zone];
  int32_t over_mk, film_mk_per_s, behind_mk_per_s;
  if (guard->open[zone] > 0 || guard->shorted[zone] > 0) {
    return PAD_OK; /* is being judged as what it is */
  }
  if (!driven->relay_closed) {
    rise->start_mc = film->now_mc < LOSS_FROM_MAX_MC ? film->now_mc : LOSS_FROM_MAX_MC;
    rise->slope_mk_per_s = film->slope_mk_per_s < 0 ? film->slope_mk_per_s : 0;
    rise->deficit_mk = 0;
    return PAD_OK;
  }
  over_mk = film->now_mc > rise->start_mc ? film->now_mc - rise->start_mc : 0;
  film_mk_per_s =
      (power_mw(zone, in, driven) - FILM_MW_PER_K * (over_mk / 10) / 100) / FILM_J_PER_K;
  rise->slope_mk_per_s +=
      (film_mk_per_s - rise->slope_mk_per_s) / (SENSOR_LAG_S * FILM_READINGS_PER_S);
  behind_mk_per_s = rise->slope_mk_per_s - film->slope_mk_per_s;
  if (behind_mk_per_s > 0) {
    rise->deficit_mk += behind_mk_per_s / FILM_READINGS_PER_S;
  }
  rise->deficit_mk -= rise->deficit_mk / (DEFICIT_LEAK_S * FILM_READINGS_PER_S);
  return rise->deficit_mk > DEFICIT_MAX_MK ? PAD_NO_RISE : PAD_OK;
}
