/* What the parser would find in a page, without what nobody sees, where that can be told by reading it once.

   readers/html.py says what is to come out: the page by the WHATWG's rules, made a tree, scripts and the like taken out
   of it, written as HTML, and read by render.c. Most pages need no tree for that: what they hold is seen where it
   stands, with the tags that are missing. The rules are those of the parser's tree construction with a stack of open
   elements; where they move what has been seen, or where a page needs what is not known here, it is given up and the
   parser does it all. What comes out is the same. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "seen.h"
#include "names.h"
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

static Page page;

/* How many bytes may be read again, of tags. */
static uint64_t patience_for(uint64_t length) { return length + 65536; }

/* Room for a copy of the page, which those with carriage returns need, and for what is written: half as much again as
   the page, which few need. And for what is seen. Whether there is as much memory. */
static int lay_out(const Reading *reading, uint64_t rows) {
  uint64_t length = reading->length, first = (uintptr_t)reading->room + length + 2 * SLACK;
  uint64_t last = first + length + length / 2 + 65536;
  page.first = page.out = page.text = (byte *)(uintptr_t)first;
  page.last = (byte *)(uintptr_t)last;
  return last <= UINT32_MAX && begin_seen(last + SLACK, length + patience_for(length), rows);
}

static void begin_page(const Reading *reading, uint64_t rows) {
  page.at = page.start;
  page.reason = TOLD;
  page.mode = INITIAL;
  page.given = 0;
  page.depth = page.hidden = page.paragraphs = page.active_count = page.notes_count = page.templates = 0;
  page.has_quirks = page.has_body = page.is_fostering = 0;
  page.form = NO_FORM;
  page.fresh = 0;
  page.patience = (int64_t)patience_for(reading->length);
  if (!lay_out(reading, rows)) page.reason = NO_MEMORY;
}

/* Copy the page up to its zeros with its newlines as they are read; where the copy ends. */
static byte *copy_newlines(const byte *at, byte *to) {
  for (;;) {
    v128_t bytes = wasm_v128_load(at);
    uint32_t found = wasm_i8x16_bitmask(wanted(bytes, wasm_i8x16_splat('\r'), wasm_i8x16_splat(0)));
    uint32_t length = found ? __builtin_ctz(found) : 16;
    wasm_v128_store(to, bytes);
    at += length;
    to += length;
    if (!found) continue;
    if (!*at) return to;
    *to++ = '\n';
    at += at[1] == '\n' ? 2 : 1;
  }
}

/* Put zeros behind the page and set down where it is to be read. */
static void begin_reading(const Reading *reading) {
  byte *end = reading->start + reading->length, *copy = reading->room + SLACK;
  __builtin_memset(end, 0, SLACK);
  page.start = reading->start;
  const byte *stop = skip_utf8(page.start);
  if (*stop == '\r' && find(stop, 0) == end) {
    page.start = copy;
    end = copy_newlines(reading->start, copy);
    __builtin_memset(end, 0, SLACK);
    stop = skip_utf8(copy);
  }
  page.at = page.start;
  if (stop != end) give_up(&page, *stop ? ENCODING : CHARACTER);
}

Span serialised(Span value) { return written_value(&page, value); }

/* Read the page of the record, as it comes. */
EXPORT(straight)
void straight(void) {
  Reading *reading = what_to_read();
  uint64_t rows = reading->rows;
  if (!element_slots[slot_of(wasm_v128_load(elements[A].name))]) {
    make_element_slots();
    make_character_slots();
    make_numbers();
  }
  page.root.count = page.body.count = 0;
  begin_page(reading, rows);
  if (!page.reason) begin_reading(reading);
  for (;;) {
    if (!page.reason) read_page(&page);
    if (page.reason == ROWS) rows *= 2;
    else if (page.reason != AGAIN) break;
    begin_page(reading, rows);
  }
  reading->reason = page.reason;
  if (!page.reason) end_seen();
}
