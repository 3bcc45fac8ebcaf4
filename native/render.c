/* The text of an HTML page as a reader sees it, the marks on it, and where it states something.

   The page comes as turbohtml writes a parsed one: each element that has content is closed, in order; attributes are
   name="value"; text and values have &amp; &lt; &gt; &quot; &nbsp; and no other reference; what stands in script, xmp and
   noframes is as it was. A single pass reads it. readers/walk.py lays out the arrays, readers/elements.py and
   class_names.py say what names mean; the rules of lines, cells and marks stand here. Nothing is read or written outside the arrays; where one is full the call ends
   with FULL, to be made again with larger ones.

   Positions are code points of the text so far, unless they are called bytes. */

#include <wasm_simd128.h>

#include "common.h"

typedef uint8_t byte;
typedef uint32_t hash;

enum { FULL = -1, NOTHING = -1, PATH = -1 };

/* What an element's name says, as a number of readers/elements.py: bits 0-1 newlines around it, then one bit each, then
   from bit 16 on which element it is, and from bit 24 on its mark. */
enum {
  GAP = 3, NO_TEXT = 1 << 2, MARKED = 1 << 3, LESS_MARKED = 1 << 4, ENTRY = 1 << 5, CONTAINER = 1 << 6, APART = 1 << 7,
  SEEN_WHOLE = 1 << 8, VOID = 1 << 9, RAW = 1 << 10, UNNAMED = 1 << 11
};
enum { OTHER, BREAK, CELL, ROW, PREFORMATTED, META, LINK, ROOT, TITLE, TIME, SCRIPT };

/* What a class name says: bits 0-7 its mark or 0, bit 8 that it hides, bit 9 that it is shown whatever else it says,
   bit 10 that it says nothing of a list around an entry. */
enum { HINT = 255, UNSEEN = 1 << 8, SHOWN = 1 << 9, OF_REGION = 1 << 10 };

/* What a page states: the kinds of rows of `facts`. */
enum { META_FACT, LANGUAGE_FACT, CANONICAL_FACT, TIME_FACT, ITEM_FACT, TITLE_FACT, JSON_FACT, SPAN_FACT, AUTHOR_FACT };

enum {
  LONGEST_CELL = 80, MOST_MARKS = 100000, MOST_HINTS = 4, MOST_NAMES = 16, LONGEST_NAMES = 200, LONGEST_VALUE = 300,
  MOST_STATING = 40, /* attributes of an element that may state something */
  MOST_SPANS = 400,
  SCRATCH = 4 * LONGEST_VALUE + 16, CACHED = 1024, FACT_COLUMNS = 11
};

typedef struct {
  const byte *start;
  int32_t length;
} Span;

typedef struct {
  int32_t offset, length, value;
} Slot;

/* Names and what they say, by `place_of`; as many slots as `mask` + 1, those of length 0 free. `lengths`: for each
   first byte, bits of the lengths of the names that begin with it, by which most of what is looked up is refused. */
typedef struct {
  const Slot *slots;
  const byte *names;
  const uint32_t *lengths;
  hash mask;
} Table;

/* Attributes that are read, in order of their lengths. */
enum {
  ID, REL, ROLE, TYPE, NAME, LANG, HREF, CLASS, STYLE, VALUE, HIDDEN, CONTENT, ITEMPROP, PROPERTY, DATETIME, TEST_ID,
  ATTRIBUTES
};
static const char ATTRIBUTE_NAMES[ATTRIBUTES][12] = {
    "id", "rel", "role", "type", "name", "lang", "href", "class", "style", "value", "hidden", "content", "itemprop",
    "property", "datetime", "data-testid"};
/* The first of each length, up to the longest. */
enum { LONGEST_ATTRIBUTE = 11 };
static const byte FIRST_OF_LENGTH[LONGEST_ATTRIBUTE + 2] = {
    ID, ID, ID, REL, ROLE, CLASS, HIDDEN, CONTENT, ITEMPROP, TEST_ID, TEST_ID, TEST_ID, ATTRIBUTES};
/* Those that say what an element is, in the order in which they do. */
enum { NAMING = 5 };
static const byte NAMING_ATTRIBUTES[NAMING] = {CLASS, ID, ITEMPROP, ROLE, TEST_ID};

typedef struct {
  Span values[ATTRIBUTES]; /* `start` is 0 where there is none */
  uint32_t stating;        /* bits of those that are early enough to state something */
} Attributes;

