/* Tags and their attributes, and where raw text ends. */

static int32_t attribute_of(const byte *name, int32_t length) {
  if (length > LONGEST_ATTRIBUTE) return ATTRIBUTES;
  for (int32_t i = FIRST_OF_LENGTH[length]; i < FIRST_OF_LENGTH[length + 1]; i++)
    if (is_equal(name, (const byte *)ATTRIBUTE_NAMES[i], length)) return i;
  return ATTRIBUTES;
}

/* Which attribute a name is, whatever the case of its letters. */
static int32_t attribute_of_any_case(Span name) {
  if (name.length > LONGEST_ATTRIBUTE) return ATTRIBUTES;
  v128_t bytes = short_name(wasm_v128_load(name.start), (uint32_t)name.length);
  for (int32_t i = FIRST_OF_LENGTH[name.length]; i < FIRST_OF_LENGTH[name.length + 1]; i++)
    if (wasm_i8x16_all_true(wasm_i8x16_eq(bytes, wasm_v128_load(ATTRIBUTE_NAMES[i])))) return i;
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
