/* What the checks of tables ask of texts: broadsheet.checks.texts says what is handed over. Texts are UTF-8 that DuckDB
   has found to be whole, one after the other; `edges` is where each begins and the last ends. Sixteen bytes are looked
   at together, of which those behind a text are in the memory too. */

#include <wasm_simd128.h>

#include "common.h"

/* Characters from each of which it is known where they begin. */
enum { STRIDE = 64 };

/* One text: its bytes, how many characters they are, and where each of STRIDE begins, unless each is one byte. */
typedef struct {
    const uint8_t *begin, *end;
    int32_t length;
    const uint8_t **marks;
} Text;

/* Of the sixteen bytes at a place, a bit for each that is before the end. */
static inline uint32_t bits_before(const uint8_t *place, const uint8_t *end) {
    return end - place < 16 ? (1u << (end - place)) - 1 : 0xFFFF;
}

/* Of sixteen bytes, a bit for each that begins a character. */
static inline uint32_t bits_of_begins(v128_t bytes) {
    return 0xFFFF & ~wasm_i8x16_bitmask(wasm_i8x16_lt(bytes, wasm_i8x16_splat(-64)));
}

/* Of sixteen bytes, those that are one of `count` from `least` on. */
static inline v128_t among(v128_t bytes, uint8_t least, uint8_t count) {
    return wasm_u8x16_lt(wasm_i8x16_sub(bytes, wasm_u8x16_splat(least)), wasm_u8x16_splat(count));
}

static inline int is_narrow_blank(uint8_t byte) { return (uint8_t)(byte - 9) < 5 || (uint8_t)(byte - 28) < 5; }

/* How many bytes the blank of several bytes has that begins at a place; 0 where none does. */
static uint32_t wide_blank(const uint8_t *place) {
    if (place[0] == 0xC2) return place[1] == 0x85 || place[1] == 0xA0 ? 2 : 0;
    if (place[0] < 0xE1 || place[0] > 0xE3) return 0;
    uint32_t code = (place[0] & 15u) << 12 | (place[1] & 63u) << 6 | (place[2] & 63u);
    switch (code) {
    case 0x1680: case 0x2028: case 0x2029: case 0x202F: case 0x205F: case 0x3000: return 3;
    default: return code >= 0x2000 && code <= 0x200A ? 3 : 0;
    }
}

/* How many bytes the blank has that begins at a place, or that ends there; 0 where none does. */
static inline uint32_t blank_at(const uint8_t *place) { return is_narrow_blank(*place) ? 1 : wide_blank(place); }

static inline uint32_t blank_before(const uint8_t *place) {
    if (is_narrow_blank(place[-1])) return 1;
    return wide_blank(place - 2) == 2 ? 2 : wide_blank(place - 3) == 3 ? 3 : 0;
}

static int32_t characters(const uint8_t *place, const uint8_t *end) {
    int32_t found = 0;
    for (; place < end; place += 16)
        found += __builtin_popcount(bits_before(place, end) & bits_of_begins(wasm_v128_load(place)));
    return found;
}

static int32_t not_blank(const uint8_t *place, const uint8_t *end) {
    int32_t found = 0;
    for (; place < end; place += 16) {
        v128_t bytes = wasm_v128_load(place);
        uint32_t here = bits_before(place, end);
        uint32_t narrow = wasm_i8x16_bitmask(wasm_v128_or(among(bytes, 9, 5), among(bytes, 28, 5)));
        uint32_t wide = here & wasm_i8x16_bitmask(wasm_v128_or(among(bytes, 0xC2, 1), among(bytes, 0xE1, 3)));
        found += __builtin_popcount(here & bits_of_begins(bytes) & ~narrow);
        for (; wide; wide &= wide - 1) found -= wide_blank(place + __builtin_ctz(wide)) != 0;
    }
    return found;
}

static const uint8_t *newline(const uint8_t *place, const uint8_t *end) {
    for (; place < end; place += 16) {
        uint32_t found = bits_before(place, end) & wasm_i8x16_bitmask(among(wasm_v128_load(place), '\n', 1));
        if (found) return place + __builtin_ctz(found);
    }
    return end;
}

