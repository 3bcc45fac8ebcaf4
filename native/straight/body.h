/* The rules of the body. */

static APART void start_template(Page *page, const Tag *tag) {
  if (page->templates == MOST_TEMPLATES) {
    give_up(page, DEEP);
    return;
  }
  open_element(page, tag);
  add_marker(page);
  page->template_modes[page->templates++] = IN_TEMPLATE;
  page->mode = IN_TEMPLATE;
}

static void end_template(Page *page) {
  if (!has_open(page, TEMPLATE)) return;
  generate_implied_ends(page, OTHER);
  pop_until(page, TEMPLATE);
  clear_to_marker(page);
  page->templates--;
  reset_mode(page);
}

static Merged *merged_of(Page *page, byte which) { return which == HTML ? &page->root : &page->body; }

static int has_attribute(const Tag *tag, Span name) {
  for (int32_t i = 0; i < tag->count; i++)
    if (is_same_name(name, tag->attributes[i].name)) return 1;
  return 0;
}

/* Give an element those attributes of a tag that it does not have. */
static void add_attributes(Page *page, Tag *whole, const Tag *tag) {
  for (int32_t i = 0; i < tag->count; i++) {
    if (has_attribute(whole, tag->attributes[i].name)) continue;
    if (whole->count == MOST_ATTRIBUTES) give_up(page, ATTRIBUTES);
    else whole->attributes[whole->count++] = tag->attributes[i];
  }
}

/* Begin the html or the body element, of a tag or of none, with what later tags give it. */
static APART void open_first(Page *page, byte which, const Tag *tag) {
  Merged *merged = merged_of(page, which);
  merged->whole.which = which;
  merged->whole.count = 0;
  if (tag) add_attributes(page, &merged->whole, tag);
  if (merged->count && merged->whole.count > MOST_GIVEN) give_up(page, MERGED);
  for (uint32_t i = 0; i < merged->count && !page->reason; i++) {
    read_again(page, merged->tags[i]);
    add_attributes(page, &merged->whole, &page->again);
  }
  open_element(page, &merged->whole);
}

/* A later html or body tag gives the first those attributes that it has not. Where they are read the page is, once
   more. The number of all is limited, as those far behind in a tag state nothing. */
static APART void merge(Page *page, const Tag *tag) {
  Merged *merged = merged_of(page, tag->which);
  int is_new = 0;
  if (!tag->count || has_open(page, TEMPLATE)) return;
  page->given += tag->count;
  if (page->given > MOST_GIVEN) give_up(page, MERGED);
  for (int32_t i = 0; i < tag->count; i++) {
    Span name = tag->attributes[i].name;
    is_new |= is_read(name) && !has_attribute(&merged->whole, name);
  }
  if (!is_new || page->reason) return;
  if (merged->count < MOST_MERGED) merged->tags[merged->count++] = tag->name.start;
  else give_up(page, MERGED);
  give_up(page, AGAIN);
}

/* Whether the search for an item that a new one closes ends at an element. */
static int is_barrier(const Open *open) {
  return open->bits & SPECIAL && open->which != ADDRESS && open->which != DIV && open->which != P;
}

/* An item of a list, or a term or its description, closes the one before. */
static APART void start_item(Page *page, const Tag *tag) {
  for (uint32_t i = page->depth; i--;) {
    byte which = page->open[i].which;
    if (tag->which == LI ? which == LI : which == DD || which == DT) {
      generate_implied_ends(page, which);
      pop_until(page, which);
      break;
    }
    if (is_barrier(&page->open[i])) break;
  }
  close_paragraph(page);
  open_element(page, tag);
}

static void start_heading(Page *page, const Tag *tag) {
  close_paragraph(page);
  if (is_heading(current(page)->which)) pop(page);
  open_element(page, tag);
}

static void start_preformatted(Page *page, const Tag *tag) {
  close_paragraph(page);
  open_element(page, tag);
  if (*page->at == '\n') {
    page->at++; /* which is text, if none that is written */
    reconstruct(page);
  }
  if (!page->hidden && current(page)->which == tag->which) page->fresh = page->out;
}

