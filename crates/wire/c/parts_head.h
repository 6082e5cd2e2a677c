/* kneadsim_wire.h: what the bench and a firmware under test say to each other.
 *
 * Made from the message tables of the kneadsim-wire crate: do not edit.
 * C99, freestanding, no allocation. docs/wire.md describes the protocol.
 *
 * A firmware fills in a kneadsim_device with its boot and tick functions, feeds
 * kneadsim_serve with each byte that arrives, and sends what that gives back.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef KNEADSIM_WIRE_H
#define KNEADSIM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