/* What the names of an element say. */
typedef struct {
  Span names[NAMING];
  int32_t is_unseen, is_shown, count;
  int32_t hints[MOST_HINTS]; /* values of the table of class names */
} Said;

typedef struct {
  int32_t is_inert, element, start, lines;
  hash path;
  Span names; /* of a fact that ends with the element: its itemprop */
  int32_t fact, is_counted;
  int32_t mark, marks; /* the first of its rows of marks, and how many it has */
} Open;

/* A tab between two cells. */
typedef struct {
  int32_t position, byte_position;
  int32_t is_taken, is_newline; /* its cell has ended; with a line of its own */
  hash path;                    /* of that line */
} Tab;

/* A row of marks: `code` is the place of a tag, or PATH for a run of lines with one path. */
typedef struct {
  int32_t start, end, code;
} Mark;

typedef struct {
  int32_t begin, before; /* where the line begins, and where the text before it ends */
  hash path;
} Line;

/* Python lays these out as columns of int32. */
_Static_assert(sizeof(Open) == 11 * 4 && sizeof(Tab) == 5 * 4 && sizeof(Said) == 17 * 4, "rows are of other sizes");

/* All of a page that is read: inputs, outputs, and where the reading stands. */
typedef struct {
  const byte *page, *at, *end;
  Table elements, names;
  byte *text;
  Mark *rows; /* in the order in which elements begin; `end` is NOTHING where there is no mark after all */
  Line *lines_found;
  int32_t (*separators)[2], (*facts)[FACT_COLUMNS];
  Open *open;
  Tab *tabs;
  Said *cache;
  int32_t capacity, text_capacity, fact_capacity;
  int32_t bytes, length, rows_count, lines_count, separators_count, facts_count, depth, tabs_count, spans;
  int32_t hidden, gap, is_spaced, is_tabbed, closed_apart, preformatted, lines, row, container_start, container_end;
  hash path;
  int32_t is_full;
  hash crc[256];
} Page;

/* ---- bytes ---- */

static int is_equal(const byte *one, const byte *other, int32_t length) {
  for (int32_t i = 0; i < length; i++)
    if (one[i] != other[i]) return 0;
  return 1;
}

static void copy(byte *to, const byte *from, int32_t length) {
  if (length > 0) __builtin_memcpy(to, from, (unsigned long)length);
}

static int begins_with(const byte *at, const byte *end, const char *what, int32_t length) {
  return end - at >= length && is_equal(at, (const byte *)what, length);
}

static byte lowered(byte letter) { return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter; }

/* The first byte of that value, or the end; sixteen at a time. */
static const byte *find(const byte *at, const byte *end, byte value) {
  for (v128_t wanted = wasm_i8x16_splat((int8_t)value); end - at >= 16; at += 16) {
    uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(at), wanted));
    if (found) return at + __builtin_ctz(found);
  }
  while (at < end && *at != value) at++;
  return at;
}

static void make_crc(hash *crc) {
  for (hash i = 0; i < 256; i++) {
    hash value = i;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
    crc[i] = value;
  }
}

/* CRC-32 of bytes after those of which `before` is the checksum, as zlib.crc32. */
static hash crc32(const hash *crc, const byte *at, int32_t length, hash before) {
  hash value = ~before;
  for (int32_t i = 0; i < length; i++) value = crc[(value ^ at[i]) & 255] ^ (value >> 8);
  return ~value;
}

/* Where a name is looked for first: a number of its length and three of its bytes. */
static hash place_of(const byte *name, int32_t length) {
  return name[0] + 31u * name[length / 2] + 961u * name[length - 1] + 29791u * (hash)length;
}

/* What a table says of a name, or 0. */
static int32_t look_up(const Table *table, const byte *name, int32_t length) {
  if (length <= 0 || length > 31 || !(table->lengths[*name] >> length & 1)) return 0;
  for (hash place = place_of(name, length) & table->mask;; place = (place + 1) & table->mask) {
    const Slot *slot = &table->slots[place];
    if (slot->length == 0) return 0;
    if (slot->length == length && is_equal(table->names + slot->offset, name, length)) return slot->value;
  }
}

/* ---- characters ---- */

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
  if (begins_with(at, end, "&amp;", 5)) return (Character){(const byte *)"&", 1, 5};
  if (begins_with(at, end, "&lt;", 4)) return (Character){(const byte *)"<", 1, 4};
  if (begins_with(at, end, "&gt;", 4)) return (Character){(const byte *)">", 1, 4};
  if (begins_with(at, end, "&quot;", 6)) return (Character){(const byte *)"\"", 1, 6};
  if (begins_with(at, end, "&nbsp;", 6)) return (Character){(const byte *)"\xC2\xA0", 2, 6};
  return (Character){at, 1, 1};
}

