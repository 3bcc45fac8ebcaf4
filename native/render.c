/* The text of an HTML page as a reader sees it, the marks on it, and where it states something.

   The page comes as turbohtml writes a parsed one: each element that has content is closed, in order; attributes are
   name="value"; text and values have &amp; &lt; &gt; &quot; &nbsp; and no other reference; what stands in script, xmp
   and noframes is as it was. A single pass reads it. Most pages are never written so: straight.c says what would be, piece
   by piece (seen.h). readers/elements.py and class_names.py say what names mean; the rules of lines, cells and marks
   stand here. Nothing is read or written outside the arrays; where one is full the page is read again with larger ones.

   Positions are code points of the text so far, unless they are called bytes. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "seen.h"
#include "names.h"
#include "render/records.h"
#include "render/bytes.h"
#include "render/characters.h"
#include "render/class_names.h"
#include "render/tags.h"
#include "render/text.h"
#include "render/facts.h"
#include "render/elements.h"
#include "render/marks.h"

/* Names and what they say, as readers/walk.py lays them out for good. Numbers of slots are powers of 2. `tags` are how
   many of marks there are. */
typedef struct Names {
  const Slot *element_slots;
  const byte *element_names;
  const uint32_t *elements_known;
  const Slot *name_slots;
  const byte *names;
  const uint32_t *names_known;
  uint32_t elements, class_names, tags;
} Names;

/* What is to be read, and what is found in it, and how much of each; facts are a kind, start and end, and how many of
   `values` are theirs, which stand one after the other, each with a zero behind. */
typedef struct {
  Reading reading;
  byte *text;
  Mark *marks;
  hash *paths;
  int32_t (*facts)[FACT_COLUMNS];
  byte *values;
  int32_t bytes, marks_count, paths_count, facts_count, values_bytes;
} Record;

/* Facts of which a page has more are left out. */
enum { FACTS = 4096 };

/* Room for rows, behind what has been given out; whether there is as much memory is asked when all is. */
static void *take(uint64_t *end, uint64_t rows, uint32_t size) {
  uint64_t first = (*end + 15) & ~15ull;
  *end = first + rows * size;
  return (void *)(uintptr_t)first;
}

/* Whether the memory reaches up to an address, grown where it does not. */
static int has_memory(uint64_t end) {
  uint64_t size = (uint64_t)__builtin_wasm_memory_size(0) << 16;
  if (end <= size) return 1;
  return end <= UINT32_MAX && __builtin_wasm_memory_grow(0, (end - size + 65535) >> 16) != (size_t)-1;
}

static Page page;
static Record record;

static Table elements_of(const Names *names) {
  return (Table){names->element_slots, names->element_names, names->elements_known, names->elements - 1};
}

/* Lay out the arrays of a page of so many bytes behind an address, `rows` of each kind. Twice as many of paths, as a tab
   may begin a line too, and a mark for each of these and of the rows of marks. The address behind them. */
static uint64_t lay_out(uint64_t end, uint64_t bytes, uint64_t rows) {
  uint64_t marks = rows < MOST_MARKS ? rows : MOST_MARKS;
  page.rows = take(&end, marks, sizeof(Mark));
  page.lines_found = take(&end, rows, sizeof(Line));
  page.separators = take(&end, rows, sizeof(*page.separators));
  page.open = take(&end, rows, sizeof(Open));
  page.tabs = take(&end, rows, sizeof(Tab));
  page.text = record.text = take(&end, bytes + ROOM, 1);
  record.marks = take(&end, marks + 2 * rows, sizeof(Mark));
  record.paths = take(&end, 2 * rows, sizeof(hash));
  page.facts = record.facts = take(&end, FACTS, sizeof(*page.facts));
  page.values = record.values = take(&end, 2 * bytes + 4 * FACTS + ROOM, 1);
  return end;
}

Reading *what_to_read(void) { return &record.reading; }

int begin_seen(uint64_t room, uint64_t bytes, uint64_t rows) {
  const Names *names = record.reading.names;
  if (rows > 2 * (bytes + record.reading.rows)) __builtin_trap(); /* a row is of some bytes of the page */
  if (!crc[0][1]) make_crc();
  page = (Page){.elements = elements_of(names),
                .names = {names->name_slots, names->names, names->names_known, names->class_names - 1},
                .capacity = (int32_t)rows,
                .text_capacity = (int32_t)bytes,
                .fact_capacity = FACTS,
                .values_capacity = (int32_t)(2 * bytes + 4 * FACTS),
                .gap = 1};
  uint64_t end = lay_out(room, bytes, rows);
  record.reading.reason = 0;
  record.reading.needed = has_memory(end) ? 0 : (uint32_t)((end + 65535) >> 16);
  return !record.reading.needed;
}

void end_seen(void) {
  static Ordered ordered;
  ordered = (Ordered){.marks = record.marks, .paths = record.paths, .tags = (int32_t)record.reading.names->tags};
  order_marks(&page, &ordered);
  record.bytes = page.bytes;
  record.marks_count = ordered.count;
  record.paths_count = ordered.paths_count;
  record.facts_count = page.facts_count;
  record.values_bytes = page.values_bytes;
}

int is_seen_full(void) { return page.is_full; }

int32_t number_of(Span name) {
  Table elements = elements_of(record.reading.names);
  return look_up(&elements, name.start, name.length);
}

int is_read(Span name) { return attribute_of_any_case(name) != ATTRIBUTES; }

void see_start(int32_t number, Span name, const Attribute *attributes, int32_t count, Span content) {
  if (page.hidden) {
    page.hidden++;
    return;
  }
  Attributes found = {0};
  int is_link = (number >> 16 & 255) == LINK;
  for (int32_t i = 0; i < count; i++) {
    int32_t which = attribute_of_any_case(attributes[i].name);
    if (which == ATTRIBUTES || (which == HREF && !is_link)) continue; /* most addresses are long, and say nothing */
    found.values[which] = serialised(attributes[i].value);
    if (attributes[i].value.length && i < MOST_STATING) found.stating |= 1u << which;
  }
  start_element(&page, name, number, &found, content);
}

void see_end(void) { end_element(&page); }

void see_text(Span text, int is_raw) { add_text(&page, text.start, text.start + text.length, is_raw); }

/* Where what is to be read is set down, and what is found: arguments would take longer to hand over than short pages to
   read. */
EXPORT(where)
const Record *where(void) { return &record; }

/* Read the page of the record, as the serialiser writes a parsed one. */
EXPORT(render)
void render(void) {
  const Reading *reading = &record.reading;
  for (uint64_t rows = reading->rows; rows == reading->rows || page.is_full; rows *= 2) {
    if (!begin_seen((uintptr_t)reading->room, reading->length, rows)) return;
    page.at = reading->start;
    page.end = reading->start + reading->length;
    read_page(&page);
  }
  end_seen();
}