/* Where the character begins before which as many begin, from `place` on, as `count` says; there must be one. */
static const uint8_t *forward(const uint8_t *place, uint32_t count) {
    for (;; place += 16) {
        uint32_t begins = bits_of_begins(wasm_v128_load(place)), here = __builtin_popcount(begins);
        if (count < here) {
            for (; count; count--) begins &= begins - 1;
            return place + __builtin_ctz(begins);
        }
        count -= here;
    }
}

static Text text_of(const uint8_t *begin, const uint8_t *end, const uint8_t **marks) {
    Text text = {begin, end, characters(begin, end), marks};
    if (text.length == end - begin) return text;
    for (int32_t place = 0; place < text.length; place += STRIDE)
        marks[place / STRIDE] = place ? forward(marks[place / STRIDE - 1], STRIDE) : begin;
    return text;
}

/* Where text[place:] begins, as Python has it. */
static const uint8_t *byte_of(const Text *text, int32_t place) {
    if (place < 0) place = place + text->length < 0 ? 0 : place + text->length;
    if (place >= text->length) return text->end;
    if (text->length == text->end - text->begin) return text->begin + place;
    return forward(text->marks[place / STRIDE], place % STRIDE);
}

static int are_equal(const uint8_t *first, const uint8_t *second, int32_t size) {
    for (int32_t i = 0; i < size; i += 16) {
        uint32_t equal = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(first + i), wasm_v128_load(second + i)));
        if (bits_before(first + i, first + size) & ~equal) return 0;
    }
    return 1;
}

/* How many characters of each text are not blank. */
EXPORT(lengths) void lengths(const uint8_t *content, const int32_t *edges, int32_t *found, int32_t texts) {
    for (int32_t i = 0; i < texts; i++) found[i] = not_blank(content + edges[i], content + edges[i + 1]);
}

/* Index, start and end of each line that is not blank, in characters, without blanks around it; and how many lines of
   each text there are. */
EXPORT(lines) void lines(const uint8_t *content, const int32_t *edges, int32_t *spans, int32_t *counts, int32_t texts) {
    for (int32_t i = 0; i < texts; i++) {
        const uint8_t *place = content + edges[i], *end = content + edges[i + 1];
        int32_t before = 0;
        while (place < end) {
            uint32_t size = blank_at(place);
            if (size) {
                place += size, before++;
                continue;
            }
            const uint8_t *behind = newline(place, end), *last = behind;
            int32_t start = before, stop = before += characters(place, behind);
            while ((size = blank_before(last))) last -= size, stop--;
            *spans++ = counts[i]++, *spans++ = start, *spans++ = stop;
            place = behind;
        }
    }
}

/* How many characters are not blank in the slices of each text; `places` is where those of each begin and end. */
EXPORT(inside) void inside(const uint8_t *content, const int32_t *edges, const int32_t *places, const int32_t *starts,
                           const int32_t *ends, int64_t *found, const uint8_t **marks, int32_t texts) {
    for (int32_t i = 0; i < texts; i++) {
        Text text = text_of(content + edges[i], content + edges[i + 1], marks);
        for (int32_t at = places[i]; at < places[i + 1]; at++)
            found[i] += not_blank(byte_of(&text, starts[at]), byte_of(&text, ends[at]));
    }
}

/* Whether the slices of each text are what is given for them. */
EXPORT(equal) void equal(const uint8_t *content, const int32_t *edges, const int32_t *places, const int32_t *starts,
                         const int32_t *ends, const uint8_t *given, const int32_t *given_edges, uint8_t *found,
                         const uint8_t **marks, int32_t texts) {
    for (int32_t i = 0; i < texts; i++) {
        Text text = text_of(content + edges[i], content + edges[i + 1], marks);
        found[i] = 1;
        for (int32_t at = places[i]; at < places[i + 1] && found[i]; at++) {
            const uint8_t *first = byte_of(&text, starts[at]), *last = byte_of(&text, ends[at]);
            int32_t size = last < first ? 0 : (int32_t)(last - first);
            found[i] = size == given_edges[at + 1] - given_edges[at] && are_equal(first, given + given_edges[at], size);
        }
    }
}