static Character character_at(const byte *at, const byte *end, int is_raw) {
  if (*at == '&' && !is_raw) return reference_at(at, end);
  int32_t width = width_of(*at);
  if (width > end - at) width = (int32_t)(end - at);
  return (Character){at, width, width};
}

/* An attribute's value, without references, at most so many code points of it; the number of bytes, all in `to`. */
static int32_t read_value(Span value, byte *to, int32_t most, int32_t *count) {
  const byte *at = value.start, *end = at + value.length;
  int32_t bytes = 0, points = 0;
  for (; at < end && points < most && *at < 0x80 && *at != '&'; points++) to[bytes++] = *at++;
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
  for (int32_t i = 0; i < bytes; i++) to[i] = lowered(to[i]);
  return bytes;
}

/* The next word between blanks of what `at` begins; `length` is 0 where there is none. */
static Span next_word(const byte *at, const byte *end) {
  int32_t blank;
  while (at < end && (blank = blank_at(at, end))) at += blank;
  const byte *start = at;
  while (at < end && ((*at > ' ' && *at < 0x7F) || !blank_at(at, end))) at += width_of(*at);
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

/* ---- what class names and their like say ---- */

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

/* ---- tags ---- */

static int32_t attribute_of(const byte *name, int32_t length) {
  if (length > LONGEST_ATTRIBUTE) return ATTRIBUTES;
  for (int32_t i = FIRST_OF_LENGTH[length]; i < FIRST_OF_LENGTH[length + 1]; i++)
    if (is_equal(name, (const byte *)ATTRIBUTE_NAMES[i], length)) return i;
  return ATTRIBUTES;
}

/* Read past one attribute; where its value stands. */
static Span skip_attribute(Page *page, Span *name) {
  const byte *start = page->at, *at = start < page->end ? start + 1 : start; /* a name may begin with = */
  while (at < page->end && *at != '=' && *at != ' ' && *at != '>') at++;
  *name = (Span){start, (int32_t)(at - start)};
  Span value = {at, 0};
  if (begins_with(at, page->end, "=\"", 2)) {
    value.start = at + 2;
    at = find(value.start, page->end, '"');
    value.length = (int32_t)(at - value.start);
    if (at < page->end) at++;
  }
  page->at = at;
  return value;
}

/* Read the attributes of a tag, and past its end; `found` may be 0. */
static void read_attributes(Page *page, Attributes *found) {
  for (int32_t count = 0; page->at < page->end && *page->at == ' '; count++) {
    page->at++;
    Span name, value = skip_attribute(page, &name);
    if (!found) continue;
    int32_t which = attribute_of(name.start, name.length);
    if (which == ATTRIBUTES) continue;
    found->values[which] = value;
    if (value.length && count < MOST_STATING) found->stating |= 1u << which;
  }
  page->at = find(page->at, page->end, '>');
  if (page->at < page->end) page->at++;
}

static Span read_name(Page *page) {
  const byte *start = page->at;
  while (page->at < page->end && *page->at != ' ' && *page->at != '>') page->at++;
  return (Span){start, (int32_t)(page->at - start)};
}

/* Whether an element of a name begins here, as a script counts them: the name and then a blank, a slash or an end. */
static int is_tag_of_script(const byte *at, const byte *end, const char *begins, int32_t length) {
  if (end - at <= length) return 0;
  for (int32_t i = 0; i < length; i++)
    if (lowered(at[i]) != (byte)begins[i]) return 0;
  byte next = at[length];
  return next == '>' || next == '/' || next == ' ' || next == '\t' || next == '\n' || next == '\f';
}

/* Where the text of a script ends: at its end tag, other than one that follows a start tag within a comment. */
static const byte *end_of_script(const byte *at, const byte *end) {
  int is_comment = 0, is_nested = 0;
  for (;; at++) {
    if (!is_comment) at = find(at, end, '<');
    if (at >= end) return end;
    if (is_comment && *at == '-' && begins_with(at, end, "-->", 3)) is_comment = is_nested = 0;
    if (*at != '<') continue;
    if (begins_with(at, end, "<!--", 4)) {
      if (!is_comment) at++; /* the hyphens of <!-- may be those of --> too */
      is_comment = 1;
    } else if (is_tag_of_script(at, end, "</script", 8)) {
      if (!is_nested) return at;
      is_nested = 0;
    } else if (is_comment && is_tag_of_script(at, end, "<script", 7)) {
      is_nested = 1;
    }
  }
}

/* Where the raw text ends that stands in an element of a name. */
static const byte *end_of_raw(const byte *at, const byte *end, Span name) {
  for (; at < end; at++)
    if (*at == '<' && end - at > name.length + 2 && at[1] == '/' && at[name.length + 2] == '>' &&
        is_equal(at + 2, name.start, name.length))
      return at;
  return end;
}

/* ---- text ---- */

static void append(Page *page, const byte *from, int32_t bytes, int32_t points) {
  if (bytes > page->text_capacity - page->bytes) {
    page->is_full = 1;
    return;
  }
  copy(page->text + page->bytes, from, bytes);
  page->bytes += bytes;
  page->length += points;
}

static void separate(Page *page, const char *separator, int32_t length) {
  if (page->separators_count == page->capacity) {
    page->is_full = 1;
    return;
  }
  int32_t *row = page->separators[page->separators_count++];
  row[0] = page->length;
  row[1] = length;
  append(page, (const byte *)separator, length, length);
}

static void open_line(Page *page) {
  int32_t before = page->length;
  if (before) separate(page, "\n\n", page->gap > 1 ? 2 : 1);
  page->gap = page->is_spaced = page->is_tabbed = 0;
  page->lines++;
  if (page->lines_count == page->capacity) page->is_full = 1;
  else page->lines_found[page->lines_count++] = (Line){page->length, before, page->path};
}

static void add_tab(Page *page) {
  if (page->tabs_count == page->capacity) {
    page->is_full = 1;
    return;
  }
  page->tabs[page->tabs_count++] = (Tab){.position = page->length, .byte_position = page->bytes};
  separate(page, "\t", 1);
}

/* What stands between text that was and text that comes. */
static void begin_text(Page *page, int is_spaced) {
  if (page->gap) open_line(page);
  else if (page->is_tabbed) add_tab(page);
  else if (page->is_spaced || is_spaced) separate(page, " ", 1);
  page->is_tabbed = page->closed_apart = 0;
}

static int is_plain(byte value) { return value > ' ' && value < 0x7F && value != '&'; }

/* What is no blank of ASCII. */
static const byte *skip_blanks(const byte *at, const byte *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\t')) at++;
  return at;
}

/* Words of a text, a space between them, whatever blanks stand there. */
static void add_words(Page *page, const byte *at, const byte *end, int is_raw) {
  const byte *plain = skip_blanks(at, end);
  int is_spaced = plain > at, has_words = 0;
  for (at = plain; at < end; plain = at) {
    while (at < end && is_plain(*at)) at++;
    Character character = {plain, (int32_t)(at - plain), (int32_t)(at - plain)};
    int32_t points = character.width;
    if (!points) {
      character = character_at(at, end, is_raw);
      at += character.written;
      points = 1;
      if (blank_at(character.from, character.from + character.width)) {
        is_spaced = 1;
        continue;
      }
    }
    if (!has_words) begin_text(page, is_spaced);
    else if (is_spaced) append(page, (const byte *)" ", 1, 1);
    append(page, character.from, character.width, points);
    has_words = 1;
    is_spaced = 0;
  }
  page->is_spaced = has_words ? is_spaced : 1;
}

static int32_t at_most_2(int32_t gap) { return gap < 2 ? gap : 2; }

/* A text as it is; newlines at its ends count for the gap around it. */
static void add_preformatted(Page *page, const byte *at, const byte *end, int is_raw) {
  int32_t newlines = 0;
  int has_text = 0;
  while (at < end) {
    Character character = character_at(at, end, is_raw);
    at += character.written;
    if (*character.from == '\r') continue;
    if (*character.from == '\n') {
      newlines++;
      continue;
    }
    if (!has_text) {
      page->gap = at_most_2(page->gap + newlines);
      if (page->gap) open_line(page);
      has_text = 1;
    } else {
      page->lines += newlines;
      for (; newlines; newlines--) append(page, (const byte *)"\n", 1, 1);
    }
    newlines = 0;
    append(page, character.from, character.width, 1);
  }
  page->gap = at_most_2((has_text ? 0 : page->gap) + newlines);
}

static void add_text(Page *page, const byte *at, const byte *end, int is_raw) {
  if (page->hidden || at == end) return;
  if (page->preformatted) add_preformatted(page, at, end, is_raw);
  else add_words(page, at, end, is_raw);
}

/* ---- what the page states ---- */

/* Where an attribute's value stands in the page, in columns of a row. */
static void put_span(const Page *page, int32_t *columns, Span value) {
  columns[0] = value.length ? (int32_t)(value.start - page->page) : 0;
  columns[1] = value.length;
}

static void add_fact(Page *page, int32_t kind, int32_t start, int32_t end, const Span *values, int32_t count) {
  if (page->facts_count == page->fact_capacity) return; /* no page that is read has so many */
  int32_t *row = page->facts[page->facts_count++];
  __builtin_memset(row, 0, FACT_COLUMNS * sizeof(*row));
  row[0] = kind;
  row[1] = start;
  row[2] = end;
  for (int32_t i = 0; i < count; i++) put_span(page, row + 3 + 2 * i, values[i]);
}

static Span stating(const Attributes *attributes, int32_t which) {
  return attributes->stating >> which & 1 ? attributes->values[which] : (Span){0, 0};
}

static Span either(Span one, Span other) { return one.length ? one : other; }

static void state_meta(Page *page, const Attributes *attributes) {
  Span values[4] = {either(stating(attributes, CONTENT), stating(attributes, VALUE)), stating(attributes, PROPERTY),
                    stating(attributes, NAME), stating(attributes, ITEMPROP)};
  if (values[0].length && (values[1].length || values[2].length || values[3].length))
    add_fact(page, META_FACT, page->length, 0, values, 4);
}

static int is_canonical(const Attributes *attributes) {
  byte rel[SCRATCH];
  return stating(attributes, HREF).length &&
         has_word(rel, read_lowered(stating(attributes, REL), rel), "canonical", 9);
}

/* What an element other than meta, title and script states with its attributes. */
static void state_element(Page *page, int32_t which, const Attributes *attributes) {
  Span language = stating(attributes, LANG), href = stating(attributes, HREF);
  Span values[2] = {either(stating(attributes, DATETIME), stating(attributes, CONTENT)), stating(attributes, ITEMPROP)};
  if (which == ROOT && language.length) add_fact(page, LANGUAGE_FACT, page->length, 0, &language, 1);
  else if (which == LINK && is_canonical(attributes)) add_fact(page, CANONICAL_FACT, page->length, 0, &href, 1);
  else if (values[0].length && (which == TIME || values[1].length))
    add_fact(page, which == TIME ? TIME_FACT : ITEM_FACT, page->length, 0, values, 2);
}

static int is_json(const Attributes *attributes) {
  byte type[SCRATCH];
  return contains(type, read_lowered(attributes->values[TYPE], type), "ld+json", 7);
}

static int is_by_author(const Attributes *attributes) {
  byte rel[SCRATCH];
  return attributes->values[REL].length && has_word(rel, read_lowered(attributes->values[REL], rel), "author", 6);
}

/* State what an element states, and set down in `open` what it will when it ends. Whether it is of those that may. */
static int state(Page *page, int32_t which, const Attributes *attributes, Open *open) {
  if (which == META) state_meta(page, attributes);
  if (which == META || which == TITLE || which == SCRIPT) return which == META;
  if (which == LINK || which == ROOT || which == TIME) {
    state_element(page, which, attributes);
    return 1;
  }
  if (attributes->values[ITEMPROP].length) {
    state_element(page, which, attributes);
    open->fact = SPAN_FACT;
    open->names = attributes->values[ITEMPROP];
    return 1;
  }
  if (!is_by_author(attributes)) return 0;
  open->fact = AUTHOR_FACT;
  return 1;
}

/* ---- elements ---- */

/* An id under which React sends a page in segments, hidden at its end until a script has moved each to its place. */
static int is_streamed(Span id) {
  if (id.length < 3 || id.length > 10 || id.start[0] != 'S' || id.start[1] != ':') return 0;
  for (int32_t i = 2; i < id.length; i++) {
    byte digit = id.start[i];
    if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) return 0;
  }
  return 1;
}

