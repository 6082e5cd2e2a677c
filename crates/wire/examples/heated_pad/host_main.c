/* host_main.c: the firmware as a program, for --device exec:PROGRAM.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdio.h>

#include "pad.h"

int main(void) {
  static kneadsim_device device = {
      .device = "host", .firmware = pad_name, .boot = pad_boot, .tick = pad_tick};
  int byte;
  while ((byte = getchar()) != EOF) {
    const size_t count = kneadsim_serve(&device, (uint8_t)byte);
    if (count > 0) {
      fwrite(device.answer, 1, count, stdout);
      fflush(stdout);
    }
  }
  return 0;
}
