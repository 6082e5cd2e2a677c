/* film.c: table of the thermistor, mean and slope.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "film.h"

#define COLDEST_MC (-20000)
#define STEP_MK 5000
#define ROWS ((uint32_t)(sizeof codes / sizeof codes[0]))
#define TICKS_PER_READING (PAD_TICKS_PER_S / FILM_READINGS_PER_S)

/* 10 k B3950 against a pull-up of 10 k: 4095 R / (R + 10 k), every 5 K from -20 to 100 degC. */
static const uint16_t codes[] = {3740, 3629, 3495, 3337, 3156, 2955, 2738, 2510, 2278,
                                 2048, 1825, 1614, 1419, 1241, 1081, 940,  815,  707,
                                 613,  532,  462,  401,  350,  305,  267};

int32_t film_of_code(uint32_t sixteenths) {
  uint32_t row;
  if (sixteenths >= 16u * codes[0]) {
    return COLDEST_MC;
  }
  for (row = 1; row < ROWS; row++) {
    const uint32_t at = 16u * codes[row];
    if (sixteenths >= at) {
      const uint32_t width = 16u * codes[row - 1] - at;
      return COLDEST_MC + STEP_MK * (int32_t)row - (int32_t)(STEP_MK * (sixteenths - at) / width);
    }
  }
  return COLDEST_MC + STEP_MK * (int32_t)(ROWS - 1);
}

bool film_take(pad_film *film, uint16_t counts) {
  int32_t *oldest_mc = &film->past_mc[film->oldest];
  unsigned at;
  film->sum_counts += counts;
  film->ticks++;
  if (film->ticks < TICKS_PER_READING) {
    return false;
  }
  film->now_mc = film_of_code(16u * film->sum_counts / TICKS_PER_READING);
  film->sum_counts = 0;
  film->ticks = 0;
  if (!film->known) {
    film->known = true;
    for (at = 0; at < FILM_READINGS_PER_S; at++) {
      film->past_mc[at] = film->now_mc;
    }
  }
  film->slope_mk_per_s = film->now_mc - *oldest_mc;
  *oldest_mc = film->now_mc;
  film->oldest = (uint8_t)((film->oldest + 1) % FILM_READINGS_PER_S);
  return true;
}