static int is_styled_away(Span value) {
  byte style[SCRATCH];
  int32_t bytes = read_lowered(value, style), kept = 0;
  for (int32_t i = 0; i < bytes; i++)
    if (style[i] != ' ') style[kept++] = style[i];
  return contains(style, kept, "display:none", 12) || contains(style, kept, "visibility:hidden", 17);
}

/* Whether no reader sees the element. The whole page is never hidden: scripts would show it, as they show to
   subscribers what is only for them. */
static int is_hidden(int32_t element, const Attributes *attributes, const Said *said) {
  if (element & NO_TEXT) return 1;
  if (element & SEEN_WHOLE || said->is_shown) return 0;
  if (said->is_unseen) return 1;
  if (attributes->values[HIDDEN].start) return !is_streamed(attributes->values[ID]);
  return attributes->values[STYLE].length && is_styled_away(attributes->values[STYLE]);
}

static void add_row(Page *page, int32_t code) {
  if (page->rows_count == MOST_MARKS) return;
  if (page->rows_count == page->capacity) page->is_full = 1;
  else page->rows[page->rows_count++] = (Mark){page->length, NOTHING, code};
}

/* Set down the marks that an element may turn out to have: its container, what its names say, itself. */
static void begin_marks(Page *page, int32_t element, const Said *said, Open *open) {
  int32_t hints = element & UNNAMED ? 0 : said->count;
  open->mark = page->rows_count;
  if (element & CONTAINER) add_row(page, element >> 24 & 255);
  for (int32_t i = hints - 1; i >= 0; i--)
    if (!(element & ENTRY && said->hints[i] & OF_REGION)) add_row(page, said->hints[i] & HINT);
  if (element & MARKED && (hints || !(element & LESS_MARKED))) add_row(page, element >> 24 & 255);
  open->marks = page->rows_count - open->mark;
}

