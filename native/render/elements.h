/* Elements as they begin and end: what is hidden, marks, cells. */

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

/* The path below an element that is known: the checksum goes on with its name and its classes. */
static hash path_below(const Page *page, Span name, Span classes) {
  byte token[SCRATCH];
  copy(token, name.start, name.length);
  token[name.length] = '.';
  int32_t length = name.length + 1;
  length += read_value(classes, token + length, LONGEST_NAMES, 0);
  return crc32(token, length, page->path);
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

/* An element begins, within none that is hidden; whether it is seen is decided here. `content` is the text of a title or
   a script. */
static void start_element(Page *page, Span name, int32_t element, const Attributes *attributes, Span content) {
  int32_t which = element >> 16 & 255;
  const Said *said = said_of(page, attributes);
  Open open = {0};
  open.is_counted = state(page, which, attributes, &open);
  if (which == TITLE) add_fact(page, TITLE_FACT, page->length, 0, &content, 1);
  if (which == SCRIPT && is_json(attributes)) add_fact(page, JSON_FACT, page->length, 0, &content, 1);
  if (is_hidden(element, attributes, said)) {
    page->hidden = 1;
  } else {
    begin_marks(page, element, said, &open);
    begin_element(page, name, element, attributes, &open);
  }
}

/* Read an element's tag, and the text that it holds where it is raw. */
static void read_start(Page *page) {
  Span name = read_name(page);
  int32_t element = look_up(&page->elements, name.start, name.length), which = element >> 16 & 255;
  Attributes attributes = {0};
  read_attributes(page, page->hidden ? 0 : &attributes);
  const byte *end = which == TITLE || is_raw(element) ? end_of_text(page, name, element) : page->at;
  Span content = {page->at, (int32_t)(end - page->at)};
  if (page->hidden) page->hidden++;
  else start_element(page, name, element, &attributes, content);
  if (element & VOID) {
    end_element(page);
  } else if (is_raw(element)) {
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
    read_start(page);
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
