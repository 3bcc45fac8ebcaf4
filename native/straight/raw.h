/* Elements that hold text alone: scripts, styles, titles and others. */

/* Whether a script is taken out: all are that hold no data for machines to read. */
static int is_removed_script(Page *page, const Tag *tag) {
  const Attribute *type = attribute_of(tag, "type", 4);
  if (!type) return 1;
  for (uint32_t i = 0; i < type->value.length; i++) {
    if (type->value.start[i] == '&') give_up(page, REFERENCE);
    if (i + 7 <= type->value.length && is_spelled(type->value.start + i, "ld+json")) return 0;
  }
  return 1;
}

static int is_removed(Page *page, const Tag *tag) {
  return tag->which == SCRIPT ? is_removed_script(page, tag) : elements[tag->which].bits & REMOVED;
}

/* Write an element and the text in it, as it is or with references. */
static void write_raw(Page *page, const Tag *tag, const byte *end) {
  write_start(page, name_of(tag->which), tag);
  if (tag->which == TITLE || tag->which == TEXTAREA) {
    const byte *at = page->at;
    if (tag->which == TEXTAREA) {
      at += *at == '\n';
      page->fresh = page->out;
    }
    write_text(page, at, end);
  } else {
    write_bytes(page, page->at, (uint32_t)(end - page->at));
  }
  write_end(page, name_of(tag->which));
}

/* Insert an element and the raw text that follows, and read past its end tag. */
static APART void insert_raw(Page *page, const Tag *tag) {
  const byte *end = end_of_raw(page->at, tag), *behind = *end ? read_tag(page, end + 2, &page->again) : 0;
  int is_unseen = page->hidden || is_removed(page, tag);
  if (page->reason) return;
  if (!behind && !is_unseen) {
    give_up(page, BROKEN_OFF);
    return;
  }
  if (!is_unseen) write_raw(page, tag, end);
  while (!behind && *end) end++; /* nothing comes behind what is never closed */
  page->at = behind ? behind : end;
}
