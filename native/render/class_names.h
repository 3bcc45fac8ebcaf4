/* What class names and their like say. */

static void say(Said *said, int32_t value) {
  if (!(value & HINT) || said->count == MOST_HINTS) return;
  for (int32_t i = 0; i < said->count; i++)
    if ((said->hints[i] & HINT) == (value & HINT)) return;
  said->hints[said->count++] = value;
}

/* Bytes of a letter that Unicode lowers to one of ASCII, the Kelvin sign and I with a dot, which it becomes. */
static int32_t odd_letter(const byte *at, const byte *end, byte *letter) {
  if (begins_with(at, end, "\xE2\x84\xAA", 3)) return *letter = 'k', 3;
  if (begins_with(at, end, "\xC4\xB0", 2)) return *letter = 'i', 2;
  return 0;
}

/* Kinds of bytes; that of a capital is what makes it small. */
enum { SMALL = 1, DIGIT = 2, CAPITAL = 32 };
static const byte KINDS[256] = {['a' ... 'z'] = SMALL, ['0' ... '9'] = DIGIT, ['A' ... 'Z'] = CAPITAL};

/* The lower-case words of a name, with a hyphen between, in `to`; where each begins in `begins`, where the last one
   ends behind it. Words begin with a letter, and where a capital follows a small one. */
static int32_t cut_words_of_any(Span name, byte *to, int32_t *begins) {
  const byte *at = name.start, *end = at + name.length;
  int32_t count = 0, bytes = 0, is_inside = 0, before = 0;
  while (at < end) {
    byte kind = KINDS[*at], letter = *at | (kind & CAPITAL);
    int32_t odd = *at >= 0x80 ? odd_letter(at, end, &letter) : 0;
    int is_letter = (kind & ~DIGIT) || odd;
    if (is_letter && (!is_inside || (kind == CAPITAL && before == SMALL))) {
      if (count) to[bytes++] = '-';
      begins[count++] = bytes;
    }
    is_inside = is_letter || (is_inside && kind == DIGIT);
    if (is_inside) to[bytes++] = letter;
    if (odd == 2) is_inside = 0; /* what is left of it is a dot above */
    before = kind;
    at += odd ? odd : 1;
  }
  begins[count] = bytes + 1;
  return count;
}

/* Bits of sixteen bytes that are one of so many from one on. */
static uint64_t bits_from(v128_t bytes, byte first, byte count) {
  return wasm_i8x16_bitmask(wasm_u8x16_lt(wasm_i8x16_sub(bytes, wasm_i8x16_splat(first)), wasm_i8x16_splat(count)));
}

/* As `cut_words_of_any`, of a name of ASCII and no more than 64 bytes: what each is as bits. */
static int32_t cut_words(Span name, byte *to, int32_t *begins) {
  uint64_t small = 0, capital = 0, digit = 0, other = 0, own = ~0ull >> ((64 - name.length) & 63);
  for (int32_t i = 0; i < name.length && i < 64; i += 16) {
    v128_t bytes = wasm_v128_load(name.start + i);
    small |= bits_from(bytes, 'a', 26) << i;
    capital |= bits_from(bytes, 'A', 26) << i;
    digit |= bits_from(bytes, '0', 10) << i;
    other |= (uint64_t)wasm_i8x16_bitmask(bytes) << i;
  }
  if (name.length > 64 || other & own) return cut_words_of_any(name, to, begins);
  small &= own, capital &= own, digit &= own;
  uint64_t letter = small | capital, first_digit = digit & ~((letter | digit) << 1);
  /* Digits that a run of both begins with are none of its words': the sum carries through them. */
  uint64_t inside = letter | (digit & (digit + first_digit));
  uint64_t first = letter & (~(inside << 1) | (capital & small << 1)), last = inside & (~(inside >> 1) | first >> 1);
  int32_t count = 0, bytes = 0;
  for (; first; first &= first - 1, last &= last - 1) {
    int32_t begin = __builtin_ctzll(first), length = __builtin_ctzll(last) - begin + 1;
    if (count) to[bytes++] = '-';
    begins[count++] = bytes;
    copy_lowered(to + bytes, name.start + begin, length);
    bytes += length;
  }
  begins[count] = bytes + 1;
  return count;
}

/* Say what a name says as a whole, its words, and pairs of neighbours; what it says as a whole is returned. */
static int32_t say_of_name(const Page *page, Said *said, Span name) {
  byte words[2 * SCRATCH];
  int32_t begins[SCRATCH];
  copy_lowered(words, name.start, name.length);
  int32_t whole = look_up(&page->names, words, name.length);
  say(said, whole);
  int32_t count = cut_words(name, words, begins);
  if (count == 1 && begins[1] - 1 == name.length) return whole; /* it is one word */
  for (int32_t i = 0; i < count; i++)
    say(said, look_up(&page->names, words + begins[i], begins[i + 1] - 1 - begins[i]));
  for (int32_t i = 0; i + 1 < count; i++)
    say(said, look_up(&page->names, words + begins[i], begins[i + 2] - 1 - begins[i]));
  return whole;
}

