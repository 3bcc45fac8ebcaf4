/* The stack of open elements. */

static Open *current(Page *page) { return &page->open[page->depth - 1]; }

/* Put an element on the stack that has begun where the page is. */
static void push(Page *page, Span name, byte which, byte bits) {
  if (page->depth == MOST_OPEN) {
    give_up(page, DEEP);
    return;
  }
  page->open[page->depth++] = (Open){.name = name, .which = which, .bits = bits, .active = -1};
  if (bits & REMOVED) page->hidden++;
  if (which == P) page->paragraphs++;
  page->open[page->depth - 1].is_seen = !page->hidden;
}

/* Insert an element of a tag, or of a name alone, and leave it open. */
static void open_element(Page *page, const Tag *tag) {
  byte bits = elements[tag->which].bits;
  if (!page->hidden && !(bits & REMOVED)) see_element(page, tag->which, tag);
  push(page, tag->name, tag->which, bits);
}

static APART void open_named(Page *page, byte which) {
  if (!page->hidden) see_element(page, which, 0);
  push(page, name_of(which), which, elements[which].bits);
}

/* Insert an element that has no content. */
static APART void insert_void(Page *page, const Tag *tag) {
  if (page->hidden) return;
  see_element(page, tag->which, tag);
  see_end_of_element(page);
}

/* Take the topmost element from the stack, and forms that have been taken from below it. */
static void pop(Page *page) {
  do {
    Open *open = &page->open[--page->depth];
    if (open->is_seen) see_end_of_element(page);
    if (open->bits & REMOVED) page->hidden--;
    if (open->which == P) page->paragraphs--;
    if (open->active >= 0) page->active[open->active].place = -1;
    if (page->form == (int32_t)page->depth) page->form = FORM_OFF_STACK;
  } while (page->depth && current(page)->is_gone);
}

static int is_html(const Open *open, byte which) { return open->which == which && !open->is_foreign; }

/* Whether an element is open, with nothing that ends a scope, nor any of two elements more, in it. */
static APART int is_in_scope(const Page *page, byte which, byte barrier, byte other_barrier) {
  for (uint32_t i = page->depth; i--;) {
    const Open *open = &page->open[i];
    if (is_html(open, which)) return 1;
    if (open->bits & SCOPING || (!open->is_foreign && open->which != OTHER &&
                                 (open->which == barrier || open->which == other_barrier)))
      return 0;
  }
  return 0;
}

static APART int has_in_scope(const Page *page, byte which) { return is_in_scope(page, which, OTHER, OTHER); }

static int has_paragraph(const Page *page) { return page->paragraphs && is_in_scope(page, P, BUTTON, BUTTON); }

static APART int has_in_table_scope(const Page *page, byte which) {
  for (uint32_t i = page->depth; i--;) {
    const Open *open = &page->open[i];
    if (open->is_foreign) continue;
    if (open->which == which) return 1;
    if (open->which == TABLE || open->which == TEMPLATE || open->which == HTML) return 0;
  }
  return 0;
}

static APART int has_open(const Page *page, byte which) {
  for (uint32_t i = page->depth; i--;)
    if (page->open[i].which == which) return 1;
  return 0;
}

/* Bits of an element of foreign content are none of those that its name has in HTML. */
static int is_implied(const Open *open) { return (elements[open->which].bits & IMPLIED) != 0; }

static APART void generate_implied_ends(Page *page, byte except) {
  while (is_implied(current(page)) && current(page)->which != except) pop(page);
}

static APART void pop_until(Page *page, byte which) {
  while (page->depth > 1 && !is_html(current(page), which)) pop(page);
  if (page->depth > 1) pop(page);
}

static APART void close_paragraph(Page *page) {
  if (!has_paragraph(page)) return;
  generate_implied_ends(page, P);
  pop_until(page, P);
}

/* Take elements from the stack down to a table, a row or what holds rows. */
static APART void clear_to(Page *page, byte one, byte other, byte another) {
  for (;;) {
    byte which = current(page)->which;
    if (which == one || which == other || which == another || which == HTML || which == TEMPLATE) return;
    pop(page);
  }
}

static APART void reset_mode(Page *page) {
  for (uint32_t i = page->depth; i--;) {
    byte which = page->open[i].is_foreign ? OTHER : page->open[i].which;
    page->mode = which == TD || which == TH                            ? IN_CELL
                 : which == TR                                         ? IN_ROW
                 : which == TBODY || which == THEAD || which == TFOOT  ? IN_TABLE_BODY
                 : which == CAPTION                                    ? IN_CAPTION
                 : which == COLGROUP                                   ? IN_COLUMN_GROUP
                 : which == TABLE                                      ? IN_TABLE
                 : which == TEMPLATE                                   ? page->template_modes[page->templates - 1]
                 : which == HEAD                                       ? IN_HEAD
                 : which == BODY                                       ? IN_BODY
                 : which == HTML                                       ? AFTER_HEAD
                                                                       : INITIAL;
    if (page->mode != INITIAL) return;
  }
}
