/* The rules before the body, and what is set down for later. */

static APART void write_note(Page *page, const Note *note) {
  if (note->blanks.start) write_bytes(page, note->blanks);
  else end_text(page);
}

/* Set down what belongs behind what is still open. */
static APART void add_note(Page *page, Note note) {
  if (page->notes_count == MOST_NOTES) give_up(page, LATE);
  else page->notes[page->notes_count++] = note;
}

static APART void write_notes(Page *page, int is_behind_root) {
  for (uint32_t i = 0; i < page->notes_count; i++)
    if (page->notes[i].is_behind_root == is_behind_root) write_note(page, &page->notes[i]);
}

/* The head has not ended for who reads the page, for what comes late; it ends when the body begins. */
static APART void leave_head(Page *page) {
  page->depth--;
  page->mode = AFTER_HEAD;
}

static APART void open_root(Page *page) {
  open_first(page, HTML, 0);
  page->mode = BEFORE_HEAD;
}

static APART void open_head(Page *page) {
  open_named(page, HEAD);
  page->mode = IN_HEAD;
}

static APART void close_head(Page *page) {
  see_end_of_element(page);
  write_notes(page, 0);
  page->notes_count = 0;
  page->has_body = 1;
  page->mode = IN_BODY;
}

static APART void open_body(Page *page) {
  close_head(page);
  open_first(page, BODY, 0);
}

/* Whether an end tag before the body opens it, or what comes before. */
static int opens_body(byte which) { return which == BODY || which == HTML || which == BR; }

static int is_metadata(byte which) { return elements[which].start == METADATA; }

static int is_raw_of_head(byte which) {
  return which == TITLE || which == STYLE || which == SCRIPT || which == NOFRAMES;
}

/* What stands in a head is inserted. Whether it was. */
static APART int insert_in_head(Page *page, const Tag *tag) {
  if (is_metadata(tag->which)) insert_void(page, tag);
  else if (is_raw_of_head(tag->which)) insert_raw(page, tag);
  else if (tag->which == TEMPLATE) start_template(page, tag);
  else return 0;
  return 1;
}

static int start_before_root(Page *page, Tag *tag) {
  if (tag->which != HTML) {
    open_root(page);
    return 1;
  }
  open_first(page, HTML, tag);
  page->mode = BEFORE_HEAD;
  return 0;
}

static int start_before_head(Page *page, Tag *tag) {
  if (tag->which == HTML) {
    merge(page, tag);
  } else if (tag->which == HEAD) {
    open_element(page, tag);
    page->mode = IN_HEAD;
  } else {
    open_head(page);
    return 1;
  }
  return 0;
}

static int start_in_head(Page *page, Tag *tag) {
  if (insert_in_head(page, tag) || tag->which == HEAD) return 0;
  if (tag->which == HTML) {
    merge(page, tag);
  } else if (tag->which == NOSCRIPT) {
    open_element(page, tag);
    page->mode = IN_HEAD_NOSCRIPT;
  } else {
    leave_head(page);
    return 1;
  }
  return 0;
}

static void leave_noscript(Page *page) {
  pop(page);
  page->mode = IN_HEAD;
}

static int start_in_head_noscript(Page *page, Tag *tag) {
  byte which = tag->which;
  if (which == HTML) merge(page, tag);
  else if (which == STYLE || which == NOFRAMES) insert_raw(page, tag);
  else if (!(is_metadata(which) && which != BASE) && which != HEAD && which != NOSCRIPT) {
    leave_noscript(page);
    return 1;
  }
  return 0;
}

static int start_after_head(Page *page, Tag *tag) {
  if (tag->which == FRAMESET) {
    give_up(page, FRAMES);
  } else if (tag->which == BODY) {
    close_head(page);
    open_first(page, BODY, tag);
  } else if (!insert_in_head(page, tag)) {
    open_body(page);
    return 1;
  }
  return 0;
}

/* An end tag by the rules before the body; whether it is to be read again. */
static APART int end_before_body(Page *page, const Tag *tag) {
  byte which = tag->which;
  int is_head = which == HEAD;
  if (page->mode == IN_HEAD_NOSCRIPT) {
    if (which == NOSCRIPT || which == BR) leave_noscript(page);
    return which == BR;
  }
  if (page->mode == IN_HEAD && is_head) {
    leave_head(page);
    return 0;
  }
  if (!opens_body(which) && !(is_head && page->mode < IN_HEAD)) return 0;
  if (page->mode == BEFORE_ROOT) open_root(page);
  else if (page->mode == BEFORE_HEAD) open_head(page);
  else if (page->mode == IN_HEAD) leave_head(page);
  else open_body(page);
  return 1;
}
