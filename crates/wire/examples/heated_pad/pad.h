/* pad.h: the two functions that make a firmware, and the units that all files use.
 *
 * Every number is an integer, so that a chip without a double and a PC compute the same bits:
 * temperatures in thousandths of a degC (_mc), differences in thousandths of a kelvin (_mk),
 * currents in mA, voltages in mV, powers in mW, duties from 0 to PAD_DUTY_FULL.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_H
#define PAD_H

#include "kneadsim_wire.h"

#define PAD_ZONES 2
#define PAD_DUTY_FULL 10000
#define PAD_TICKS_PER_S 100u

/* What a hello says: name and version, at most 32 bytes. */
extern const char pad_name[];

/* Starts after a reset. `record` is what the board kept through a loss of power. */
void pad_boot(uint8_t cause, const kneadsim_record *record);

/* One tick of 10 ms: from what the chip sees to what it drives. `outputs` come in as zeros. */
void pad_tick(const kneadsim_inputs *in, kneadsim_outputs *out);

#endif
