/* chip_main.c: the firmware as an image for QEMU's mps2-an386, for --device qemu:IMAGE.
 *
 * It talks through Arm's semihosting on two named pipes that the bench has made. It ticks when it
 * is asked to: the emulator's clock decides nothing.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pad.h"

enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT = 0x18 };
/* Modes of open: "rb" and "wb". */
enum { OPEN_READ = 1, OPEN_WRITE = 5 };
#define EXIT_NORMAL 0x20026u

int main(void);

/* Arm's semihosting: number in r0, argument in r1, result in r0. */
static uintptr_t call(uintptr_t number, uintptr_t argument) {
  register uintptr_t r0 __asm__("r0") = number;
  register uintptr_t r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static uintptr_t file(const char *name, size_t length, uintptr_t mode) {
  const uintptr_t arguments[3] = {(uintptr_t)name, mode, length};
  return call(SYS_OPEN, (uintptr_t)arguments);
}

/* Bytes that were not moved. */
static size_t move(uintptr_t number, uintptr_t handle, const void *bytes, size_t count) {
  const uintptr_t arguments[3] = {handle, (uintptr_t)bytes, count};
  return call(number, (uintptr_t)arguments);
}

int main(void) {
  static kneadsim_device device = {
      .device = "mps2-an386", .firmware = pad_name, .boot = pad_boot, .tick = pad_tick};
  static uint8_t buffer[KNEADSIM_FRAME_MAX];
  const uintptr_t input = file("to_chip", 7, OPEN_READ);
  const uintptr_t output = file("from_chip", 9, OPEN_WRITE);
  for (;;) {
    const size_t left = move(SYS_READ, input, buffer, sizeof buffer);
    const size_t got = left < sizeof buffer ? sizeof buffer - left : 0;
    size_t at;
    if (got == 0) {
      call(SYS_EXIT, EXIT_NORMAL);
    }
    for (at = 0; at < got; at++) {
      const size_t count = kneadsim_serve(&device, buffer[at]);
      if (count > 0 && move(SYS_WRITE, output, device.answer, count) != 0) {
        call(SYS_EXIT, EXIT_NORMAL);
      }
    }
  }
}
