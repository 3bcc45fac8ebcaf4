/* The list of active formatting elements. */

static APART void remove_active(Page *page, uint32_t which) {
  Active *removed = &page->active[which];
  if (removed->place >= 0) page->open[removed->place].active = -1;
  page->active_count--;
  for (uint32_t i = which; i < page->active_count; i++) {
    page->active[i] = page->active[i + 1];
    if (page->active[i].place >= 0) page->open[page->active[i].place].active = (int8_t)i;
  }
}

static APART void add_active(Page *page, Active active) {
  if (page->active_count == MOST_ACTIVE) {
    give_up(page, DEEP);
    return;
  }
  if (active.place >= 0) page->open[active.place].active = (int8_t)page->active_count;
  page->active[page->active_count++] = active;
}

static void add_marker(Page *page) { add_active(page, (Active){.place = -1}); }

static APART void clear_to_marker(Page *page) {
  while (page->active_count) {
    byte which = page->active[page->active_count - 1].which;
    remove_active(page, page->active_count - 1);
    if (which == OTHER) return;
  }
}

/* The last of an element behind the last marker, or -1. */
static APART int find_active(const Page *page, byte which) {
  for (int i = (int)page->active_count - 1; i >= 0 && page->active[i].which != OTHER; i--)
    if (page->active[i].which == which) return i;
  return -1;
}

/* Whether an element has the attributes of a tag: 1, 0, or -1 where references would have to be read to tell. */
static APART int is_alike(Page *page, const Active *active, const Tag *tag) {
  int found = 1;
  if (active->which != tag->which || !read_again(page, active->tag)) return 0;
  if (page->again.count != tag->count) return 0;
  for (int32_t i = 0; i < tag->count; i++) {
    Span name = tag->attributes[i].name, value = tag->attributes[i].value;
    Span other_name = page->again.attributes[i].name, other = page->again.attributes[i].value;
    if (!is_same_name(name, other_name)) return 0;
    if (value.length == other.length && is_equal(value.start, other.start, value.length)) continue;
    for (int32_t j = 0; j < value.length; j++) found = value.start[j] == '&' ? -1 : found;
    for (int32_t j = 0; j < other.length; j++) found = other.start[j] == '&' ? -1 : found;
    if (found > 0) return 0;
  }
  return found;
}

/* Of elements that are alike behind the last marker, three are enough. */
static void keep_three(Page *page, const Tag *tag) {
  uint32_t same = 0, alike = 0, earliest = 0;
  for (uint32_t i = page->active_count; i-- && page->active[i].which != OTHER;)
    same += page->active[i].which == tag->which;
  if (same < 3) return;
  for (uint32_t i = page->active_count; i-- && page->active[i].which != OTHER;) {
    int found = is_alike(page, &page->active[i], tag);
    if (found < 0) give_up(page, REARRANGED);
    if (found <= 0) continue;
    alike++;
    earliest = i;
  }
  if (alike >= 3) remove_active(page, earliest);
}

/* Open a formatting element, for it to be opened again wherever it is closed by another's end. */
static APART void open_active(Page *page, const Tag *tag) {
  open_element(page, tag);
  if (page->reason) return;
  keep_three(page, tag);
  add_active(page, (Active){tag->name.start, tag->which, (int16_t)(page->depth - 1)});
}

/* Whether there are formatting elements that have been closed by another's end. */
static int has_closed_active(const Page *page) {
  if (!page->active_count) return 0;
  const Active *last = &page->active[page->active_count - 1];
  return last->which != OTHER && last->place < 0;
}

/* Open the formatting elements again that have been closed by another's end. */
static APART void reconstruct(Page *page) {
  if (!has_closed_active(page)) return;
  if (page->is_fostering) {
    give_up(page, FOSTERED);
    return;
  }
  uint32_t first = page->active_count - 1;
  while (first && page->active[first - 1].which != OTHER && page->active[first - 1].place < 0) first--;
  for (; first < page->active_count && !page->reason; first++) {
    Active *active = &page->active[first];
    read_again(page, active->tag);
    open_element(page, &page->again);
    active->place = (int16_t)(page->depth - 1);
    page->open[active->place].active = (int8_t)first;
  }
}

/* Where the stack has an element that is special above a place. */
static int has_special_above(const Page *page, uint32_t place) {
  for (uint32_t i = place + 1; i < page->depth; i++)
    if (page->open[i].bits & SPECIAL) return 1;
  return 0;
}

static int is_scope_open(const Page *page, uint32_t place) {
  for (uint32_t i = page->depth; --i > place;)
    if (page->open[i].bits & SCOPING) return 0;
  return 1;
}

/* The adoption agency, as far as it takes nothing apart: end a formatting element. Whether that was all to be done. */
static APART int adopt(Page *page, byte which) {
  Open *top = current(page);
  if (top->which == which && top->active < 0) {
    pop(page);
    return 1;
  }
  int found = find_active(page, which);
  if (found < 0) return 0;
  int place = page->active[found].place;
  if (place < 0) {
    remove_active(page, (uint32_t)found);
  } else if (is_scope_open(page, (uint32_t)place)) {
    if (has_special_above(page, (uint32_t)place)) {
      give_up(page, REARRANGED);
      return 1;
    }
    remove_active(page, (uint32_t)found);
    while (page->depth > (uint32_t)place) pop(page);
  }
  return 1;
}
