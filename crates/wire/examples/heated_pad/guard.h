/* guard.h: what must not be believed, and what must not go on. Decides nothing about heat; says
 * which fault there is.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_GUARD_H
#define PAD_GUARD_H

#include "film.h"

/* Numbers are those of `kneadsim signals`, fault_code, counted from 0. */
typedef enum {
  PAD_OK = 0,
  PAD_NTC_OPEN = 1,
  PAD_NTC_SHORT = 2,
  PAD_NO_RISE = 6,
  PAD_OVER_TEMPERATURE = 8,
  PAD_HEATER_CURRENT = 10,
  PAD_RECORD_CORRUPT = 17,
  PAD_MOTOR_STALL = 21
} pad_fault;

/* Compares a reading with that of the slowest film that the product can have. */
typedef struct {
  int32_t slope_mk_per_s;
  int32_t deficit_mk;
  int32_t start_mc;
} pad_rise;

typedef struct {
  /* For how many ticks each has been wrong. */
  uint8_t open[PAD_ZONES], shorted[PAD_ZONES], hot[PAD_ZONES];
  uint8_t current, stalled;
  pad_rise rise[PAD_ZONES];
  uint16_t encoder_counts;
} pad_guard;

/* One tick: codes and currents against what was driven in the tick before. */
pad_fault guard_tick(pad_guard *guard, const kneadsim_inputs *in, const kneadsim_outputs *driven);

/* For each reading of a zone: can a film that is driven like this read so? */
pad_fault guard_rise(pad_guard *guard, unsigned zone, const pad_film *film,
                     const kneadsim_inputs *in, const kneadsim_outputs *driven);

#endif
