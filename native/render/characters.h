/* Characters of UTF-8, references to them, words between blanks. */

static int32_t width_of(byte first) { return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

/* Bytes that the blank at a place is written with (what str.isspace() calls one), or 0 where there is none. */
static int32_t blank_at(const byte *at, const byte *end) {
  byte first = *at;
  if (first < 0x80) return first == ' ' || (first >= 9 && first <= 13) || (first >= 28 && first <= 31);
  if (first == 0xC2) return end - at >= 2 && (at[1] == 0x85 || at[1] == 0xA0) ? 2 : 0;
  if (first < 0xE1 || first > 0xE3 || end - at < 3) return 0;
  if (first == 0xE1) return at[1] == 0x9A && at[2] == 0x80 ? 3 : 0;
  if (first == 0xE3) return at[1] == 0x80 && at[2] == 0x80 ? 3 : 0;
  if (at[1] == 0x81) return at[2] == 0x9F ? 3 : 0;
  if (at[1] != 0x80) return 0;
  return at[2] <= 0x8A || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF ? 3 : 0;
}

/* A character of a page: the bytes it is (`from`, `width`) and how many it is written with. */
typedef struct {
  const byte *from;
  int32_t width, written;
} Character;

static Character reference_at(const byte *at, const byte *end) {
  static const byte signs[][ROOM + 2] = {"&", "<", ">", "\"", "\xC2\xA0"};
  if (begins_with(at, end, "&amp;", 5)) return (Character){signs[0], 1, 5};
  if (begins_with(at, end, "&lt;", 4)) return (Character){signs[1], 1, 4};
  if (begins_with(at, end, "&gt;", 4)) return (Character){signs[2], 1, 4};
  if (begins_with(at, end, "&quot;", 6)) return (Character){signs[3], 1, 6};
  if (begins_with(at, end, "&nbsp;", 6)) return (Character){signs[4], 2, 6};
  return (Character){at, 1, 1};
}

static Character character_at(const byte *at, const byte *end, int is_raw) {
  if (*at == '&' && !is_raw) return reference_at(at, end);
  int32_t width = width_of(*at);
  if (width > end - at) width = (int32_t)(end - at);
  return (Character){at, width, width};
}

/* How many bytes of a text, of at most so many, are characters of ASCII that are written as they are. */
static int32_t count_plain(const byte *at, int32_t most) {
  int32_t count = 0;
  for (v128_t reference = wasm_i8x16_splat('&'); count < most; count += 16) {
    v128_t bytes = wasm_v128_load(at + count);
    uint32_t others = wasm_i8x16_bitmask(wasm_v128_or(bytes, wasm_i8x16_eq(bytes, reference)));
    if (others) {
      count += __builtin_ctz(others);
      break;
    }
  }
  return count < most ? count : most;
}

/* An attribute's value, without references, at most so many code points of it; the number of bytes, all in `to`. */
static int32_t read_value(Span value, byte *to, int32_t most, int32_t *count) {
  const byte *at = value.start, *end = at + value.length;
  int32_t bytes = count_plain(at, value.length < most ? value.length : most), points = bytes;
  copy(to, at, bytes);
  at += bytes;
  for (; at < end && points < most; points++) {
    Character character = character_at(at, end, 0);
    copy(to + bytes, character.from, character.width);
    bytes += character.width;
    at += character.written;
  }
  if (count) *count += points;
  return bytes;
}

static int32_t read_lowered(Span value, byte *to) {
  int32_t bytes = read_value(value, to, LONGEST_VALUE, 0);
  copy_lowered(to, to, bytes);
  return bytes;
}

/* Which of sixteen bytes are characters of ASCII that are neither blanks nor controls, as bits. */
static uint32_t letters_at(const byte *at) {
  v128_t bytes = wasm_v128_load(at); /* from 0x80 on negative */
  v128_t is_more = wasm_i8x16_gt(bytes, wasm_i8x16_splat(' ')), is_less = wasm_i8x16_lt(bytes, wasm_i8x16_splat(0x7F));
  return wasm_i8x16_bitmask(wasm_v128_and(is_more, is_less));
}

/* The next word between blanks of what `at` begins; `length` is 0 where there is none. */
static Span next_word(const byte *at, const byte *end) {
  int32_t blank;
  while (at < end && (blank = blank_at(at, end))) at += blank;
  const byte *start = at;
  while (at < end) {
    uint32_t others = ~letters_at(at) & 0xFFFF;
    at += others ? __builtin_ctz(others) : 16;
    if (!others) continue;
    if (at >= end || blank_at(at, end)) break;
    at += width_of(*at);
  }
  return (Span){start, (int32_t)((at < end ? at : end) - start)};
}

static int has_word(const byte *at, int32_t length, const char *word, int32_t word_length) {
  const byte *end = at + length;
  for (Span found = next_word(at, end); found.length; found = next_word(found.start + found.length, end))
    if (found.length == word_length && is_equal(found.start, (const byte *)word, word_length)) return 1;
  return 0;
}

static int contains(const byte *at, int32_t length, const char *what, int32_t what_length) {
  for (int32_t i = 0; i + what_length <= length; i++)
    if (is_equal(at + i, (const byte *)what, what_length)) return 1;
  return 0;
}
