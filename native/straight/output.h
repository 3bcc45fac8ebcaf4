/* Writing a page as the serialiser does. */

/* Bytes behind `last` that may be written without asking. */
enum { SLACK = 64 };

static int has_room(Page *page, size_t length) {
  if ((size_t)(page->last - page->out) >= length && page->out <= page->last) return 1;
  give_up(page, FULL);
  return 0;
}

static APART void write_bytes(Page *page, const byte *from, uint32_t length) {
  if (!has_room(page, length)) return;
  __builtin_memcpy(page->out, from, length);
  page->out += length;
}

static APART void write_string(Page *page, const char *string) {
  page->out = put(page->out, string);
  has_room(page, 0);
}

/* Write a name in small letters. */
static void write_name(Page *page, Span name) {
  if (!has_room(page, name.length)) return;
  byte *end = page->out + name.length;
  for (const byte *from = name.start; page->out < end; from += 16, page->out += 16)
    wasm_v128_store(page->out, lowered_16(wasm_v128_load(from)));
  page->out = end;
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

/* Write a value of an attribute. */
static void write_value(Page *page, Span value) {
  const byte *at = value.start, *end = at + value.length;
  v128_t others = wasm_i8x16_make(-1, -1, '"', -1, -1, -1, '&', -1, -1, -1, -1, -1, '<', -1, '>', -1);
  v128_t first_of_space = wasm_i8x16_splat((int8_t)0xC2);
  while (at < end && page->out <= page->last) {
    v128_t bytes = wasm_v128_load(at);
    wasm_v128_store(page->out, bytes);
    uint32_t found = bits_of(bytes, others) | wasm_i8x16_bitmask(wasm_i8x16_eq(bytes, first_of_space));
    uint32_t length = found ? __builtin_ctz(found) : 16, rest = (uint32_t)(end - at);
    if (length >= rest) {
      page->out += rest;
      break;
    }
    at += length;
    page->out += length;
    if (found) at = write_character(page, at, 1);
  }
  has_room(page, 0);
}

static void write_attributes(Page *page, const Tag *tag) {
  for (uint32_t i = 0; i < tag->count; i++) {
    const Attribute *attribute = &tag->attributes[i];
    *page->out++ = ' ';
    write_name(page, attribute->name);
    page->out = put(page->out, "=\"");
    write_value(page, attribute->value);
    *page->out++ = '"';
  }
}

static void write_start(Page *page, Span name, const Tag *tag) {
  *page->out++ = '<';
  write_name(page, name);
  if (tag) write_attributes(page, tag);
  *page->out++ = '>';
  has_room(page, 0);
}

static void write_end(Page *page, Span name) {
  page->out = put(page->out, "</");
  write_name(page, name);
  *page->out++ = '>';
  has_room(page, 0);
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
