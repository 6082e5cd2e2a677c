/* massage.c: forwards for a while, backwards for a while, with soft starts.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "massage.h"

#include "session.h"

/* Full duty in 2 s. */
#define STEP_PER_TICK 50

typedef struct {
  uint16_t forward_s, backward_s;
  int16_t duty;
} program;

/* At a duty of 0.4 the loaded nodes turn at about 23 rpm, at 0.55 at about 34. */
static const program programs[PROGRAMS] = {{45, 15, 4000}, {8, 8, 5500}, {1, 1, 0}};

void massage_tick(pad_massage *massage, uint8_t number, uint32_t elapsed_ticks) {
  const program *p = &programs[number];
  const uint32_t second = elapsed_ticks / PAD_TICKS_PER_S % (p->forward_s + p->backward_s);
  const int32_t wanted = second < p->forward_s ? p->duty : -p->duty;
  const int32_t away = wanted - massage->duty;
  const int32_t step = away > STEP_PER_TICK    ? STEP_PER_TICK
                       : away < -STEP_PER_TICK ? -STEP_PER_TICK
                                               : away;
  massage->duty = (int16_t)(massage->duty + step);
}

void massage_stop(pad_massage *massage) { massage->duty = 0; }
