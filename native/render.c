/* The text of an HTML page as a reader sees it, the marks on it, and where it states something.

   The page comes as turbohtml writes a parsed one: each element that has content is closed, in order; attributes are
   name="value"; text and values have &amp; &lt; &gt; &quot; &nbsp; and no other reference; what stands in script, xmp
   and noframes is as it was. A single pass reads it. readers/elements.py and class_names.py say what names mean; the
   rules of lines, cells and marks stand here. Nothing is read or written outside the arrays; where one is full the page
   is read again with larger ones.

   Positions are code points of the text so far, unless they are called bytes. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "render/records.h"
#include "render/bytes.h"
#include "render/characters.h"
#include "render/class_names.h"
#include "render/tags.h"
#include "render/text.h"
#include "render/facts.h"
#include "render/elements.h"
#include "render/marks.h"

/* Names and what they say, as readers/walk.py lays them out for good. Numbers of slots are powers of 2. */
typedef struct {
  const Slot *element_slots;
  const byte *element_names;
  const uint32_t *element_lengths;
  const Slot *name_slots;
  const byte *names;
  const uint32_t *name_lengths;
  uint32_t elements, class_names;
} Names;

/* What is to be read: a page (UTF-8) with the room behind it, what names say, how long the page is, and how many rows of
   a kind there is to be room for at first. And what is found in it, and how much of each; facts are a kind, start and
   end, and offset and length of four values in `values`, in code points. Where nothing could be read for want of
   memory, `needed` are its pages, of 64 KiB, that it takes, else 0. */
typedef struct {
  const byte *start, *room;
  const Names *names;
  uint32_t length, rows;
  byte *text;
  Mark *marks;
  hash *paths;
  int32_t (*facts)[FACT_COLUMNS];
  byte *values;
  int32_t bytes, marks_count, paths_count, facts_count, values_bytes;
  uint32_t needed;
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

/* Lay out the arrays of a page, `rows` of each kind. Twice as many of paths, as a tab may begin a line too, and a mark
   for each of these and of the rows of marks. The address behind them. */
static uint64_t lay_out(uint64_t rows) {
  uint64_t end = (uintptr_t)record.room, marks = rows < MOST_MARKS ? rows : MOST_MARKS;
  page.rows = take(&end, marks, sizeof(Mark));
  page.lines_found = take(&end, rows, sizeof(Line));
  page.separators = take(&end, rows, sizeof(*page.separators));
  page.open = take(&end, rows, sizeof(Open));
  page.tabs = take(&end, rows, sizeof(Tab));
  page.text = record.text = take(&end, (uint64_t)record.length + 1, 1);
  record.marks = take(&end, marks + 2 * rows, sizeof(Mark));
  record.paths = take(&end, 2 * rows, sizeof(hash));
  page.facts = record.facts = take(&end, FACTS, sizeof(*page.facts));
  page.values = record.values = take(&end, 2 * (uint64_t)record.length, 1);
  return end;
}

static void begin_page(uint64_t rows) {
  const Names *names = record.names;
  page = (Page){.page = record.start,
                .at = record.start,
                .end = record.start + record.length,
                .elements = {names->element_slots, names->element_names, names->element_lengths, names->elements - 1},
                .names = {names->name_slots, names->names, names->name_lengths, names->class_names - 1},
                .capacity = (int32_t)rows,
                .text_capacity = (int32_t)record.length + 1,
                .fact_capacity = FACTS,
                .values_capacity = 2 * (int32_t)record.length,
                .gap = 1};
}

/* Where what is to be read is set down, and what is found: arguments would take longer to hand over than short pages to
   read. */
EXPORT(where)
const Record *where(void) { return &record; }

/* Read the page of the record. */
EXPORT(render)
void render(void) {
  if (!crc[0][1]) make_crc();
  for (uint64_t rows = record.rows; rows == record.rows || page.is_full; rows *= 2) {
    if (rows > 2 * ((uint64_t)record.length + record.rows)) __builtin_trap(); /* a row is of some bytes of the page */
    begin_page(rows);
    uint64_t end = lay_out(rows);
    record.needed = has_memory(end) ? 0 : (uint32_t)((end + 65535) >> 16);
    if (record.needed) return;
    read_page(&page);
  }
  Ordered ordered = {.marks = record.marks, .paths = record.paths};
  order_marks(&page, &ordered);
  record.bytes = page.bytes;
  record.marks_count = ordered.count;
  record.paths_count = ordered.paths_count;
  record.facts_count = page.facts_count;
  record.values_bytes = page.values_bytes;
}
