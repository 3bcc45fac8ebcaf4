/* The text as a reader sees it: lines, gaps, words. */

static void append(Page *page, const byte *from, int32_t bytes, int32_t points) {
  if (bytes > page->text_capacity - page->bytes) {
    page->is_full = 1;
    return;
  }
  copy(page->text + page->bytes, from, bytes);
  page->bytes += bytes;
  page->length += points;
}

static void append_sign(Page *page, byte sign) {
  if (page->bytes == page->text_capacity) {
    page->is_full = 1;
    return;
  }
  page->text[page->bytes++] = sign;
  page->length++;
}

/* Put a sign once or more, where no character of the page's stands. */
static void separate(Page *page, byte sign, int32_t length) {
  if (page->separators_count == page->capacity) {
    page->is_full = 1;
    return;
  }
  int32_t *row = page->separators[page->separators_count++];
  row[0] = page->length;
  row[1] = length;
  for (int32_t i = 0; i < length; i++) append_sign(page, sign);
}

static void open_line(Page *page) {
  int32_t before = page->length;
  if (before) separate(page, '\n', page->gap > 1 ? 2 : 1);
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
  separate(page, '\t', 1);
}

/* What stands between text that was and text that comes. */
static void begin_text(Page *page, int is_spaced) {
  if (page->gap) open_line(page);
  else if (page->is_tabbed) add_tab(page);
  else if (page->is_spaced || is_spaced) separate(page, ' ', 1);
  page->is_tabbed = page->closed_apart = 0;
}

/* Behind a run of plain bytes with single spaces between, fifteen at a time: a space must be seen with what follows. */
static const byte *skip_plain(const byte *at, const byte *end) {
  v128_t space = wasm_i8x16_splat(' '), last = wasm_i8x16_splat(0x7F), reference = wasm_i8x16_splat('&');
  for (;; at += 15) {
    v128_t bytes = wasm_v128_load(at), is_space = wasm_i8x16_eq(bytes, space); /* bytes from 0x80 on are negative */
    v128_t is_letter = wasm_v128_and(wasm_i8x16_gt(bytes, space), wasm_i8x16_lt(bytes, last));
    uint32_t plain = wasm_i8x16_bitmask(wasm_v128_andnot(is_letter, wasm_i8x16_eq(bytes, reference)));
    if (end - at < 16) plain &= (1u << (end - at)) - 1;
    uint32_t others = ~(plain | (wasm_i8x16_bitmask(is_space) & plain >> 1)) & 0x7FFF;
    if (others) return at + __builtin_ctz(others);
  }
}

/* Behind a run of characters beyond ASCII that are no blanks; `points` grows by how many they are. */
static const byte *skip_letters(const byte *at, const byte *end, int32_t *points) {
  for (; at < end && *at >= 0x80 && !blank_at(at, end); ++*points) at += width_of(*at);
  return at < end ? at : end;
}

/* Behind words that are written as they are, with single spaces between; `points` are set to how many. */
static const byte *skip_words(const byte *at, const byte *end, int32_t *points) {
  const byte *plain;
  *points = 0;
  do {
    plain = skip_plain(at, end);
    *points += (int32_t)(plain - at);
    at = skip_letters(plain, end, points);
  } while (at > plain);
  return at;
}

/* What is no blank of ASCII. */
static const byte *skip_blanks(const byte *at, const byte *end) {
  const v128_t space = wasm_i8x16_splat(' '), newline = wasm_i8x16_splat('\n'), tab = wasm_i8x16_splat('\t');
  for (; at < end; at += 16) {
    v128_t bytes = wasm_v128_load(at);
    v128_t is_line = wasm_v128_or(wasm_i8x16_eq(bytes, newline), wasm_i8x16_eq(bytes, tab));
    uint32_t others = ~wasm_i8x16_bitmask(wasm_v128_or(wasm_i8x16_eq(bytes, space), is_line)) & 0xFFFF;
    if (others) return at + __builtin_ctz(others) < end ? at + __builtin_ctz(others) : end;
  }
  return end;
}

/* Words of a text, a space between them, whatever blanks stand there. */
static void add_words(Page *page, const byte *at, const byte *end, int is_raw) {
  const byte *start = skip_blanks(at, end);
  int is_spaced = start > at, has_words = 0;
  for (at = start; at < end; start = at) {
    int32_t points = 0;
    if (*at != ' ') at = skip_words(at, end, &points);
    Character character = {start, (int32_t)(at - start), (int32_t)(at - start)};
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
    else if (is_spaced) append_sign(page, ' ');
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
      for (; newlines; newlines--) append_sign(page, '\n');
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
