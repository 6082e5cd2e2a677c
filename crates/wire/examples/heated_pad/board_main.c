/* board_main.c: the firmware on a board of one's own, for --device serial:PATH@BAUD.
 *
 * The bench takes the place of converter, encoder, buttons and of the 10 ms timer: a tick is
 * whatever arrives. In the product the same pad_tick is called by the timer, with inputs from the
 * converter. Written for an STM32-class part against board.h, compiled by `build`; no board has
 * run it yet.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

#include "pad.h"

/* A bench that has said nothing for so long has gone: what is driven goes off. Well below the
 * watchdog of 100 ms. */
#define BENCH_GONE_MS 50u

int main(void);

/* Longest tick since the start, us: read it with a debugger, it must be far below 10,000. */
uint32_t board_tick_max_us;

static void tick(const kneadsim_inputs *in, kneadsim_outputs *out) {
  const uint32_t start_us = board_micros();
  uint32_t took_us;
  pad_tick(in, out);
  took_us = board_micros() - start_us;
  if (took_us > board_tick_max_us) {
    board_tick_max_us = took_us;
  }
  board_drive(out->heater_duty, out->relay_closed, out->motor_duty);
  /* As in the product: the firmware's own kick, and no other, reaches the watchdog. */
  if (out->watchdog_kick) {
    board_watchdog_kick();
  }
}

static void all_off(void) {
  static const uint16_t heater_duty[2] = {0, 0};
  static const int16_t motor_duty[2] = {0, 0};
  board_drive(heater_duty, 0, motor_duty);
}

int main(void) {
  static kneadsim_device device = {
      .device = "my board", .firmware = pad_name, .boot = pad_boot, .tick = tick};
  static uint8_t buffer[KNEADSIM_FRAME_MAX];
  uint32_t heard_ms;
  board_init();
  heard_ms = board_millis();
  for (;;) {
    const size_t got = board_uart_read(buffer, sizeof buffer);
    size_t at;
    for (at = 0; at < got; at++) {
      const size_t count = kneadsim_serve(&device, buffer[at]);
      if (count > 0) {
        board_uart_write(device.answer, count);
        heard_ms = board_millis();
      }
    }
    if (board_millis() - heard_ms > BENCH_GONE_MS) {
      /* Between cases nobody ticks: the board waits, switched off, instead of being reset. */
      all_off();
      board_watchdog_kick();
    }
    if (got == 0) {
      board_sleep();
    }
  }
}
