/* film.h: from converter codes to the temperature of a heater film.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_FILM_H
#define PAD_FILM_H

#include "pad.h"

/* Readings are means of 25 ticks: four a second, and the converter's noise is a fifth. */
#define FILM_READINGS_PER_S 4

/* One zone's film. */
typedef struct {
  int32_t now_mc;
  int32_t slope_mk_per_s;
  /* The readings of the last second, the oldest at `oldest`. */
  int32_t past_mc[FILM_READINGS_PER_S];
  uint8_t oldest;
  bool known;
  uint32_t sum_counts;
  uint8_t ticks;
} pad_film;

/* Temperature of a code, given in sixteenths of a count; the table's end where it is beyond. */
int32_t film_of_code(uint32_t sixteenths);

/* Takes a tick's code. True when there is a new reading. */
bool film_take(pad_film *film, uint16_t counts);

#endif
