
/* Bytes in and out: a cursor that has failed stays failed and moves no more. */
typedef struct {
  uint8_t *at, *end;
  bool ok;
} kneadsim_writer;

typedef struct {
  const uint8_t *at, *end;
  bool ok;
} kneadsim_reader;

static inline void kneadsim_put_u8(kneadsim_writer *c, uint8_t value) {
  if (c->at == c->end) {
    c->ok = false;
  } else {
    *c->at++ = value;
  }
}

static inline void kneadsim_get_u8(kneadsim_reader *c, uint8_t *value) {
  *value = 0;
  if (c->at == c->end) {
    c->ok = false;
  } else {
    *value = *c->at++;
  }
}

static inline void kneadsim_put_bool(kneadsim_writer *c, bool value) {
  kneadsim_put_u8(c, value ? 1 : 0);
}

static inline void kneadsim_get_bool(kneadsim_reader *c, bool *value) {
  uint8_t byte;
  kneadsim_get_u8(c, &byte);
  c->ok = c->ok && byte <= 1;
  *value = byte == 1;
}

/* Varint: seven bits a byte, lowest first, the top bit says that more follow. */
static inline void kneadsim_put_u32(kneadsim_writer *c, uint32_t value) {
  while (value > 0x7F) {
    kneadsim_put_u8(c, (uint8_t)(value | 0x80));
    value >>= 7;
  }
  kneadsim_put_u8(c, (uint8_t)value);
}

static inline uint32_t kneadsim_get_varint(kneadsim_reader *c, unsigned bits) {
  uint32_t value = 0;
  unsigned shift;
  for (shift = 0; shift < bits; shift += 7) {
    uint8_t byte;
    kneadsim_get_u8(c, &byte);
    if (bits - shift < 7 && (byte & 0x7F) >> (bits - shift) != 0) {
      break;
    }
    value |= (uint32_t)(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) {
      return value;
    }
  }
  c->ok = false;
  return 0;
}

static inline void kneadsim_get_u32(kneadsim_reader *c, uint32_t *value) {
  *value = kneadsim_get_varint(c, 32);
}

static inline void kneadsim_put_u16(kneadsim_writer *c, uint16_t value) {
  kneadsim_put_u32(c, value);
}

static inline void kneadsim_get_u16(kneadsim_reader *c, uint16_t *value) {
  *value = (uint16_t)kneadsim_get_varint(c, 16);
}

/* Zigzag: 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
static inline void kneadsim_put_i16(kneadsim_writer *c, int16_t value) {
  const uint16_t bits = (uint16_t)value;
  kneadsim_put_u16(c, (uint16_t)((bits << 1) ^ (value < 0 ? 0xFFFF : 0)));
}

static inline void kneadsim_get_i16(kneadsim_reader *c, int16_t *value) {
  uint16_t bits;
  kneadsim_get_u16(c, &bits);
  *value = (int16_t)((int32_t)(bits >> 1) ^ -(int32_t)(bits & 1));
}

/* Single precision, low byte first. */
static inline void kneadsim_get_f32(kneadsim_reader *c, float *value) {
  union {
    uint32_t bits;
    float number;
  } both;
  unsigned at;
  both.bits = 0;
  for (at = 0; at < 4; at++) {
    uint8_t byte;
    kneadsim_get_u8(c, &byte);
    both.bits |= (uint32_t)byte << (8 * at);
  }
  *value = both.number;
}
