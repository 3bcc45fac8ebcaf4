/* Markup as it comes: tags, comments, document types. */

/* A comment that is none of the usual kind ends at the first >. */
static APART void read_odd_comment(Page *page, const byte *at) {
  const byte *end = find(at, '>');
  if (!*end) {
    give_up(page, BROKEN_OFF);
    return;
  }
  page->at = end + 1;
  comment(page);
}

static void read_comment(Page *page) {
  const byte *behind = end_of_comment(page->at + 4);
  if (!behind) {
    give_up(page, BROKEN_OFF);
    return;
  }
  page->at = behind;
  comment(page);
}

/* An instruction for another program than a browser is a comment where it is one of XML, or is not spelled as one. */
static APART void read_instruction(Page *page) {
  const byte *target = page->at + 2, *at = target;
  while (is_letter(*at) || *at == '_' || (at > target && (is_digit(*at) || *at == '-'))) at++;
  size_t length = (size_t)(at - target);
  int is_one = length && (is_blank(*at) || *at == '?' || *at == '>');
  if (is_one && ((length == 3 && is_spelled(target, "xml")) || (length == 14 && is_spelled(target, "xml-stylesheet"))))
    is_one = 0;
  if (is_one) give_up(page, DECLARATION);
  else read_odd_comment(page, page->at + 1);
}

/* Public identifiers of document types, and whether a table stands in the paragraph that it is found in rather than
   closes it: where that says SYSTEM, only without a system identifier. */
enum { SYSTEM = 2 };
typedef struct {
  const char *begins;
  int has_quirks;
} DocumentType;
static const DocumentType document_types[] = {
    {"-//w3c//dtd xhtml 1.", 0},
    {"-//w3c//dtd html 4.01//", 0},
    {"-//w3c//dtd html 4.01 transitional//", SYSTEM},
    {"-//w3c//dtd html 4.01 frameset//", SYSTEM},
    {"-//w3c//dtd html 4.0 transitional//", 1}};

/* Behind an identifier in quotes, or 0 where there is none that ends before `end`. */
static const byte *skip_identifier(const byte *at, const byte *end) {
  if (*at != '"' && *at != '\'') return 0;
  at = find(at + 1, *at);
  return at < end ? at + 1 : 0;
}

/* Whether a table stands in a paragraph, as a document type has it that begins with a name: 0, 1, or -1 where that is
   not told here. */
static int quirks_of(const byte *name, const byte *end) {
  if (!is_spelled(name, "html")) return 1;
  const byte *at = skip_blanks(name + 4);
  if (at == end) return 0;
  if (at == name + 4 || !is_spelled(at, "public")) return -1;
  const byte *identifier = skip_blanks(at + 6), *behind = skip_identifier(identifier, end);
  if (!behind) return -1;
  const byte *system = skip_blanks(behind), *last = system == end ? end : skip_identifier(system, end);
  if (!last || skip_blanks(last) != end || is_spelled(system + 1, "http://www.ibm.com/")) return -1;
  for (uint32_t i = 0; i < sizeof(document_types) / sizeof(*document_types); i++) {
    if (!is_spelled(identifier + 1, document_types[i].begins)) continue;
    int has_quirks = document_types[i].has_quirks;
    return has_quirks == SYSTEM ? last - system < 3 : has_quirks;
  }
  return -1;
}

static APART void read_document_type(Page *page) {
  const byte *name = skip_blanks(page->at + 9), *end = find(name, '>');
  if (!*end) {
    give_up(page, BROKEN_OFF);
    return;
  }
  page->at = end + 1;
  if (page->mode != INITIAL || is_foreign(page)) return;
  page->has_quirks = quirks_of(name, end);
  page->mode = BEFORE_ROOT;
}

/* A section of character data is text, in SVG and MathML; elsewhere a comment. */
static APART void read_section(Page *page) {
  if (!is_foreign(page)) {
    read_odd_comment(page, page->at + 2);
    return;
  }
  const byte *at = page->at + 9;
  while (*at && !(*at == ']' && at[1] == ']' && at[2] == '>')) at = find(at + 1, ']');
  if (current(page)->is_point) give_up(page, FOREIGN_CONTENT);
  page->at = *at ? at + 3 : at;
}

static void read_declaration(Page *page) {
  const byte *at = page->at + 2;
  if (*at == '-' && at[1] == '-') read_comment(page);
  else if (is_spelled(at, "doctype")) read_document_type(page);
  else if (is_equal(at, (const byte *)"[CDATA[", 7)) read_section(page);
  else read_odd_comment(page, at);
}

/* Read a tag. What breaks off within one is as if it ended before. */
static void read_start_or_end(Page *page, int is_end) {
  const byte *behind = read_tag(page, page->at + 1 + is_end, &page->tag);
  if (!behind) {
    page->at = find(page->at, 0);
    return;
  }
  page->at = behind;
  if (is_end) end(page, &page->tag);
  else start(page, &page->tag);
}

/* Behind the end tag whose name begins at a place, where it is that of the topmost element and nothing else; or 0. */
static const byte *end_of_current(Page *page, const byte *at) {
  if (!page->depth || is_foreign(page)) return 0;
  const Element *element = &elements[current(page)->which];
  v128_t is_same = wasm_i8x16_eq(short_name(wasm_v128_load(at), element->length), wasm_v128_load(element->name));
  const byte *behind = at + element->length;
  return element->length && *behind == '>' && wasm_i8x16_all_true(is_same) ? behind + 1 : 0;
}

/* Read an end tag: most are that of the topmost element. */
static void read_end(Page *page) {
  const byte *behind = end_of_current(page, page->at + 2);
  if (!behind) {
    read_start_or_end(page, 1);
    return;
  }
  const Open *open = current(page);
  page->at = behind;
  if (page->mode == IN_BODY && elements[open->which].end <= END_ITEM && !(open->bits & REMOVED)) {
    pop(page);
  } else {
    page->tag.which = open->which;
    page->tag.count = 0;
    end(page, &page->tag);
  }
}

static void read_markup(Page *page) {
  byte next = page->at[1];
  if (is_letter(next)) read_start_or_end(page, 0);
  else if (next == '!') read_declaration(page);
  else if (next == '?') read_instruction(page);
  else if (is_letter(page->at[2])) read_end(page);
  else if (page->at[2] && page->at[2] != '>') read_odd_comment(page, page->at + 2);
  else give_up(page, BROKEN_OFF); /* text on both sides of </> is one */
}

/* Close what is open when the page ends, and write what has been set down. */
static APART void end_of_page(Page *page) {
  if (page->mode == INITIAL || page->mode == BEFORE_ROOT) open_root(page);
  if (page->mode == BEFORE_HEAD) open_head(page);
  if (!page->has_body) {
    while (page->depth > 1 && current(page)->which != HEAD) pop(page);
    page->depth = 1;
    open_body(page);
  }
  while (page->depth > 1) pop(page);
  write_notes(page, 0);
  pop(page);
  write_notes(page, 1);
}

static void read_page(Page *page) {
  while (!page->reason && *page->at) {
    if (*page->at == '<' && is_markup(page->at)) read_markup(page);
    else text(page);
  }
  if (!page->reason) end_of_page(page);
}
