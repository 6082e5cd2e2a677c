
/* From the bench. */
typedef enum {
  KNEADSIM_ASK_HELLO = 0,
  KNEADSIM_ASK_BOOT = 1,
  KNEADSIM_ASK_TICK = 2,
  KNEADSIM_ASK_SET = 3,
  KNEADSIM_ASK_ADOPT = 4,
  KNEADSIM_ASK_INJECT = 5
} kneadsim_asked;

/* From the device. */
typedef enum {
  KNEADSIM_SAY_HELLO = 0,
  KNEADSIM_SAY_DONE = 1,
  KNEADSIM_SAY_OUTPUTS = 2,
  KNEADSIM_SAY_REFUSED = 3
} kneadsim_said;

/* Why a device refuses. */
typedef enum {
  KNEADSIM_REFUSED_UNABLE = 0,
  KNEADSIM_REFUSED_OUT_OF_RANGE = 1,
  KNEADSIM_REFUSED_NOT_BOOTED = 2,
  KNEADSIM_REFUSED_BAD_CONFIG = 3
} kneadsim_refusal;

typedef struct {
  uint16_t sequence;
  kneadsim_asked asked;
  uint8_t protocol;       /* hello */
  uint8_t cause;          /* boot: 0 power-on, 1 brown-out, 2 watchdog, 3 external */
  kneadsim_record record; /* boot */
  kneadsim_inputs inputs; /* tick */
  uint8_t index;          /* set */
  float value;            /* set */
  uint32_t config_hash;   /* adopt */
  uint8_t what, target, bit; /* inject */
} kneadsim_message;

