/* A device in C for the test: what it drives is made from what it sees. */
#include "kneadsim_wire.h"

#include <stdio.h>

static kneadsim_record kept;

static void boot(uint8_t cause, const kneadsim_record *record) {
  kept = *record;
  kept.boots = (uint8_t)(kept.boots + cause);
}

static void tick(const kneadsim_inputs *in, kneadsim_outputs *out) {
  int zone;
  for (zone = 0; zone < 2; zone++) {
    out->heater_duty[zone] = in->ntc_counts[zone];
    out->motor_duty[zone] = (int16_t)-(int32_t)in->motor_current_counts[zone];
    out->telemetry.film_centi_c[zone] = (int16_t)in->supply_counts;
    out->telemetry.setpoint_centi_c[zone] = (int16_t)(in->tick >> 16);
    out->telemetry.winding_centi_c[zone] = (int16_t)in->tick;
  }
  out->relay_closed = (in->buttons & 1) != 0;
  out->buzzer = (in->buttons & 2) != 0;
  out->watchdog_kick = (in->buttons & 4) != 0;
  out->leds = in->buttons;
  out->mode = (uint8_t)(in->rtc_ms >> 8);
  out->fault = (uint8_t)in->rtc_ms;
  out->record = kept;
  out->telemetry.dose_centi_min = in->reference_counts;
  out->telemetry.session_left_s = in->pack_ntc_counts;
  out->telemetry.rest_left_s = in->encoder_counts;
}

int main(void) {
  static kneadsim_device device = {.device = "test", .firmware = "c 1", .boot = boot, .tick = tick};
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
