/* account.c: half an hour of use, then half an hour of rest, whatever is pressed or unplugged.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "account.h"

#define USE_MAX_S 1800
/* No session starts for less than this. */
#define USE_MIN_S 30
#define REST_S 1800
/* Burns of long mild contact: 45 degC for ten minutes, then 43, after twenty 41.5. */
#define STEP1_AFTER_S 600
#define STEP1_MK 2000
#define STEP2_AFTER_S 1200
#define STEP2_MK 1500

/* CRC-16/IBM-3740 over the members, low byte first: a factory-new board has zeros with theirs. */
static uint16_t check_of(const kneadsim_record *r) {
  const uint8_t bytes[8] = {r->fault,
                            (uint8_t)r->used_s,
                            (uint8_t)(r->used_s >> 8),
                            (uint8_t)r->rest_s,
                            (uint8_t)(r->rest_s >> 8),
                            (uint8_t)r->dose_centi_min,
                            (uint8_t)(r->dose_centi_min >> 8),
                            r->boots};
  return kneadsim_crc16(bytes, sizeof bytes);
}

void account_load(pad_account *account, const kneadsim_record *record) {
  account->record = *record;
  account->ticks = 0;
  if (record->check != check_of(record)) {
    account_latch(account, PAD_RECORD_CORRUPT);
  }
}

void account_latch(pad_account *account, pad_fault fault) {
  if (account->record.fault == PAD_OK) {
    account->record.fault = (uint8_t)fault;
  }
}

bool account_allows(const pad_account *account, bool running) {
  const uint16_t most_s = running ? USE_MAX_S : USE_MAX_S - USE_MIN_S;
  return account->record.fault == PAD_OK && account->record.used_s < most_s;
}

int32_t account_step_down_mk(const pad_account *account) {
  return (account->record.used_s >= STEP1_AFTER_S ? STEP1_MK : 0) +
         (account->record.used_s >= STEP2_AFTER_S ? STEP2_MK : 0);
}

static void second(kneadsim_record *record, bool running) {
  if (running) {
    record->used_s++;
    record->rest_s = REST_S;
  } else if (record->rest_s > 0) {
    record->rest_s--;
  } else {
    record->used_s = 0;
  }
}

void account_tick(pad_account *account, bool running, kneadsim_record *keep) {
  account->ticks++;
  if (account->ticks == PAD_TICKS_PER_S) {
    account->ticks = 0;
    second(&account->record, running);
  }
  account->record.check = check_of(&account->record);
  *keep = account->record;
}