/* The path below an element: the checksum goes on with its name and its classes. */
static hash path_below(const Page *page, Span name, Span classes) {
  byte token[SCRATCH];
  hash path = crc32(page->crc, name.start, name.length, page->path);
  path = crc32(page->crc, (const byte *)".", 1, path);
  int is_short = classes.length <= LONGEST_NAMES && find(classes.start, classes.start + classes.length, '&') ==
                                                        classes.start + classes.length;
  if (is_short) return crc32(page->crc, classes.start, classes.length, path);
  return crc32(page->crc, token, read_value(classes, token, LONGEST_NAMES, 0), path);
}

static void push(Page *page, const Open *open) {
  if (page->depth == page->capacity) page->is_full = 1;
  else page->open[page->depth++] = *open;
}

/* Begin an element that is seen. */
static void begin_element(Page *page, Span name, int32_t element, const Attributes *attributes, Open *open) {
  int32_t which = element >> 16 & 255, gap = element & GAP;
  open->element = element;
  open->start = page->length;
  open->lines = page->lines;
  open->path = page->path;
  if (gap) {
    if (gap > page->gap) page->gap = gap;
  } else if (which == BREAK) {
    page->gap = at_most_2(page->gap + 1);
    open->is_inert = 1;
  } else if (!open->marks && !open->is_counted && !(element & APART)) {
    open->is_inert = 1;
  } else if (which == CELL) {
    if (page->length > page->row) page->is_tabbed = 1;
  } else if (element & APART && page->closed_apart) {
    page->is_spaced = 1;
  }
  if (gap || which == CELL) page->path = path_below(page, name, attributes->values[CLASS]);
  if (which == ROW) page->row = page->length;
  if (which == PREFORMATTED) page->preformatted++;
  push(page, open);
}