/* Set down what a class name says of whether the element is hidden, or shown whatever else it says. */
static void say_if_seen(Said *said, int32_t value) {
  if (value & UNSEEN) said->is_unseen = 1;
  if (value & SHOWN) said->is_shown = 1;
}

/* What all class names say of that, of which an element may have more than are read for what else they say. */
static void say_if_any_is_seen(const Page *page, Said *said, Span names) {
  byte classes[SCRATCH];
  const byte *end = classes + read_lowered(names, classes);
  for (Span name = next_word(classes, end); name.length; name = next_word(name.start + name.length, end))
    say_if_seen(said, look_up(&page->names, name.start, name.length));
}

/* Say what the names of an element say; its class comes first. */
static void say_of_names(const Page *page, Said *said, const Attributes *attributes) {
  byte names[SCRATCH];
  int32_t bytes = 0, points = 0, classes = 0, count = 0;
  for (int32_t i = 0; i < NAMING && points < LONGEST_NAMES; i++) {
    if (i) names[bytes++] = ' ', points++;
    bytes += read_value(attributes->values[NAMING_ATTRIBUTES[i]], names + bytes, LONGEST_NAMES - points, &points);
    if (!i) classes = bytes;
  }
  int are_whole = attributes->values[CLASS].length <= LONGEST_NAMES;
  const byte *end = names + bytes;
  Span name = next_word(names, end);
  for (; name.length && count < MOST_NAMES; count++, name = next_word(name.start + name.length, end)) {
    int32_t value = say_of_name(page, said, name);
    if (are_whole && name.start < names + classes) say_if_seen(said, value);
  }
  if (!are_whole || (name.length && name.start < names + classes))
    say_if_any_is_seen(page, said, attributes->values[CLASS]);
}

static int has_any_name(const Attributes *attributes) {
  for (int32_t i = 0; i < NAMING; i++)
    if (attributes->values[NAMING_ATTRIBUTES[i]].length) return 1;
  return 0;
}

static int has_names(const Said *said, const Attributes *attributes) {
  const byte *at = said->names;
  for (int32_t i = 0; i < NAMING; i++) {
    Span names = attributes->values[NAMING_ATTRIBUTES[i]];
    if (said->lengths[i] != names.length || !is_same(at, names.start, names.length)) return 0;
    at += names.length;
  }
  return 1;
}

/* A number of the names of an element, by no more than the ends of each: what is found by it is compared. */
static hash key_of(const Attributes *attributes) {
  uint64_t key = 0;
  for (int32_t i = 0; i < NAMING; i++) {
    Span names = attributes->values[NAMING_ATTRIBUTES[i]];
    uint64_t first = 0, last = 0;
    if (names.length >= 8) {
      __builtin_memcpy(&first, names.start, 8);
      __builtin_memcpy(&last, names.start + names.length - 8, 8);
    } else if (names.length) {
      __builtin_memcpy(&first, names.start, 8);
      first &= (1ull << 8 * names.length) - 1;
    }
    key = ((key ^ first) * 0x9E3779B97F4A7C15ull ^ last) * 0xC2B2AE3D27D4EB4Full + (uint64_t)names.length;
  }
  return (hash)(key >> 40);
}

/* Begin what the names of an element say, with them set down, at a place if they are not too long to be kept there. */
static Said *begin_said(Said *place, const Attributes *attributes) {
  static Said unremembered;
  int64_t length = 0;
  for (int32_t i = 0; i < NAMING; i++) length += attributes->values[NAMING_ATTRIBUTES[i]].length;
  Said *said = length <= REMEMBERED ? place : &unremembered;
  said->is_unseen = said->is_shown = said->count = 0;
  if (said != place) return said;
  byte *to = said->names;
  for (int32_t i = 0; i < NAMING; i++) {
    Span names = attributes->values[NAMING_ATTRIBUTES[i]];
    copy(to, names.start, names.length);
    to += said->lengths[i] = names.length;
  }
  return said;
}

/* What the names of an element say. The pages of a source have few that differ, so that what they say is remembered
   from page to page; those that are too long for it are read anew. */
static const Said *said_of(const Page *page, const Attributes *attributes) {
  static _Alignas(64) Said remembered[CACHED];
  static const Said nothing;
  if (!has_any_name(attributes)) return &nothing;
  Said *said = &remembered[key_of(attributes) % CACHED];
  if (has_names(said, attributes)) return said;
  said = begin_said(said, attributes);
  say_of_names(page, said, attributes);
  return said;
}
