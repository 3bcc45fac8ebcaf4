/* Tags, texts, comments and document types by the rules of the mode that is. */

static int is_table_mode(int mode) { return mode >= IN_TABLE && mode <= IN_CELL; }

/* Whether a tag ends a select that is open in a table. */
static int leaves_select(const Page *page, byte which) {
  return is_table_mode(page->mode) && page->mode != IN_COLUMN_GROUP &&
         ((is_table_part(which) && which != COL && which != COLGROUP) || which == TABLE) && has_in_scope(page, SELECT);
}

static int start_in_template(Page *page, const Tag *tag) {
  byte which = tag->which;
  if (insert_in_head(page, tag)) return 0;
  page->mode = which == COL                              ? IN_COLUMN_GROUP
               : which == TR                             ? IN_TABLE_BODY
               : is_cell(which)                          ? IN_ROW
               : is_table_part(which)                    ? IN_TABLE
                                                         : IN_BODY;
  page->template_modes[page->templates - 1] = (byte)page->mode;
  return 1;
}

/* Read a start tag by the rules of the mode; whether it is to be read again. */
static int start_in_mode(Page *page, Tag *tag) {
  if (is_table_mode(page->mode) && tag->which == TEMPLATE) {
    start_template(page, tag);
    return 0;
  }
  if (leaves_select(page, tag->which)) {
    pop_until(page, SELECT);
    reset_mode(page);
    return 1;
  }
  switch (page->mode) {
    case INITIAL: page->has_quirks = 1; page->mode = BEFORE_ROOT; return 1;
    case BEFORE_ROOT: return start_before_root(page, tag);
    case BEFORE_HEAD: return start_before_head(page, tag);
    case IN_HEAD: return start_in_head(page, tag);
    case IN_HEAD_NOSCRIPT: return start_in_head_noscript(page, tag);
    case AFTER_HEAD: return start_after_head(page, tag);
    case IN_TABLE: return start_in_table(page, tag);
    case IN_CAPTION: return start_in_caption(page, tag);
    case IN_COLUMN_GROUP: return start_in_column_group(page, tag);
    case IN_TABLE_BODY: return start_in_table_body(page, tag);
    case IN_ROW: return start_in_row(page, tag);
    case IN_CELL: return start_in_cell(page, tag);
    case IN_TEMPLATE: return start_in_template(page, tag);
    case AFTER_BODY: case AFTER_AFTER_BODY: page->mode = IN_BODY; return 1;
    default: start_in_body(page, tag); return 0;
  }
}

static int end_in_mode(Page *page, const Tag *tag) {
  if (page->mode >= IN_HEAD && tag->which == TEMPLATE) {
    end_template(page);
    return 0;
  }
  switch (page->mode) {
    case INITIAL: page->has_quirks = 1; page->mode = BEFORE_ROOT; return 1;
    case BEFORE_ROOT: case BEFORE_HEAD: case IN_HEAD: case IN_HEAD_NOSCRIPT: case AFTER_HEAD:
      return end_before_body(page, tag);
    case IN_TABLE: return end_in_table(page, tag);
    case IN_CAPTION: return end_in_caption(page, tag);
    case IN_COLUMN_GROUP: return end_in_column_group(page, tag);
    case IN_TABLE_BODY: return end_in_table_body(page, tag);
    case IN_ROW: return end_in_row(page, tag);
    case IN_CELL: return end_in_cell(page, tag);
    case IN_TEMPLATE: return 0;
    case AFTER_BODY:
      page->mode = tag->which == HTML ? AFTER_AFTER_BODY : IN_BODY;
      return tag->which != HTML;
    case AFTER_AFTER_BODY: page->mode = IN_BODY; return 1;
    default: end_in_body(page, tag); return 0;
  }
}

/* Whether an element of SVG or MathML holds HTML, or text by the rules of HTML. */
static int is_point(byte which, byte space) {
  if (space == SVG_SPACE) return which == FOREIGNOBJECT || which == DESC || which == TITLE;
  return which == MI || which == MO || which == MN || which == MS || which == MTEXT;
}

/* Whether a start tag breaks out of foreign content, or may. */
static int breaks_out(byte which) {
  switch (which) {
    case B: case BIG: case BLOCKQUOTE: case BODY: case BR: case CENTER: case CODE: case DD: case DIV: case DL: case DT:
    case EM: case EMBED: case FONT: case H1: case H2: case H3: case H4: case H5: case H6: case HEAD: case HR: case I:
    case IMG: case LI: case LISTING: case MENU: case META: case NOBR: case OL: case P: case PRE: case RUBY: case S:
    case SMALL: case SPAN: case STRONG: case STRIKE: case SUB: case SUP: case TABLE: case TT: case U: case UL: case VAR:
      return 1;
    default: return 0;
  }
}