/* The tab that stands at a position, for the first cell that asks for it; 0 where there is none. */
static Tab *take_tab(Page *page, int32_t position) {
  int32_t low = 0, high = page->tabs_count;
  while (low < high) {
    int32_t middle = (low + high) / 2;
    if (page->tabs[middle].position < position) low = middle + 1;
    else high = middle;
  }
  Tab *tab = &page->tabs[low];
  if (low == page->tabs_count || tab->position != position || tab->is_taken) return 0;
  tab->is_taken = 1;
  return tab;
}

/* A cell with several lines or with prose stands on its own: the tab before it becomes a newline. */
static void end_cell(Page *page, const Open *open) {
  int is_prose = page->length - open->start > LONGEST_CELL || page->lines > open->lines + 1;
  Tab *tab = take_tab(page, open->start);
  if (!is_prose) return;
  if (!page->gap) page->gap = 1;
  if (!tab) return;
  page->text[tab->byte_position] = '\n';
  tab->is_newline = 1;
  tab->path = page->path;
  page->lines++;
}

static void end_span(Page *page, const Open *open) {
  if (!open->is_counted || page->spans == MOST_SPANS) return;
  page->spans++;
  if (open->fact) add_fact(page, open->fact, open->start, page->length, &open->names, 1);
}

/* Whether a container holds several lines, and others than the one that ended before. */
static int is_container(Page *page, const Open *open) {
  int is_same = page->container_start == open->start && page->container_end == page->length;
  page->container_start = open->start;
  page->container_end = page->length;
  return page->lines - open->lines > 1 && !is_same;
}

