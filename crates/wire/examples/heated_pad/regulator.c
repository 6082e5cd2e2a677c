/* regulator.c: PI with lead. Far below the set-point it gives full power; the lead makes it back
 * off one sensor lag early, and the integral, preset to about what holds the film, takes over.
 *
 * Gains for two zones of 12 W at 12 V: estimates, tuned on the bench.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "regulator.h"

#define DUTY_PER_K 3000
#define INTEGRAL_DUTY_PER_K_S 75
/* The integral only moves this near to the set-point. */
#define INTEGRAL_BAND_MK 700
/* Share of full power that about holds a film at 45 degC on a dressed back. */
#define HOLD_DUTY 3800
/* The thermistor follows the film with this lag. */
#define SENSOR_LAG_S 5

static int32_t limited(int32_t value, int32_t most) {
  return value < 0 ? 0 : value > most ? most : value;
}

void regulator_off(pad_regulator *regulator) {
  regulator->integral = HOLD_DUTY * 1000;
  regulator->duty = 0;
}

void regulator_step(pad_regulator *regulator, int32_t setpoint_mc, const pad_film *film) {
  const int32_t film_mc = film->now_mc + SENSOR_LAG_S * film->slope_mk_per_s;
  const int32_t error_mk = setpoint_mc - film_mc;
  const int32_t duty = error_mk * DUTY_PER_K / 1000 + regulator->integral / 1000;
  if (error_mk > -INTEGRAL_BAND_MK && error_mk < INTEGRAL_BAND_MK) {
    regulator->integral =
        limited(regulator->integral + error_mk * INTEGRAL_DUTY_PER_K_S / FILM_READINGS_PER_S,
                PAD_DUTY_FULL * 1000);
  }
  regulator->duty = (uint16_t)limited(duty, PAD_DUTY_FULL);
}
