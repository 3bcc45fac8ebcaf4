/* Elements that hold text alone: scripts, styles, titles and others. */

/* Whether a script is taken out: all are that hold no data for machines to read. */
static int is_removed_script(Page *page, const Tag *tag) {
  const Attribute *type = attribute_of(tag, "type", 4);
  if (!type) return 1;
  for (int32_t i = 0; i < type->value.length; i++) {
    if (type->value.start[i] == '&') give_up(page, REFERENCE);
    if (i + 7 <= type->value.length && is_spelled(type->value.start + i, "ld+json")) return 0;
  }
  return 1;
}

static int is_removed(Page *page, const Tag *tag) {
  return tag->which == SCRIPT ? is_removed_script(page, tag) : elements[tag->which].bits & REMOVED;
}

/* An element and the text in it, of which that of a title has references. */
static void see_raw(Page *page, const Tag *tag, const byte *end) {
  Span content = {page->at, (int32_t)(end - page->at)};
  if (tag->which == TITLE) {
    end_text(page);
    write_text(page, page->at, end);
    content = (Span){page->text, (int32_t)(page->out - page->text)};
    page->text = page->out;
  }
  if (page->reason) return;
  begin_seen_element(page, tag->which, tag, content);
  if (tag->which == XMP || tag->which == NOFRAMES) see_text(content, 1);
  see_end_of_element(page);
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
  if (!is_unseen) see_raw(page, tag, end);
  while (!behind && *end) end++; /* nothing comes behind what is never closed */
  page->at = behind ? behind : end;
}