/* Mark what an element that ends holds. */
static void mark_element(Page *page, const Open *open) {
  Mark *rows = page->rows + open->mark;
  for (int32_t i = 0; i < open->marks; i++) rows[i].end = page->length;
  end_span(page, open);
  if (open->element & GAP && !is_container(page, open) && open->element & CONTAINER && open->marks)
    rows[0].end = NOTHING;
}

static void end_element(Page *page) {
  if (page->hidden) {
    page->hidden--;
    return;
  }
  if (!page->depth) return;
  const Open *open = &page->open[--page->depth];
  if (open->is_inert) return;
  int32_t which = open->element >> 16 & 255, gap = open->element & GAP;
  page->path = open->path;
  if (gap > page->gap) page->gap = gap;
  if (which == PREFORMATTED) page->preformatted--;
  if (which == CELL) end_cell(page, open);
  else if (!gap) page->closed_apart = (open->element & APART) != 0;
  if (page->length > open->start) mark_element(page, open);
}

static int is_raw(int32_t element) { return (element & RAW) != 0; }

/* The end of the text that follows, where it is raw; else where the next tag begins. */
static const byte *end_of_text(const Page *page, Span name, int32_t element) {
  if (!is_raw(element)) return find(page->at, page->end, '<');
  return (element >> 16 & 255) == SCRIPT ? end_of_script(page->at, page->end)
                                         : end_of_raw(page->at, page->end, name);
}

/* Read an element's tag; whether it is seen is decided here. */
static void start_element(Page *page) {
  Span name = read_name(page);
  int32_t element = look_up(&page->elements, name.start, name.length), which = element >> 16 & 255;
  Attributes attributes = {0};
  read_attributes(page, page->hidden ? 0 : &attributes);
  if (page->hidden) {
    page->hidden++;
  } else {
    const Said *said = said_of(page, &attributes);
    Open open = {0};
    open.is_counted = state(page, which, &attributes, &open);
    if (which == TITLE || (which == SCRIPT && is_json(&attributes))) {
      Span content = {page->at, (int32_t)(end_of_text(page, name, element) - page->at)};
      add_fact(page, which == TITLE ? TITLE_FACT : JSON_FACT, page->length, 0, &content, 1);
    }
    if (is_hidden(element, &attributes, said)) {
      page->hidden = 1;
    } else {
      begin_marks(page, element, said, &open);
      begin_element(page, name, element, &attributes, &open);
    }
  }
  if (element & VOID) {
    end_element(page);
  } else if (is_raw(element)) {
    const byte *end = end_of_text(page, name, element);
    add_text(page, page->at, end, 1);
    page->at = end;
  }
}

/* Read past a comment, a document type or an instruction, none of which is text. */
static void skip_declaration(Page *page) {
  const byte *at = page->at;
  if (begins_with(at, page->end, "!--", 3)) {
    at += 3;
    while (at < page->end && !(*at == '-' && begins_with(at, page->end, "-->", 3))) at++;
    if (at < page->end) at += 2;
  }
  at = find(at, page->end, '>');
  page->at = at < page->end ? at + 1 : at;
}

static void read_tag(Page *page) {
  page->at++;
  if (page->at == page->end) return;
  if (*page->at == '!' || *page->at == '?') {
    skip_declaration(page);
  } else if (*page->at == '/') {
    page->at = find(page->at, page->end, '>');
    if (page->at < page->end) page->at++;
    end_element(page);
  } else {
    start_element(page);
  }
}

static void read_page(Page *page) {
  while (page->at < page->end && !page->is_full) {
    const byte *end = find(page->at, page->end, '<');
    add_text(page, page->at, end, 0);
    page->at = end;
    if (page->at < page->end) read_tag(page);
  }
  /* What a page that breaks off within a script leaves open. */
  while (page->depth && !page->is_full) {
    page->hidden = 0;
    end_element(page);
  }
}

/* ---- marks in order ---- */

