/* The rules of tables, as far as nothing is moved out of them. Functions that return a number return whether the tag is
   to be read again, by the rules of the mode that is now. */

static int is_table_part(byte which) {
  return which == CAPTION || which == COL || which == COLGROUP || which == TBODY || which == TD || which == TFOOT ||
         which == TH || which == THEAD || which == TR;
}

static int is_row_group(byte which) { return which == TBODY || which == THEAD || which == TFOOT; }

static int is_cell(byte which) { return which == TD || which == TH; }

static void clear_to_table(Page *page) { clear_to(page, TABLE, TABLE, TABLE); }

static void clear_to_group(Page *page) { clear_to(page, TBODY, TFOOT, THEAD); }

static void clear_to_row(Page *page) { clear_to(page, TR, TR, TR); }

static int is_hidden_input(Page *page, const Tag *tag) {
  const Attribute *type = attribute_of(tag, "type", 4);
  if (!type) return 0;
  for (int32_t i = 0; i < type->value.length; i++)
    if (type->value.start[i] == '&') give_up(page, REFERENCE);
  return type->value.length == 6 && is_spelled(type->value.start, "hidden");
}

static int open_then(Page *page, byte which, int mode) {
  clear_to_table(page);
  open_named(page, which);
  page->mode = mode;
  return 1;
}

static void open_in_table(Page *page, const Tag *tag, int mode) {
  clear_to_table(page);
  if (tag->which == CAPTION) add_marker(page);
  open_element(page, tag);
  page->mode = mode;
}

static void insert_form_in_table(Page *page, const Tag *tag) {
  if (page->form != NO_FORM || has_open(page, TEMPLATE)) return;
  page->form = FORM_OFF_STACK;
  if (page->hidden) return;
  see_element(page, FORM, tag);
  see_end_of_element(page);
}

static APART int start_in_table(Page *page, Tag *tag) {
  byte which = tag->which;
  if (which == CAPTION) open_in_table(page, tag, IN_CAPTION);
  else if (which == COLGROUP) open_in_table(page, tag, IN_COLUMN_GROUP);
  else if (is_row_group(which)) open_in_table(page, tag, IN_TABLE_BODY);
  else if (which == COL) return open_then(page, COLGROUP, IN_COLUMN_GROUP);
  else if (is_cell(which) || which == TR) return open_then(page, TBODY, IN_TABLE_BODY);
  else if (which == STYLE || which == SCRIPT) insert_raw(page, tag);
  else if (which == FORM) insert_form_in_table(page, tag);
  else if (which == INPUT && is_hidden_input(page, tag)) insert_void(page, tag);
  else if (which != TABLE) give_up(page, FOSTERED);
  else if (has_in_table_scope(page, TABLE)) {
    pop_until(page, TABLE);
    reset_mode(page);
    return 1;
  }
  return 0;
}

static APART int end_in_table(Page *page, const Tag *tag) {
  byte which = tag->which;
  if (which == TABLE) {
    if (!has_in_table_scope(page, TABLE)) return 0;
    pop_until(page, TABLE);
    reset_mode(page);
  } else if (which != BODY && which != HTML && !is_table_part(which)) {
    page->is_fostering = 1;
    end_in_body(page, tag);
    page->is_fostering = 0;
  }
  return 0;
}

/* Close a caption for a tag that cannot stand in it. */
static APART int leave_caption(Page *page) {
  if (!has_in_table_scope(page, CAPTION)) return 0;
  generate_implied_ends(page, OTHER);
  pop_until(page, CAPTION);
  clear_to_marker(page);
  page->mode = IN_TABLE;
  return 1;
}

static int start_in_caption(Page *page, Tag *tag) {
  if (is_table_part(tag->which)) return leave_caption(page);
  start_in_body(page, tag);
  return 0;
}

static int end_in_caption(Page *page, const Tag *tag) {
  if (tag->which == TABLE) return leave_caption(page);
  if (tag->which == CAPTION) leave_caption(page);
  else end_in_body(page, tag);
  return 0;
}

static int leave_column_group(Page *page) {
  if (current(page)->which != COLGROUP) return 0;
  pop(page);
  page->mode = IN_TABLE;
  return 1;
}

static int start_in_column_group(Page *page, Tag *tag) {
  if (tag->which == HTML) merge(page, tag);
  else if (tag->which == COL) insert_void(page, tag);
  else return leave_column_group(page);
  return 0;
}

static int end_in_column_group(Page *page, const Tag *tag) {
  int has_left = leave_column_group(page);
  return has_left && tag->which != COLGROUP;
}

static APART int has_group_in_scope(const Page *page) {
  return has_in_table_scope(page, TBODY) || has_in_table_scope(page, THEAD) || has_in_table_scope(page, TFOOT);
}

static APART int leave_table_body(Page *page) {
  if (!has_group_in_scope(page)) return 0;
  clear_to_group(page);
  pop(page);
  page->mode = IN_TABLE;
  return 1;
}

static int start_in_table_body(Page *page, Tag *tag) {
  byte which = tag->which;
  if (which == TR || is_cell(which)) {
    clear_to_group(page);
    if (which == TR) open_element(page, tag);
    else open_named(page, TR);
    page->mode = IN_ROW;
    return which != TR;
  }
  return is_table_part(which) ? leave_table_body(page) : start_in_table(page, tag);
}

static int end_in_table_body(Page *page, const Tag *tag) {
  byte which = tag->which;
  if (which == TABLE) return leave_table_body(page);
  if (!is_row_group(which)) return end_in_table(page, tag);
  if (has_in_table_scope(page, which)) leave_table_body(page);
  return 0;
}

static APART int leave_row(Page *page) {
  if (!has_in_table_scope(page, TR)) return 0;
  clear_to_row(page);
  pop(page);
  page->mode = IN_TABLE_BODY;
  return 1;
}

static int start_in_row(Page *page, Tag *tag) {
  if (!is_cell(tag->which)) return is_table_part(tag->which) ? leave_row(page) : start_in_table(page, tag);
  clear_to_row(page);
  open_element(page, tag);
  add_marker(page);
  page->mode = IN_CELL;
  return 0;
}

static int end_in_row(Page *page, const Tag *tag) {
  byte which = tag->which;
  if (which == TABLE) return leave_row(page);
  if (is_row_group(which)) {
    if (!has_in_table_scope(page, which)) return 0;
    clear_to_row(page);
    pop(page);
    page->mode = IN_TABLE_BODY;
    return 1;
  }
  if (which != TR) return end_in_table(page, tag);
  leave_row(page);
  return 0;
}

static APART int leave_cell(Page *page, byte which) {
  if (!has_in_table_scope(page, which)) return 0;
  generate_implied_ends(page, OTHER);
  pop_until(page, which);
  clear_to_marker(page);
  page->mode = IN_ROW;
  return 1;
}

static byte cell_in_scope(const Page *page) { return has_in_table_scope(page, TD) ? TD : TH; }

static int start_in_cell(Page *page, Tag *tag) {
  if (is_table_part(tag->which)) return leave_cell(page, cell_in_scope(page));
  start_in_body(page, tag);
  return 0;
}

static int end_in_cell(Page *page, const Tag *tag) {
  byte which = tag->which;
  if (is_cell(which)) {
    leave_cell(page, which);
  } else if (which == TABLE || is_row_group(which) || which == TR) {
    return has_in_table_scope(page, which) && leave_cell(page, cell_in_scope(page));
  } else if (which != BODY && which != HTML && !is_table_part(which)) {
    end_in_body(page, tag);
  }
  return 0;
}
