/* Tags as they stand in a page, and where raw text and comments end. */

/* What ends the name of an element, and of an attribute: blanks, a slash, >, and of the latter an = too. */
#define ENDS_OF_NAMES(equals) \
  wasm_i8x16_make(' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', equals, '>', '/')

static uint32_t ends_of_name(v128_t bytes, v128_t ends) {
  return bits_of(bytes, ends) | wasm_i8x16_bitmask(wasm_i8x16_eq(bytes, wasm_i8x16_splat(0)));
}

/* Behind the name that begins at a place. */
static const byte *skip_name(const byte *at, v128_t ends) {
  for (;; at += 16) {
    uint32_t found = ends_of_name(wasm_v128_load(at), ends);
    if (found) return at + __builtin_ctz(found);
  }
}

/* Read the name of an element, and behind it. */
static const byte *read_name(const byte *at, Tag *tag) {
  const v128_t ends = ENDS_OF_NAMES(-1);
  v128_t bytes = wasm_v128_load(at);
  uint32_t found = ends_of_name(bytes, ends), length = found ? __builtin_ctz(found) : 16;
  tag->which = found ? element_of(short_name(bytes, length)) : OTHER;
  const byte *end = found ? at + length : skip_name(at + 16, ends);
  tag->name = (Span){at, (int32_t)(end - at)};
  return end;
}

/* Whether one of the attributes so far is called the same. Bits of `seen` are of lengths, first and last letters. */
static int is_repeated(const Tag *tag, Span name, uint64_t *seen) {
  uint32_t sum = 7 * (uint32_t)name.length + (*name.start | 32) + 3 * (name.start[name.length - 1] | 32);
  uint64_t bit = 1ull << (sum & 63);
  int may_be = (*seen & bit) != 0;
  *seen |= bit;
  for (int32_t i = 0; may_be && i < tag->count; i++) {
    if (is_same_name(name, tag->attributes[i].name)) return 1;
  }
  return 0;
}

/* Read a value, and behind it; the zeros behind the page where it does not end. */
static const byte *read_value(const byte *at, Span *value) {
  const byte *start = at, *end;
  if (*at == '"' || *at == '\'') {
    end = find_either(++start, *at, *at);
    *value = (Span){start, (int32_t)(end - start)};
    return *end ? end + 1 : end;
  }
  while (*at && *at != '>' && !is_blank(*at)) at++;
  *value = (Span){start, (int32_t)(at - start)};
  return at;
}

/* Read an attribute, and behind it. */
static const byte *read_attribute(Page *page, const byte *at, Tag *tag, uint64_t *seen) {
  Attribute found = {{at, 0}, {at, 0}};
  at = skip_name(at + (*at == '='), ENDS_OF_NAMES('=')); /* a name may begin with = */
  found.name.length = (int32_t)(at - found.name.start);
  const byte *next = skip_blanks(at);
  if (*next == '=') at = read_value(skip_blanks(next + 1), &found.value);
  if (is_repeated(tag, found.name, seen)) return at;
  if (tag->count == MOST_ATTRIBUTES) give_up(page, ATTRIBUTES);
  else tag->attributes[tag->count++] = found;
  return at;
}

/* Read the tag whose name begins at a place; behind it, or 0 where the page ends before it does. */
static const byte *read_tag(Page *page, const byte *at, Tag *tag) {
  uint64_t seen = 0;
  tag->count = 0;
  tag->is_self_closing = 0;
  at = read_name(at, tag);
  while (!page->reason) {
    at = skip_blanks(at);
    if (*at == '>') return at + 1;
    if (!*at) return 0;
    if (*at != '/') at = read_attribute(page, at, tag, &seen);
    else if (*++at == '>') tag->is_self_closing = 1;
  }
  return 0;
}

/* Read a tag once more, as often as that takes no longer than the page itself. */
static const byte *read_again(Page *page, const byte *at) {
  const byte *behind = read_tag(page, at, &page->again);
  page->patience -= behind - at;
  if (page->patience < 0) give_up(page, DEEP);
  return behind;
}

static APART const Attribute *attribute_of(const Tag *tag, const char *name, int32_t length) {
  for (int32_t i = 0; i < tag->count; i++) {
    const Attribute *attribute = &tag->attributes[i];
    if (attribute->name.length == length && is_spelled(attribute->name.start, name)) return attribute;
  }
  return 0;
}

/* Whether markup begins at a <, rather than text. */
static int is_markup(const byte *at) {
  return is_letter(at[1]) || at[1] == '/' || at[1] == '!' || at[1] == '?';
}

/* Whether a tag of a name begins here, as raw text counts them: the name and then a blank, a slash or an end. */
static int is_tag_of(const byte *at, const char *begins, uint32_t length) {
  return is_spelled(at, begins) && (is_blank(at[length]) || at[length] == '/' || at[length] == '>');
}

/* Where the text of a script ends: at its end tag, other than one that follows a start tag within a comment. */
static APART const byte *end_of_script(const byte *at) {
  int is_comment = 0, is_nested = 0;
  for (;; at++) {
    at = is_comment ? find_either(at, '<', '-') : find(at, '<');
    if (!*at) return at;
    if (*at == '-') {
      if (at[1] == '-' && at[2] == '>') is_comment = is_nested = 0;
    } else if (is_spelled(at, "<!--")) {
      if (!is_comment) at++; /* the hyphens of <!-- may be those of --> too */
      is_comment = 1;
    } else if (is_tag_of(at, "</script", 8)) {
      if (!is_nested) return at;
      is_nested = 0;
    } else if (is_comment && is_tag_of(at, "<script", 7)) {
      is_nested = 1;
    }
  }
}

/* Where the raw text ends that stands in an element: at its end tag, or the zeros behind the page. */
static const byte *end_of_raw(const byte *at, const Tag *tag) {
  if (tag->which == SCRIPT) return end_of_script(at);
  for (int32_t length = tag->name.length;; at++) {
    at = find(at, '<');
    if (!*at) return at;
    if (at[1] != '/' || !is_spelled(at + 2, elements[tag->which].name)) continue;
    byte next = at[2 + length];
    if (is_blank(next) || next == '/' || next == '>') return at;
  }
}

/* Behind the comment whose text begins at a place; 0 where the page ends before. */
static const byte *end_of_comment(const byte *at) {
  if (*at == '>') return at + 1;
  if (*at == '-' && at[1] == '>') return at + 2;
  for (;; at++) {
    at = find(at, '-');
    if (!*at) return 0;
    if (at[1] != '-') continue;
    if (at[2] == '>') return at + 3;
    if (at[2] == '!' && at[3] == '>') return at + 4;
  }
}