/* The line after those that were read, where tabs that became newlines begin lines too; 0 after the last. */
static int next_line(const Page *page, int32_t *lines, int32_t *tabs, Line *line) {
  while (*tabs < page->tabs_count && !page->tabs[*tabs].is_newline) ++*tabs;
  const Line *own = *lines < page->lines_count ? &page->lines_found[*lines] : 0;
  const Tab *tab = *tabs < page->tabs_count ? &page->tabs[*tabs] : 0;
  if (!own && !tab) return 0;
  if (own && (!tab || own->begin < tab->position)) {
    *line = *own;
    ++*lines;
  } else {
    *line = (Line){tab->position + 1, tab->position, tab->path};
    ++*tabs;
  }
  return 1;
}

/* What goes into the marks that are given out, a place of each input further on. */
typedef struct {
  Mark *marks;
  hash *paths; /* of the marks whose code is PATH, in order */
  int32_t count, paths_count, row, separator;
} Ordered;

/* An element before whose text something was put begins behind that. */
static int32_t behind_separator(const Page *page, Ordered *ordered, int32_t start) {
  while (ordered->separator < page->separators_count && page->separators[ordered->separator][0] < start)
    ordered->separator++;
  if (ordered->separator == page->separators_count || page->separators[ordered->separator][0] != start) return start;
  return start + page->separators[ordered->separator][1];
}

/* Give out the marks of elements that begin no later than a position. */
static void order_elements(const Page *page, Ordered *ordered, int32_t position) {
  for (; ordered->row < page->rows_count; ordered->row++) {
    Mark mark = page->rows[ordered->row];
    if (mark.end == NOTHING) continue;
    mark.start = behind_separator(page, ordered, mark.start);
    if (mark.start > position) return;
    ordered->marks[ordered->count++] = mark;
  }
}

/* Give out all marks in order of their starts, of those that begin at one place elements before the path, and the
   outermost first. There is room for one a row and one a line. */
static void order_marks(const Page *page, Ordered *ordered) {
  int32_t lines = 0, tabs = 0;
  Line line, next;
  int has_line = next_line(page, &lines, &tabs, &line);
  while (has_line) {
    int has_next;
    while ((has_next = next_line(page, &lines, &tabs, &next)) && next.path == line.path) continue;
    order_elements(page, ordered, line.begin);
    ordered->marks[ordered->count++] = (Mark){line.begin, has_next ? next.before : page->length, PATH};
    ordered->paths[ordered->paths_count++] = line.path;
    line = next;
    has_line = has_next;
  }
  order_elements(page, ordered, page->length);
}

/* What is to be read, and the arrays in which to set down what is found. Numbers of slots are powers of 2. Rows:
   `capacity` of lines, separators (position, length), open elements and tabs, and of `rows` up to MOST_MARKS; twice as
   many of paths, and of marks as of rows and paths; `fact_capacity` of facts (kind, start, end, and offset and length of four values
   in the page). `counts`: bytes of the text, then rows of marks, paths and facts. */
typedef struct {
  const byte *page;
  const Slot *element_slots;
  const byte *element_names;
  const uint32_t *element_lengths;
  const Slot *name_slots;
  const byte *names;
  const uint32_t *name_lengths;
  byte *text;
  Mark *marks;
  hash *paths;
  int32_t (*facts)[FACT_COLUMNS], *counts;
  Mark *rows;
  Line *lines;
  int32_t (*separators)[2];
  Open *open;
  Tab *tabs;
  Said *cache;
  int32_t page_length, elements, class_names, text_capacity, capacity, fact_capacity;
} Request;

static Page page;

/* Render a page; 0, or FULL. */
EXPORT(render)
int32_t render(const Request *request) {
  page = (Page){.page = request->page,
                .at = request->page,
                .end = request->page + request->page_length,
                .elements = {request->element_slots, request->element_names, request->element_lengths,
                             (hash)request->elements - 1},
                .names = {request->name_slots, request->names, request->name_lengths, (hash)request->class_names - 1},
                .text = request->text,
                .rows = request->rows,
                .lines_found = request->lines,
                .separators = request->separators,
                .facts = request->facts,
                .open = request->open,
                .tabs = request->tabs,
                .cache = request->cache,
                .capacity = request->capacity,
                .text_capacity = request->text_capacity,
                .fact_capacity = request->fact_capacity,
                .gap = 1};
  make_crc(page.crc);
  __builtin_memset(page.cache, 0, CACHED * sizeof(Said));
  read_page(&page);
  if (page.is_full) return FULL;
  Ordered ordered = {.marks = request->marks, .paths = request->paths};
  order_marks(&page, &ordered);
  request->counts[0] = page.bytes;
  request->counts[1] = ordered.count;
  request->counts[2] = ordered.paths_count;
  request->counts[3] = page.facts_count;
  return 0;
}