/* What a table in a paragraph does depends on the document type. */
static void start_table(Page *page, const Tag *tag) {
  if (page->has_quirks < 0 && has_paragraph(page)) give_up(page, QUIRKS);
  if (!page->has_quirks) close_paragraph(page);
  open_element(page, tag);
  page->mode = IN_TABLE;
}

static void start_select(Page *page, const Tag *tag) {
  if (has_in_scope(page, SELECT)) {
    pop_until(page, SELECT);
    return;
  }
  reconstruct(page);
  open_element(page, tag);
}

static void start_button(Page *page, const Tag *tag) {
  if (has_in_scope(page, BUTTON)) {
    generate_implied_ends(page, OTHER);
    pop_until(page, BUTTON);
  }
  reconstruct(page);
  open_element(page, tag);
}

static void start_option(Page *page, const Tag *tag) {
  if (has_in_scope(page, SELECT)) generate_implied_ends(page, tag->which == OPTION ? OPTGROUP : OTHER);
  else if (current(page)->which == OPTION) pop(page);
  reconstruct(page);
  open_element(page, tag);
}

static void start_ruby(Page *page, const Tag *tag, byte except) {
  if (has_in_scope(page, RUBY)) generate_implied_ends(page, except);
  open_element(page, tag);
}

static void start_form(Page *page, const Tag *tag) {
  int is_in_template = has_open(page, TEMPLATE);
  if (page->form != NO_FORM && !is_in_template) return;
  close_paragraph(page);
  open_element(page, tag);
  if (!is_in_template) page->form = (int32_t)page->depth - 1;
}

static void start_input(Page *page, const Tag *tag) {
  if (has_in_scope(page, SELECT)) pop_until(page, SELECT);
  reconstruct(page);
  insert_void(page, tag);
}

static void start_rule(Page *page, const Tag *tag) {
  close_paragraph(page);
  if (has_in_scope(page, SELECT)) generate_implied_ends(page, OTHER);
  insert_void(page, tag);
}

static void start_image(Page *page, Tag *tag) {
  tag->which = IMG;
  reconstruct(page);
  insert_void(page, tag);
}

/* A link ends one that is still open. */
static void start_link(Page *page, const Tag *tag) {
  if (find_active(page, A) >= 0) {
    adopt(page, A);
    if (find_active(page, A) >= 0) give_up(page, REARRANGED);
  }
  reconstruct(page);
  open_active(page, tag);
}

static int is_named(const Open *open, const Tag *tag) {
  if (tag->which) return open->which == tag->which;
  return open->which == OTHER && !open->is_gone &&
         is_same_name(open->name, tag->name);
}

/* Take from the stack what a tag's end names, or nothing where a special element is open within it. */
static APART void end_any(Page *page, const Tag *tag) {
  for (uint32_t i = page->depth; i--;) {
    const Open *open = &page->open[i];
    if (!open->is_foreign && is_named(open, tag)) {
      generate_implied_ends(page, tag->which);
      while (page->depth > i) pop(page);
      return;
    }
    if (open->bits & SPECIAL) return;
  }
}

static void start_no_break(Page *page, const Tag *tag) {
  reconstruct(page);
  if (has_in_scope(page, NOBR)) {
    if (!adopt(page, NOBR)) end_any(page, tag);
    reconstruct(page);
  }
  open_active(page, tag);
}

static APART void start_foreign(Page *page, const Tag *tag) {
  reconstruct(page);
  if (tag->is_self_closing) return;
  push(page, tag->name, tag->which, REMOVED);
  current(page)->is_foreign = tag->which == SVG ? SVG_SPACE : MATH_SPACE;
}

static void start_raw(Page *page, const Tag *tag) {
  if (tag->which == XMP) {
    close_paragraph(page);
    reconstruct(page);
  }
  insert_raw(page, tag);
}

