/* pad_template.c: to begin with. Copy it, fill in the two functions, add its name to `build`.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pad.h"

const char pad_name[] = "pad_template 0";

void pad_boot(uint8_t cause, const kneadsim_record *record) {
  (void)cause;  /* 0 power-on, 1 brown-out, 2 watchdog, 3 external */
  (void)record; /* what this firmware gave back in outputs.record before */
}

void pad_tick(const kneadsim_inputs *in, kneadsim_outputs *out) {
  (void)in;
  out->watchdog_kick = true;
}