/* A tag in SVG or MathML, none of which is written; it must only be told where they end. */
static APART void start_in_foreign(Page *page, const Tag *tag) {
  byte which = tag->which, space = current(page)->is_foreign;
  if (current(page)->is_point || breaks_out(which) || which == ANNOTATION_XML || which == TEMPLATE || which == HTML) {
    give_up(page, FOREIGN_CONTENT);
  } else if (!tag->is_self_closing) {
    byte is_within = (byte)is_point(which, space);
    push(page, tag->name, which, is_within ? SPECIAL | SCOPING : 0);
    current(page)->is_foreign = space;
    current(page)->is_point = is_within;
  }
}

/* End an element of SVG or MathML. Whether a tag did, rather than one of HTML around them. */
static APART int end_in_foreign(Page *page, const Tag *tag) {
  if (tag->which == BR || tag->which == P) {
    give_up(page, FOREIGN_CONTENT);
    return 1;
  }
  for (uint32_t i = page->depth; page->open[--i].is_foreign;) {
    Span name = page->open[i].name;
    if (!is_same_name(name, tag->name)) continue;
    while (page->depth > i) pop(page);
    return 1;
  }
  return 0;
}

static int is_foreign(Page *page) { return page->depth && current(page)->is_foreign; }

static void start(Page *page, Tag *tag) {
  if (is_foreign(page)) start_in_foreign(page, tag);
  else
    while (!page->reason && start_in_mode(page, tag)) {}
}

static void end(Page *page, const Tag *tag) {
  if (is_foreign(page) && end_in_foreign(page, tag)) return;
  while (!page->reason && end_in_mode(page, tag)) {}
}

static int is_end_of_text(const byte *at) { return !*at || (*at == '<' && is_markup(at)); }

/* Behind the blanks that text begins with, of which it is told that no reference is one. */
static APART const byte *skip_blank_text(Page *page, const byte *at) {
  at = skip_blanks(at);
  if (may_be_blank(at)) give_up(page, REFERENCE);
  return at;
}

static APART void write_blanks(Page *page, const byte *end) {
  if (!page->hidden) write_bytes(page, (Span){page->at, (int32_t)(end - page->at)});
  page->at = end;
}

static APART void text_in_body(Page *page) {
  reconstruct(page);
  page->at = page->hidden ? skip_text(page->at) : write_text(page, page->at, 0);
}

/* Text before the body; what is no blank opens it. Whether there is text left. */
static APART int text_before_body(Page *page) {
  const byte *end = skip_blank_text(page, page->at);
  int is_over = is_end_of_text(end);
  switch (page->mode) {
    case INITIAL: case BEFORE_ROOT: case BEFORE_HEAD:
      page->at = end;
      if (is_over) return 0;
      if (page->mode == INITIAL) page->has_quirks = 1;
      if (page->mode != BEFORE_HEAD) open_root(page);
      open_head(page);
      return 1;
    case IN_HEAD:
      write_blanks(page, end);
      if (!is_over) leave_head(page);
      return !is_over;
    case IN_HEAD_NOSCRIPT:
      if (is_over) page->at = end;
      else leave_noscript(page);
      return !is_over;
    default:
      if (end > page->at) add_note(page, (Note){{page->at, (int32_t)(end - page->at)}, 0});
      page->at = end;
      if (!is_over) open_body(page);
      return !is_over;
  }
}

static void text_in_table(Page *page) {
  const byte *end = skip_blank_text(page, page->at);
  if (is_end_of_text(end)) write_blanks(page, end);
  else give_up(page, FOSTERED);
}

/* Text in a group of columns. Whether there is text left. */
static int text_in_column_group(Page *page) {
  const byte *end = skip_blank_text(page, page->at);
  if (current(page)->which != COLGROUP) {
    give_up(page, FOSTERED);
    return 0;
  }
  write_blanks(page, end);
  return !is_end_of_text(end) && leave_column_group(page);
}

static void text_behind_body(Page *page) {
  if (!is_end_of_text(skip_blank_text(page, page->at))) page->mode = IN_BODY;
  text_in_body(page);
}

static int text_in_mode(Page *page) {
  switch (page->mode) {
    case INITIAL: case BEFORE_ROOT: case BEFORE_HEAD: case IN_HEAD: case IN_HEAD_NOSCRIPT: case AFTER_HEAD:
      return text_before_body(page);
    case IN_TABLE: case IN_TABLE_BODY: case IN_ROW: text_in_table(page); return 0;
    case IN_COLUMN_GROUP: return text_in_column_group(page);
    case AFTER_BODY: case AFTER_AFTER_BODY: text_behind_body(page); return 0;
    default: text_in_body(page); return 0;
  }
}

static APART void text(Page *page) {
  if (!is_foreign(page)) {
    while (!page->reason && text_in_mode(page)) {}
  } else if (current(page)->is_point && has_closed_active(page)) {
    give_up(page, FOREIGN_CONTENT);
  } else {
    page->at = skip_text(page->at);
  }
}

static APART void comment(Page *page) {
  Note note = {{0, 0}, page->mode == AFTER_AFTER_BODY};
  if (!is_foreign(page)) {
    if (page->mode == AFTER_HEAD || page->mode == AFTER_BODY || page->mode == AFTER_AFTER_BODY) {
      add_note(page, note);
      return;
    }
  }
  if (!page->hidden) write_note(page, &note);
}
