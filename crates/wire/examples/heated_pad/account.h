/* account.h: what a loss of power must not forget: the latch, and the use that is not rested off.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_ACCOUNT_H
#define PAD_ACCOUNT_H

#include "guard.h"

typedef struct {
  kneadsim_record record;
  uint8_t ticks; /* of the running second */
} pad_account;

/* Takes over what the board kept. A record that is damaged latches. */
void account_load(pad_account *account, const kneadsim_record *record);

/* The first fault stays: only a service tool that writes a new record takes it away. */
void account_latch(pad_account *account, pad_fault fault);

/* A session may start, or go on. */
bool account_allows(const pad_account *account, bool running);

/* How much lower the film is to be held after so much use. */
int32_t account_step_down_mk(const pad_account *account);

/* Lets a tick pass, and writes what the board must keep. */
void account_tick(pad_account *account, bool running, kneadsim_record *keep);

#endif
