/* What is written as the serialiser does: text, and values and names that are not written as they stand. */

/* Bytes behind `last` that may be written without asking. */
enum { SLACK = 64 };

static int has_room(Page *page, size_t length) {
  if ((size_t)(page->last - page->out) >= length && page->out <= page->last) return 1;
  give_up(page, FULL);
  return 0;
}

static APART void write_bytes(Page *page, Span from) {
  if (!has_room(page, (size_t)from.length)) return;
  __builtin_memcpy(page->out, from.start, (size_t)from.length);
  page->out += from.length;
}

/* A name in small letters. */
static Span lowered_name(Page *page, Span name) {
  if (!has_room(page, (size_t)name.length)) return name;
  Span written = {page->out, name.length};
  for (int32_t i = 0; i < name.length; i += 16)
    wasm_v128_store(page->out + i, lowered_16(wasm_v128_load(name.start + i)));
  page->out += name.length;
  return written;
}

/* Write the character that stands at a place and is not written as it is, or may not be; behind it. */
static const byte *write_character(Page *page, const byte *at, int is_value) {
  Reference reference = {1, *at};
  has_room(page, 0);
  if (*at == '&') {
    reference = reference_at(page, at, is_value);
  } else if (*at == 0xC2) {
    *page->out++ = *at; /* as it is, unless it begins a no-break space */
    if (at[1] != 0xA0) return at + 1;
    page->out--;
    reference = (Reference){2, 0xA0};
  }
  page->out = put_character(page->out, reference.code, is_value);
  return at + reference.length;
}

/* Where the first character of a value stands that is not written as it is, or the end. */
static const byte *skip_plain(const byte *at, const byte *end, v128_t others) {
  v128_t first_of_space = wasm_i8x16_splat((int8_t)0xC2);
  for (; at < end; at += 16) {
    v128_t bytes = wasm_v128_load(at);
    uint32_t found = bits_of(bytes, others) | wasm_i8x16_bitmask(wasm_i8x16_eq(bytes, first_of_space));
    if (found) at += __builtin_ctz(found);
    if (found) break;
  }
  return at < end ? at : end;
}

/* Most values are written as they stand. */
static Span written_value(Page *page, Span value) {
  v128_t others = wasm_i8x16_make(-1, -1, '"', -1, -1, -1, '&', -1, -1, -1, -1, -1, '<', -1, '>', -1);
  const byte *at = value.start, *end = at + value.length, *other = skip_plain(at, end, others);
  if (other == end) return value;
  byte *first = page->out;
  while (at < end && page->out <= page->last) {
    if (!has_room(page, (size_t)(other - at))) break;
    __builtin_memcpy(page->out, at, (size_t)(other - at));
    page->out += other - at;
    at = other < end ? write_character(page, other, 1) : end;
    other = skip_plain(at, end, others);
  }
  has_room(page, 0);
  return page->reason ? value : (Span){first, (int32_t)(page->out - first)};
}

/* Write text up to where markup begins, or `end` if it is given; behind it. */
static const byte *write_text(Page *page, const byte *at, const byte *end) {
  v128_t others = wasm_i8x16_make(0, -1, (int8_t)0xC2, -1, -1, -1, '&', -1, -1, -1, -1, -1, '<', -1, '>', -1);
  if (page->out == page->fresh && *at == '\n') *page->out++ = '\n'; /* the first one would not be read again */
  int is_fresh = page->out == page->fresh;
  while (page->out <= page->last) {
    v128_t bytes = wasm_v128_load(at);
    wasm_v128_store(page->out, bytes);
    uint32_t found = bits_of(bytes, others), length = found ? __builtin_ctz(found) : 16;
    if (end && length >= (size_t)(end - at)) {
      page->out += end - at;
      at = end;
      break;
    }
    at += length;
    page->out += length;
    if (!found) continue;
    if (!*at || (*at == '<' && !end && is_markup(at))) break;
    at = write_character(page, at, 0);
    if (is_fresh && page->fresh < page->out && *page->fresh == '\n') give_up(page, REFERENCE);
  }
  has_room(page, 0);
  return at;
}

/* Behind text that is not written. */
static const byte *skip_text(const byte *at) {
  for (;; at++) {
    at = find(at, '<');
    if (!*at || is_markup(at)) return at;
  }
}

/* What has been written since the last tag or comment is all the text between them. */
static APART void end_text(Page *page) {
  if (page->out > page->text) see_text((Span){page->text, (int32_t)(page->out - page->text)}, 0);
  page->text = page->out;
  page->fresh = 0;
  if (is_seen_full()) give_up(page, ROWS);
}

/* An element begins, of a tag or of none, and holds `content` where that is text alone. */
static APART void begin_seen_element(Page *page, byte which, const Tag *tag, Span content) {
  end_text(page);
  Span name = which ? name_of(which) : lowered_name(page, tag->name);
  see_start(which ? numbers[which] : number_of(name), name, tag ? tag->attributes : 0, tag ? tag->count : 0, content);
  page->text = page->out;
}

static void see_element(Page *page, byte which, const Tag *tag) { begin_seen_element(page, which, tag, (Span){0, 0}); }

static APART void see_end_of_element(Page *page) {
  end_text(page);
  see_end();
}
