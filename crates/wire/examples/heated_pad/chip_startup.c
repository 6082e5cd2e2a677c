/* chip_startup.c: from reset to main on a Cortex-M4F, without a C library.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

int main(void);
void chip_reset(void);

/* From the linker script. */
extern uint32_t chip_stack_top, chip_data_from, chip_data_start, chip_data_end;
extern uint32_t chip_bss_start, chip_bss_end;

/* Coprocessor access control: full access to coprocessors 10 and 11 is the FPU. */
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define CPACR_FPU (0xFu << 20)

static void stop(void) {
  for (;;) {
  }
}

/* The compiler makes calls of these two from copies of structures. */
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memset(void *to, int value, size_t count);

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  uint8_t *t = to;
  const uint8_t *f = from;
  while (count-- > 0) {
    *t++ = *f++;
  }
  return to;
}

void *memset(void *to, int value, size_t count) {
  uint8_t *t = to;
  while (count-- > 0) {
    *t++ = (uint8_t)value;
  }
  return to;
}

/* Everything that may use a register of the FPU comes after it is on. */
static __attribute__((noinline)) void begin(void) {
  memcpy(&chip_data_start, &chip_data_from,
         (size_t)((uint8_t *)&chip_data_end - (uint8_t *)&chip_data_start));
  memset(&chip_bss_start, 0, (size_t)((uint8_t *)&chip_bss_end - (uint8_t *)&chip_bss_start));
  main();
  stop();
}

void chip_reset(void) {
  CPACR |= CPACR_FPU;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  begin();
}

/* Stack, reset, and the faults up to the usage fault; interrupts are not used. */
typedef union {
  uint32_t *stack_top;
  void (*handler)(void);
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[7] = {
    {.stack_top = &chip_stack_top}, {.handler = chip_reset}, {.handler = stop}, {.handler = stop},
    {.handler = stop},              {.handler = stop},       {.handler = stop}};
