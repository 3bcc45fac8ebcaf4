/* The text of an HTML page as a reader sees it, the marks on it, and where it states something.

   The page comes as turbohtml writes a parsed one: each element that has content is closed, in order; attributes are
   name="value"; text and values have &amp; &lt; &gt; &quot; &nbsp; and no other reference; what stands in script, xmp
   and noframes is as it was. A single pass reads it. readers/walk.py lays out the arrays, readers/elements.py and
   class_names.py say what names mean; the rules of lines, cells and marks stand here. Nothing is read or written
   outside the arrays; where one is full the call ends with FULL, to be made again with larger ones.

   Positions are code points of the text so far, unless they are called bytes. */

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

/* What is to be read, and the arrays in which to set down what is found. Numbers of slots are powers of 2. Rows:
   `capacity` of lines, separators (position, length), open elements and tabs, and of `rows` up to MOST_MARKS; twice as
   many of paths, and of marks as of rows and paths; `fact_capacity` of facts (kind, start, end, and offset and length
   of four values in the page). `counts`: bytes of the text, then rows of marks, paths and facts. */
typedef struct {
  const byte *page;
  const Slot *element_slots;
  const byte *element_names;
  const uint32_t *element_lengths;
  const Slot *name_slots;
  const byte *names;
  const uint32_t *name_lengths;
  byte *text;
  Mark *marks;
  hash *paths;
  int32_t (*facts)[FACT_COLUMNS], *counts;
  Mark *rows;
  Line *lines;
  int32_t (*separators)[2];
  Open *open;
  Tab *tabs;
  Said *cache;
  int32_t page_length, elements, class_names, text_capacity, capacity, fact_capacity;
} Request;

static Page page;

/* Render a page; 0, or FULL. */
EXPORT(render)
int32_t render(const Request *request) {
  page = (Page){.page = request->page,
                .at = request->page,
                .end = request->page + request->page_length,
                .elements = {request->element_slots, request->element_names, request->element_lengths,
                             (hash)request->elements - 1},
                .names = {request->name_slots, request->names, request->name_lengths, (hash)request->class_names - 1},
                .text = request->text,
                .rows = request->rows,
                .lines_found = request->lines,
                .separators = request->separators,
                .facts = request->facts,
                .open = request->open,
                .tabs = request->tabs,
                .cache = request->cache,
                .capacity = request->capacity,
                .text_capacity = request->text_capacity,
                .fact_capacity = request->fact_capacity,
                .gap = 1};
  make_crc(page.crc);
  __builtin_memset(page.cache, 0, CACHED * sizeof(Said));
  read_page(&page);
  if (page.is_full) return FULL;
  Ordered ordered = {.marks = request->marks, .paths = request->paths};
  order_marks(&page, &ordered);
  request->counts[0] = page.bytes;
  request->counts[1] = ordered.count;
  request->counts[2] = ordered.paths_count;
  request->counts[3] = page.facts_count;
  return 0;
}