/* CRC-16/IBM-3740. */
static inline uint16_t kneadsim_crc16(const uint8_t *bytes, size_t count) {
  uint16_t crc = 0xFFFF;
  while (count-- > 0) {
    unsigned bit;
    crc = (uint16_t)(crc ^ (uint16_t)(*bytes++ << 8));
    for (bit = 0; bit < 8; bit++) {
      crc = (uint16_t)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

/* Content without zeros to a frame with its closing zero; count is below 254. */
static inline size_t kneadsim_cobs_encode(const uint8_t *content, size_t count, uint8_t *frame) {
  size_t code_at = 0, used = 1, at;
  uint8_t code = 1;
  for (at = 0; at < count; at++) {
    if (content[at] == 0) {
      frame[code_at] = code;
      code_at = used++;
      code = 1;
    } else {
      frame[used++] = content[at];
      code++;
    }
  }
  frame[code_at] = code;
  frame[used++] = 0;
  return used;
}

/* A frame without its closing zero to its content, in place; 0 if it is none. */
static inline size_t kneadsim_cobs_decode(uint8_t *frame, size_t count) {
  size_t from = 0, to = 0;
  while (from < count) {
    const size_t code = frame[from++];
    size_t left = code - 1;
    if (code == 0 || left > count - from) {
      return 0;
    }
    while (left-- > 0) {
      frame[to++] = frame[from++];
    }
    if (code != 0xFF && from < count) {
      frame[to++] = 0;
    }
  }
  return to;
}

/* Reads a frame, in place. False: damaged, or no message of this protocol. */
static inline bool kneadsim_decode(uint8_t *frame, size_t count, kneadsim_message *m) {
  const size_t used = count < KNEADSIM_FRAME_MAX ? kneadsim_cobs_decode(frame, count) : 0;
  kneadsim_reader c;
  uint8_t asked;
  if (used < 4 ||
      kneadsim_crc16(frame, used - 2) != (uint16_t)(frame[used - 2] | frame[used - 1] << 8)) {
    return false;
  }
  m->sequence = (uint16_t)(frame[0] | frame[1] << 8);
  c.at = frame + 2;
  c.end = frame + used - 2;
  c.ok = true;
  kneadsim_get_u8(&c, &asked);
  m->asked = (kneadsim_asked)asked;
  switch (m->asked) {
    case KNEADSIM_ASK_HELLO:
      kneadsim_get_u8(&c, &m->protocol);
      break;
    case KNEADSIM_ASK_BOOT:
      kneadsim_get_u8(&c, &m->cause);
      kneadsim_get_record(&c, &m->record);
      break;
    case KNEADSIM_ASK_TICK:
      kneadsim_get_inputs(&c, &m->inputs);
      break;
    case KNEADSIM_ASK_SET:
      kneadsim_get_u8(&c, &m->index);
      kneadsim_get_f32(&c, &m->value);
      break;
    case KNEADSIM_ASK_ADOPT:
      kneadsim_get_u32(&c, &m->config_hash);
      break;
    case KNEADSIM_ASK_INJECT:
      kneadsim_get_u8(&c, &m->what);
      kneadsim_get_u8(&c, &m->target);
      kneadsim_get_u8(&c, &m->bit);
      break;
    default:
      return false;
  }
  return c.ok && c.at == c.end;
}

/* An answer that is being written. */
typedef struct {
  uint8_t content[KNEADSIM_FRAME_MAX - 2];
  kneadsim_writer c;
} kneadsim_answer;

static inline void kneadsim_begin(kneadsim_answer *a, uint16_t sequence, kneadsim_said said) {
  a->c.at = a->content;
  a->c.end = a->content + sizeof a->content - 2;
  a->c.ok = true;
  kneadsim_put_u8(&a->c, (uint8_t)sequence);
  kneadsim_put_u8(&a->c, (uint8_t)(sequence >> 8));
  kneadsim_put_u8(&a->c, (uint8_t)said);
}

/* Gives the frame's length, with its closing zero; 0 if the answer did not fit. */
static inline size_t kneadsim_end(kneadsim_answer *a, uint8_t frame[KNEADSIM_FRAME_MAX]) {
  const size_t used = (size_t)(a->c.at - a->content);
  const uint16_t crc = kneadsim_crc16(a->content, used);
  if (!a->c.ok) {
    return 0;
  }
  a->content[used] = (uint8_t)crc;
  a->content[used + 1] = (uint8_t)(crc >> 8);
  return kneadsim_cobs_encode(a->content, used + 2, frame);
}

static inline size_t kneadsim_say_done(uint16_t sequence, uint8_t frame[KNEADSIM_FRAME_MAX]) {
  kneadsim_answer a;
  kneadsim_begin(&a, sequence, KNEADSIM_SAY_DONE);
  return kneadsim_end(&a, frame);
}

static inline size_t kneadsim_say_outputs(uint16_t sequence, const kneadsim_outputs *outputs,
                                          uint8_t frame[KNEADSIM_FRAME_MAX]) {
  kneadsim_answer a;
  kneadsim_begin(&a, sequence, KNEADSIM_SAY_OUTPUTS);
  kneadsim_put_outputs(&a.c, outputs);
  return kneadsim_end(&a, frame);
}

static inline size_t kneadsim_say_refused(uint16_t sequence, kneadsim_refusal why,
                                          uint8_t frame[KNEADSIM_FRAME_MAX]) {
  kneadsim_answer a;
  kneadsim_begin(&a, sequence, KNEADSIM_SAY_REFUSED);
  kneadsim_put_u8(&a.c, (uint8_t)why);
  return kneadsim_end(&a, frame);
}

static inline void kneadsim_put_text(kneadsim_writer *c, const char *text) {
  uint32_t length = 0, at;
  while (length < KNEADSIM_TEXT_MAX && text[length] != '\0') {
    length++;
  }
  kneadsim_put_u32(c, length);
  for (at = 0; at < length; at++) {
    kneadsim_put_u8(c, (uint8_t)text[at]);
  }
}

static inline size_t kneadsim_say_hello(uint16_t sequence, uint8_t abilities, uint32_t config_hash,
                                        const char *device, const char *firmware,
                                        uint8_t frame[KNEADSIM_FRAME_MAX]) {
  kneadsim_answer a;
  kneadsim_begin(&a, sequence, KNEADSIM_SAY_HELLO);
  kneadsim_put_u8(&a.c, KNEADSIM_PROTOCOL);
  kneadsim_put_u8(&a.c, abilities);
  kneadsim_put_u32(&a.c, config_hash);
  kneadsim_put_text(&a.c, device);
  kneadsim_put_text(&a.c, firmware);
  return kneadsim_end(&a, frame);
}

/* A firmware under test. Zero it, fill in the first four members, and serve. */
typedef struct {
  const char *device;   /* kind of device, ASCII, at most KNEADSIM_TEXT_MAX bytes */
  const char *firmware; /* name and version */
  /* Starts again, with what the board kept. */
  void (*boot)(uint8_t cause, const kneadsim_record *record);
  /* One tick of 10 ms. */
  void (*tick)(const kneadsim_inputs *inputs, kneadsim_outputs *outputs);

  uint8_t frame[KNEADSIM_FRAME_MAX];
  size_t used;
  bool overflown, booted, has_answered;
  uint16_t answered;
  uint8_t answer[KNEADSIM_FRAME_MAX];
  size_t answer_used;
} kneadsim_device;

static inline void kneadsim_carry_out(kneadsim_device *d, const kneadsim_message *m) {
  kneadsim_outputs outputs;
  kneadsim_refusal refusal = KNEADSIM_REFUSED_UNABLE;
  switch (m->asked) {
    case KNEADSIM_ASK_HELLO:
      d->answer_used =
          kneadsim_say_hello(m->sequence, KNEADSIM_ABILITY_BOOT_RECORD, 0, d->device, d->firmware,
                             d->answer);
      return;
    case KNEADSIM_ASK_BOOT:
      d->boot(m->cause, &m->record);
      d->booted = true;
      d->answer_used = kneadsim_say_done(m->sequence, d->answer);
      return;
    case KNEADSIM_ASK_TICK:
      if (d->booted) {
        outputs = (kneadsim_outputs){0};
        d->tick(&m->inputs, &outputs);
        d->answer_used = kneadsim_say_outputs(m->sequence, &outputs, d->answer);
        return;
      }
      refusal = KNEADSIM_REFUSED_NOT_BOOTED;
      break;
    case KNEADSIM_ASK_SET:
    case KNEADSIM_ASK_ADOPT:
    case KNEADSIM_ASK_INJECT:
      break;
  }
  d->answer_used = kneadsim_say_refused(m->sequence, refusal, d->answer);
}

/* Takes one byte. Gives the number of bytes of d->answer to send now, or 0. */
static inline size_t kneadsim_serve(kneadsim_device *d, uint8_t byte) {
  kneadsim_message m;
  size_t used;
  bool whole;
  if (byte != 0) {
    if (d->used < sizeof d->frame) {
      d->frame[d->used++] = byte;
    } else {
      d->overflown = true;
    }
    return 0;
  }
  used = d->used;
  whole = !d->overflown;
  d->used = 0;
  d->overflown = false;
  if (used == 0 || !whole || !kneadsim_decode(d->frame, used, &m)) {
    return 0;
  }
  /* A message that comes again, because its answer was lost, is not carried out twice. */
  if (m.asked == KNEADSIM_ASK_HELLO || !d->has_answered || d->answered != m.sequence) {
    kneadsim_carry_out(d, &m);
    d->has_answered = true;
    d->answered = m.sequence;
  }
  return d->answer_used;
}

#endif
