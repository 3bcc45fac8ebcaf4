/* Marks in order of their starts. */

/* The line after those that were read, where tabs that became newlines begin lines too; 0 after the last. */
static int next_line(const Page *page, int32_t *lines, int32_t *tabs, Line *line) {
  while (*tabs < page->tabs_count && !page->tabs[*tabs].is_newline) ++*tabs;
  const Line *own = *lines < page->lines_count ? &page->lines_found[*lines] : 0;
  const Tab *tab = *tabs < page->tabs_count ? &page->tabs[*tabs] : 0;
  if (!own && !tab) return 0;
  if (own && (!tab || own->begin < tab->position)) {
    *line = *own;
    ++*lines;
  } else {
    *line = (Line){tab->position + 1, tab->position, tab->path};
    ++*tabs;
  }
  return 1;
}

/* What goes into the marks that are given out, a place of each input further on. The code of a path is its place in
   `paths` behind all tags; `slots` hold these places, from 1 on. */
typedef struct {
  Mark *marks;
  hash *paths;
  int32_t tags, count, paths_count, row, separator;
  int32_t slots[PATH_SLOTS];
} Ordered;

/* The place of a path among the others, where it may stand twice if too many share their slots. */
static int32_t place_of_path(Ordered *ordered, hash path) {
  int32_t *slot = ordered->slots;
  for (hash i = 0; i < NEAR; i++) {
    slot = &ordered->slots[(path + i) % PATH_SLOTS];
    if (!*slot) break;
    if (ordered->paths[*slot - 1] == path) return *slot - 1;
  }
  ordered->paths[ordered->paths_count++] = path;
  *slot = ordered->paths_count;
  return *slot - 1;
}

/* An element before whose text something was put begins behind that. */
static int32_t behind_separator(const Page *page, Ordered *ordered, int32_t start) {
  while (ordered->separator < page->separators_count && page->separators[ordered->separator][0] < start)
    ordered->separator++;
  if (ordered->separator == page->separators_count || page->separators[ordered->separator][0] != start) return start;
  return start + page->separators[ordered->separator][1];
}

/* Give out the marks of elements that begin no later than a position. */
static void order_elements(const Page *page, Ordered *ordered, int32_t position) {
  for (; ordered->row < page->rows_count; ordered->row++) {
    Mark mark = page->rows[ordered->row];
    if (mark.end == NOTHING) continue;
    mark.start = behind_separator(page, ordered, mark.start);
    if (mark.start > position) return;
    ordered->marks[ordered->count++] = mark;
  }
}

/* Give out all marks in order of their starts, of those that begin at one place elements before the path, and the
   outermost first. There is room for one a row and one a line. */
static void order_marks(const Page *page, Ordered *ordered) {
  int32_t lines = 0, tabs = 0;
  Line line, next;
  int has_line = next_line(page, &lines, &tabs, &line);
  while (has_line) {
    int has_next;
    while ((has_next = next_line(page, &lines, &tabs, &next)) && next.path == line.path) continue;
    order_elements(page, ordered, line.begin);
    int32_t code = ordered->tags + place_of_path(ordered, line.path);
    ordered->marks[ordered->count++] = (Mark){line.begin, has_next ? next.before : page->length, code};
    line = next;
    has_line = has_next;
  }
  order_elements(page, ordered, page->length);
}
