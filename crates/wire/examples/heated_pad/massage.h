/* massage.h: what the nodes do.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_MASSAGE_H
#define PAD_MASSAGE_H

#include "pad.h"

typedef struct {
  int16_t duty;
} pad_massage;

/* One tick towards what the program wants at this time of the session. */
void massage_tick(pad_massage *massage, uint8_t program, uint32_t elapsed_ticks);

/* At once. */
void massage_stop(pad_massage *massage);

#endif
