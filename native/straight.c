/* A page as the parser would write it again, without what nobody sees, where that can be told by reading it once.

   readers/html.py says what is to come out: the page by the WHATWG's rules, made a tree, scripts and the like taken out
   of it, and written as HTML. Most pages need no tree for that: what they hold is written where it stands, with the
   tags that are missing. The rules are those of the parser's tree construction with a stack of open elements; where
   they move what has been written, or where a page needs what is not known here, it is given up and the parser does it
   all. What is written is the same byte for byte. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "straight/bytes.h"
#include "straight/utf8.h"
#include "straight/elements.h"
#include "straight/records.h"
#include "straight/character_names.h"
#include "straight/references.h"
#include "straight/tags.h"
#include "straight/output.h"
#include "straight/stack.h"
#include "straight/active.h"
#include "straight/raw.h"
#include "straight/body.h"
#include "straight/tables.h"
#include "straight/head.h"
#include "straight/modes.h"
#include "straight/markup.h"

/* What is to be read: a page (UTF-8) with the room behind it, and its length. And what comes out: why it could not be
   told, or 0, and what was written. */
typedef struct {
  byte *start, *room;
  uint32_t length;
  int32_t reason;
  const byte *written;
  uint32_t written_length;
} Record;

static Record record;
static Page page;

EXPORT(where)
const Record *where(void) { return &record; }

/* Room for what is written: half as much again as the page, which few need. */
static int has_memory(void) {
  uint64_t first = (uintptr_t)record.room + SLACK, length = (uint64_t)record.length + record.length / 2 + 65536;
  uint64_t past = first + length + SLACK, size = (uint64_t)__builtin_wasm_memory_size(0) << 16;
  page.first = page.out = (byte *)(uintptr_t)first;
  page.last = (byte *)(uintptr_t)(first + length);
  if (past <= size) return 1;
  return past <= UINT32_MAX && __builtin_wasm_memory_grow(0, (past - size + 65535) >> 16) != (size_t)-1;
}

static void begin_page(void) {
  page.at = record.start;
  page.reason = TOLD;
  page.mode = INITIAL;
  page.depth = page.hidden = page.paragraphs = page.active_count = page.notes_count = page.templates = 0;
  page.has_quirks = page.has_body = page.is_fostering = 0;
  page.form = NO_FORM;
  page.fresh = 0;
  page.patience = (int64_t)record.length + 65536;
  if (!has_memory()) page.reason = NO_MEMORY;
}

/* Read the page of the record. */
EXPORT(straight)
void straight(void) {
  if (!element_slots[slot_of(wasm_v128_load(elements[A].name))]) {
    make_element_slots();
    make_character_slots();
  }
  begin_page();
  if (!page.reason) {
    byte *end = record.start + record.length;
    __builtin_memset(end, 0, SLACK);
    if (find(record.start, '\r') != end) give_up(&page, CHARACTER);
    if (!is_utf8(record.start, end)) give_up(&page, ENCODING);
    read_page(&page);
  }
  record.reason = page.reason;
  record.written = page.first;
  record.written_length = (uint32_t)(page.out - page.first);
}