static APART void start_in_body(Page *page, Tag *tag) {
  switch (elements[tag->which].start) {
    case METADATA: insert_void(page, tag); return;
    case BLOCK: close_paragraph(page); open_element(page, tag); return;
    case HEADING: start_heading(page, tag); return;
    case PREFORMATTED: start_preformatted(page, tag); return;
    case TABLE_START: start_table(page, tag); return;
    case SELECT_START: start_select(page, tag); return;
    case FOREIGN: start_foreign(page, tag); return;
    case ITEM: case TERM: start_item(page, tag); return;
    case RULE: start_rule(page, tag); return;
    case BUTTON_START: start_button(page, tag); return;
    case OPTIONS: start_option(page, tag); return;
    case RUBY_BASE: start_ruby(page, tag, OTHER); return;
    case RUBY_TEXT: start_ruby(page, tag, RTC); return;
    case FORM_START: start_form(page, tag); return;
    case INPUT_START: start_input(page, tag); return;
    case IMAGE_START: start_image(page, tag); return;
    case RAW_TEXT: start_raw(page, tag); return;
    case LINK_START: start_link(page, tag); return;
    case NO_BREAK: start_no_break(page, tag); return;
    case FORMAT: reconstruct(page); open_active(page, tag); return;
    case MARKED: reconstruct(page); open_element(page, tag); add_marker(page); return;
    case TEMPLATE_START: start_template(page, tag); return;
    case ROOT: case BODY_START: merge(page, tag); return;
    case STRAY: return;
    case UNTOLD: give_up(page, FRAMES); return;
    case PLAIN_VOID: reconstruct(page); insert_void(page, tag); return;
    default: reconstruct(page); open_element(page, tag);
  }
}

static void end_paragraph(Page *page) {
  if (has_paragraph(page)) {
    close_paragraph(page);
  } else if (page->is_fostering) {
    give_up(page, FOSTERED);
  } else if (!page->hidden) {
    see_element(page, P, 0);
    see_end_of_element(page);
  }
}

static int has_heading_in_scope(const Page *page) {
  for (uint32_t i = page->depth; i--;) {
    if (is_heading(page->open[i].which)) return 1;
    if (page->open[i].bits & SCOPING) return 0;
  }
  return 0;
}

static void end_heading(Page *page) {
  if (!has_heading_in_scope(page)) return;
  generate_implied_ends(page, OTHER);
  while (!is_heading(current(page)->which)) pop(page);
  pop(page);
}

static void end_item(Page *page, byte which) {
  if (!(which == LI ? is_in_scope(page, LI, OL, UL) : has_in_scope(page, which))) return;
  generate_implied_ends(page, which);
  pop_until(page, which);
}

static APART void end_block(Page *page, byte which) {
  if (!has_in_scope(page, which)) return;
  generate_implied_ends(page, OTHER);
  pop_until(page, which);
}

/* A form ends on the stack, whatever is open in it. */
static void end_form(Page *page) {
  if (has_open(page, TEMPLATE)) {
    end_block(page, FORM);
    return;
  }
  int32_t place = page->form;
  page->form = NO_FORM;
  if (place < 0 || !is_scope_open(page, (uint32_t)place)) return;
  generate_implied_ends(page, OTHER);
  if (place == (int32_t)page->depth - 1) {
    pop(page);
  } else {
    Open *open = &page->open[place];
    open->which = OTHER;
    open->bits = 0;
    open->is_gone = 1;
  }
}

static void end_break(Page *page) {
  if (page->is_fostering) give_up(page, FOSTERED);
  reconstruct(page);
  if (page->hidden) return;
  see_element(page, BR, 0);
  see_end_of_element(page);
}

static void end_marked(Page *page, byte which) {
  if (!has_in_scope(page, which)) return;
  end_block(page, which);
  clear_to_marker(page);
}

/* The end of a body or of the page leaves all open for what may follow. */
static void end_page(Page *page, byte which) {
  if (has_in_scope(page, BODY)) page->mode = which == BODY ? AFTER_BODY : AFTER_AFTER_BODY;
}

static APART void end_in_body(Page *page, const Tag *tag) {
  switch (elements[tag->which].end) {
    case END_PAGE: end_page(page, tag->which); return;
    case END_PARAGRAPH: end_paragraph(page); return;
    case END_HEADING: end_heading(page); return;
    case END_ITEM: end_item(page, tag->which); return;
    case END_FORM: end_form(page); return;
    case END_BLOCK: end_block(page, tag->which); return;
    case END_FORMAT: if (!adopt(page, tag->which)) end_any(page, tag); return;
    case END_MARKED: end_marked(page, tag->which); return;
    case END_BREAK: end_break(page); return;
    default: end_any(page, tag);
  }
}
