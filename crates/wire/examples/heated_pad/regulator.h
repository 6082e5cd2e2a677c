/* regulator.h: a set-point and a film make a duty.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_REGULATOR_H
#define PAD_REGULATOR_H

#include "film.h"

typedef struct {
  int32_t integral; /* thousandths of a duty step */
  uint16_t duty;
} pad_regulator;

/* No heat; the integral back to where it takes over. */
void regulator_off(pad_regulator *regulator);

/* One step; to be called for each reading of the film. */
void regulator_step(pad_regulator *regulator, int32_t setpoint_mc, const pad_film *film);

#endif
