/* Bytes: blanks, letters, finding. Behind a page stand zeros, and it holds none itself: each search ends there. */

/* For functions that are called from many places: the module takes longer to compile than a page to read. */
#define APART __attribute__((noinline))

static int is_letter(byte value) { return lowered(value) >= 'a' && lowered(value) <= 'z'; }

static int is_digit(byte value) { return value >= '0' && value <= '9'; }

/* What the WHATWG calls ASCII whitespace; carriage returns have been read as newlines. */
static int is_blank(byte value) { return value == ' ' || value == '\n' || value == '\t' || value == '\f'; }

static const byte *skip_blanks(const byte *at) {
  while (*at <= ' ' && is_blank(*at)) at++;
  return at;
}

/* Where bytes of one of up to sixteen values stand, as bits: `values` holds each at the place of its low four bits. */
static uint32_t bits_of(v128_t bytes, v128_t values) {
  v128_t low = wasm_v128_and(bytes, wasm_i8x16_splat(15));
  return wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_i8x16_swizzle(values, low), bytes));
}

/* The first byte of either value, or the zeros behind the page. */
static inline const byte *find_either(const byte *at, byte one, byte other) {
  v128_t ones = wasm_i8x16_splat((int8_t)one), others = wasm_i8x16_splat((int8_t)other), zero = wasm_i8x16_splat(0);
  for (;; at += 16) {
    v128_t bytes = wasm_v128_load(at);
    v128_t found = wasm_v128_or(wasm_i8x16_eq(bytes, ones), wasm_i8x16_eq(bytes, others));
    uint32_t bits = wasm_i8x16_bitmask(wasm_v128_or(found, wasm_i8x16_eq(bytes, zero)));
    if (bits) return at + __builtin_ctz(bits);
  }
}

/* Which of sixteen bytes are zero, of a value, or have a bit of `high` set, which is the highest or none: in the highest
   bit of each. */
static inline v128_t wanted(v128_t bytes, v128_t value, v128_t high) {
  v128_t is_one = wasm_v128_or(wasm_i8x16_eq(bytes, value), wasm_i8x16_eq(bytes, wasm_i8x16_splat(0)));
  return wasm_v128_or(is_one, wasm_v128_and(bytes, high));
}

static inline uint32_t wanted_at(const byte *at, v128_t value, v128_t high) {
  return wasm_i8x16_bitmask(wanted(wasm_v128_load(at), value, high));
}

/* The first such byte; sixty-four at a time, as most are far away. */
static inline const byte *find_wanted(const byte *at, v128_t value, v128_t high) {
  uint32_t found = wanted_at(at, value, high);
  if (found) return at + __builtin_ctz(found);
  for (at += 16;; at += 64) {
    v128_t all = wanted(wasm_v128_load(at), value, high);
    for (int i = 16; i < 64; i += 16) all = wasm_v128_or(all, wanted(wasm_v128_load(at + i), value, high));
    if (wasm_i8x16_bitmask(all)) break;
  }
  while (!(found = wanted_at(at, value, high))) at += 16;
  return at + __builtin_ctz(found);
}

/* The first byte of a value, or the zeros behind the page. */
static APART const byte *find(const byte *at, byte value) {
  return find_wanted(at, wasm_i8x16_splat((int8_t)value), wasm_i8x16_splat(0));
}

/* Behind bytes of ASCII that are neither zeros nor carriage returns. */
static APART const byte *skip_common(const byte *at) {
  return find_wanted(at, wasm_i8x16_splat('\r'), wasm_i8x16_splat(-128));
}

static int is_equal(const byte *one, const byte *other, int32_t length) {
  for (int32_t i = 0; i < length; i++)
    if (one[i] != other[i]) return 0;
  return 1;
}

/* Whether bytes are those of a string, which is of small letters, whatever their own case. */
static APART int is_spelled(const byte *at, const char *string) {
  for (; *string; at++, string++)
    if (lowered(*at) != (byte)*string) return 0;
  return 1;
}

static APART int is_same_name(Span one, Span other) {
  if (one.length != other.length) return 0;
  for (int32_t i = 0; i < one.length; i++)
    if (lowered(one.start[i]) != lowered(other.start[i])) return 0;
  return 1;
}
