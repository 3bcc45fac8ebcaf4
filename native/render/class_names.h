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

/* The lower-case words of a name, with a hyphen between, in `to`; where each begins in `begins`, where the last one
   ends behind it. Words begin with a letter, and where a capital follows a small one. */
static int32_t cut_words(Span name, byte *to, int32_t *begins) {
  const byte *at = name.start, *end = at + name.length;
  int32_t count = 0, bytes = 0, is_inside = 0, was_small = 0;
  while (at < end) {
    byte letter = lowered(*at);
    int32_t odd = *at >= 0x80 ? odd_letter(at, end, &letter) : 0;
    int is_letter = letter >= 'a' && letter <= 'z', is_digit = letter >= '0' && letter <= '9';
    if (was_small && *at >= 'A' && *at <= 'Z') is_inside = 0;
    if (is_letter && !is_inside) {
      if (count) to[bytes++] = '-';
      begins[count++] = bytes;
    }
    is_inside = is_letter || (is_inside && is_digit);
    if (is_inside) to[bytes++] = letter;
    if (odd == 2) is_inside = 0; /* what is left of it is a dot above */
    was_small = *at >= 'a' && *at <= 'z';
    at += odd ? odd : 1;
  }
  begins[count] = bytes + 1;
  return count;
}

static void say_of_name(const Page *page, Said *said, Span name) {
  byte words[2 * SCRATCH];
  int32_t begins[SCRATCH];
  for (int32_t i = 0; i < name.length; i++) words[i] = lowered(name.start[i]);
  say(said, look_up(&page->names, words, name.length));
  int32_t count = cut_words(name, words, begins);
  for (int32_t i = 0; i < count; i++)
    say(said, look_up(&page->names, words + begins[i], begins[i + 1] - 1 - begins[i]));
  for (int32_t i = 0; i + 1 < count; i++)
    say(said, look_up(&page->names, words + begins[i], begins[i + 2] - 1 - begins[i]));
}

static void say_of_names(const Page *page, Said *said) {
  byte names[SCRATCH];
  int32_t bytes = 0, points = 0;
  for (int32_t i = 0; i < NAMING && points < LONGEST_NAMES; i++) {
    if (i) names[bytes++] = ' ', points++;
    bytes += read_value(said->names[i], names + bytes, LONGEST_NAMES - points, &points);
  }
  const byte *end = names + bytes;
  Span name = next_word(names, end);
  for (int32_t i = 0; name.length && i < MOST_NAMES; i++, name = next_word(name.start + name.length, end))
    say_of_name(page, said, name);
}

/* Whether class names say that an element is hidden, or shown whatever else it says. */
static void say_what_is_seen(const Page *page, Said *said) {
  byte classes[SCRATCH];
  int32_t bytes = read_lowered(said->names[0], classes); /* class comes first */
  const byte *end = classes + bytes;
  for (Span name = next_word(classes, end); name.length; name = next_word(name.start + name.length, end)) {
    int32_t value = look_up(&page->names, name.start, name.length);
    if (value & UNSEEN) said->is_unseen = 1;
    if (value & SHOWN) said->is_shown = 1;
  }
}

static int is_same(const Said *said, const Attributes *attributes) {
  for (int32_t i = 0; i < NAMING; i++) {
    Span one = said->names[i], other = attributes->values[NAMING_ATTRIBUTES[i]];
    if (one.length != other.length || !is_equal(one.start, other.start, one.length)) return 0;
  }
  return 1;
}

/* A number of the names of an element, by no more than the ends of each: what is found by it is compared. */
static hash key_of(const Attributes *attributes) {
  hash key = 0;
  for (int32_t i = 0; i < NAMING; i++) {
    Span names = attributes->values[NAMING_ATTRIBUTES[i]];
    for (int32_t j = 0; j < names.length && j < 8; j++)
      key = (key + names.start[j] + 256u * names.start[names.length - 1 - j]) * 0x9E3779B1u;
    key = key * 31 + (hash)names.length;
  }
  return key ^ (key >> 15);
}

/* What the names of an element say; a page has few that differ, so that they are looked up in what was said last. */
static const Said *said_of(Page *page, const Attributes *attributes) {
  Said *said = &page->cache[key_of(attributes) % CACHED];
  if (is_same(said, attributes)) return said;
  *said = (Said){0};
  for (int32_t i = 0; i < NAMING; i++) said->names[i] = attributes->values[NAMING_ATTRIBUTES[i]];
  say_what_is_seen(page, said);
  say_of_names(page, said);
  return said;
}
