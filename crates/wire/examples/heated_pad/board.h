/* board.h: what a board has to bring so that board_main.c runs on it.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef PAD_BOARD_H
#define PAD_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Clocks; pins in their safe state; the UART at 460,800 baud or more, 8N1, its receiver writing
 * into a ring by DMA; the hardware watchdog started, at 100 ms. */
void board_init(void);

/* Takes what has arrived since the last call, at most `most` bytes, and does not wait. The ring is
 * looked at up to where DMA has come; the idle-line interrupt only wakes the chip for it. */
size_t board_uart_read(uint8_t *into, size_t most);

/* Starts sending, by DMA. `bytes` stay as they are until the next question has arrived. */
void board_uart_write(const uint8_t *bytes, size_t count);

/* Sleeps until the next interrupt: idle line, half or whole ring, or a timer of 10 ms. */
void board_sleep(void);

/* Milliseconds since the reset; wraps. */
uint32_t board_millis(void);

/* Microseconds since the reset, from the cycle counter (DWT->CYCCNT) or a timer; wraps. */
uint32_t board_micros(void);

/* The watchdog of the chip itself (IWDG). */
void board_watchdog_kick(void);

/* Duties to their timers and relay to its pin, where a power stage is fitted; else does nothing. */
void board_drive(const uint16_t heater_duty[2], int relay_closed, const int16_t motor_duty[2]);

#endif
