/* Sentences of bodies, and which stand in quotations: broadsheet.segmentation says what is handed over. Bodies are UTF-8,
   one after the other; `edges` is where each begins and the last ends, and 16 bytes stand behind it. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "arena.h"
#include "lines/characters.h"
#include "sentences/words.h"
#include "sentences/paragraph.h"
#include "sentences/rules.h"
#include "sentences/quotations.h"

/* A body: its characters, and where marks stand that are looked for, with INT32_MAX behind the last. */
typedef struct {
    uint32_t *codes;
    int32_t *marks, length;
} Body;

/* Room for any body of so many bytes. */
static Body room_for(uint32_t bytes, Arena *arena) {
    return (Body){TAKE(arena, uint32_t, bytes + 16), TAKE(arena, int32_t, bytes + 1), 0};
}

static inline v128_t are(v128_t bytes, uint8_t byte) { return wasm_i8x16_eq(bytes, wasm_u8x16_splat(byte)); }

/* Of sixteen bytes, a bit for each that is a mark of quotations, or a stop, or ends a line. */
static inline uint32_t bits_of_marks(v128_t bytes, int of_quotations) {
    v128_t found = wasm_v128_or(are(bytes, '\n'), are(bytes, of_quotations ? '"' : '.'));
    found = wasm_v128_or(found, are(bytes, of_quotations ? '\'' : '!'));
    found = wasm_v128_or(found, are(bytes, of_quotations ? '`' : '?'));
    return wasm_i8x16_bitmask(of_quotations ? wasm_v128_or(found, are(bytes, ',')) : found);
}

/* Read a body, and look for marks of quotations or for stops. */
__attribute__((always_inline))
static inline void read(Body *body, const uint8_t *text, const uint8_t *end, int of_quotations) {
    uint32_t *next = body->codes;
    int32_t *marks = body->marks;
    while (text < end) {
        v128_t bytes = wasm_v128_load(text);
        uint32_t count = (uint32_t)__builtin_ctz(wasm_i8x16_bitmask(bytes) | 1u << 16);
        v128_t low = wasm_u16x8_extend_low_u8x16(bytes), high = wasm_u16x8_extend_high_u8x16(bytes);
        wasm_v128_store(next, wasm_u32x4_extend_low_u16x8(low));
        wasm_v128_store(next + 4, wasm_u32x4_extend_high_u16x8(low));
        wasm_v128_store(next + 8, wasm_u32x4_extend_low_u16x8(high));
        wasm_v128_store(next + 12, wasm_u32x4_extend_high_u16x8(high));
        if ((int32_t)count > end - text) count = (uint32_t)(end - text);
        uint32_t found = bits_of_marks(bytes, of_quotations) & ((1u << count) - 1);
        for (; found; found &= found - 1) *marks++ = (int32_t)(next - body->codes) + __builtin_ctz(found);
        next += count, text += count;
        while (text < end && *text >= 0x80) {
            *next = next_code(&text);
            if (of_quotations ? may_be_mark(*next) : is_stop(*next)) *marks++ = (int32_t)(next - body->codes);
            next++;
        }
    }
    body->length = (int32_t)(next - body->codes);
    *marks = INT32_MAX;
}

/* The longest of texts, in bytes. */
static uint32_t longest(const int32_t *edges, int32_t texts) {
    int32_t found = 0;
    for (int32_t i = 0; i < texts; i++)
        if (edges[i + 1] - edges[i] > found) found = edges[i + 1] - edges[i];
    return (uint32_t)found;
}

static Language *languages_of(const Words *words, const int32_t *languages, int32_t count, Arena *arena) {
    Language *found = TAKE(arena, Language, count);
    for (int32_t i = 0; i < count; i++) {
        const int32_t *own = languages + 3 * i;
        found[i] = language_of(words, own[0], own[1], arena);
        found[i].has_ordinals = own[2];
    }
    return found;
}

/* Where the paragraph ends that begins at a place: at the next empty line, or the end. `mark` is moved there. */
static int32_t end_of_paragraph(const Body *body, int32_t place, const int32_t **mark) {
    for (; **mark < body->length; ++*mark) {
        const uint32_t *code = body->codes + **mark;
        if (**mark >= place && *code == '\n' && **mark + 1 < body->length && code[1] == '\n') return **mark;
    }
    return body->length;
}

/* Cut the paragraphs of bodies into sentences. `languages` has for each its first word, that behind its last, and whether
   numbers with a stop are ordinals; `language` which one each body is in, or -1 where Python is to cut it. `paragraphs` are
   those before each body. Sets down where each paragraph begins in its body, how many sentences it has, or -1 where Python
   is to tell, and behind one another the start and end of each sentence in its body. Returns where they are; 0 where a
   body has another number of paragraphs. */
EXPORT(split) int32_t *split(const uint8_t *content, const int32_t *edges, const int32_t *language,
                             const int32_t *paragraphs, const int32_t *languages, const uint32_t *codes,
                             const int32_t *word_edges, const uint8_t *kinds, int32_t *places, int32_t *counts,
                             uint32_t room, int32_t bodies, int32_t number_of_languages) {
    Arena arena = {room};
    Words words = {codes, word_edges, kinds};
    const Language *known = languages_of(&words, languages, number_of_languages, &arena);
    Body body = room_for(longest(edges, bodies), &arena);
    /* Between two sentences there is a blank. */
    int32_t *spans = TAKE(&arena, int32_t, (uint32_t)(edges[bodies] + 2 * paragraphs[bodies])), found = 0;
    for (int32_t i = 0; i < bodies; i++) {
        read(&body, content + edges[i], content + edges[i + 1], 0);
        const Language *own = known + (language[i] < 0 ? 0 : language[i]);
        const int32_t *mark = body.marks;
        int32_t number = paragraphs[i];
        for (int32_t place = 0; place <= body.length; number++) {
            if (number == paragraphs[i + 1]) return 0;
            const int32_t *first = mark;
            int32_t end = end_of_paragraph(&body, place, &mark);
            Paragraph text = {body.codes + place, first, place, end - place, own, &words, 0};
            places[number] = place;
            counts[number] = language[i] < 0 ? -1 : cut(&text, spans + 2 * found);
            found += counts[number] > 0 ? counts[number] : 0;
            place = end < body.length ? end + 2 : body.length + 1;
        }
        if (number != paragraphs[i + 1]) return 0;
    }
    return spans;
}

/* Where the character stands that is as many characters behind the one at a place. */
static const uint8_t *forward(const uint8_t *place, const uint8_t *end, int32_t count) {
    for (; place < end; place += 16) {
        uint32_t begins = ~wasm_i8x16_bitmask(wasm_i8x16_lt(wasm_v128_load(place), wasm_i8x16_splat(-64))) & 0xFFFF;
        int32_t here = __builtin_popcount(begins);
        if (count < here) {
            while (count--) begins &= begins - 1;
            place += __builtin_ctz(begins);
            break;
        }
        count -= here;
    }
    return place < end ? place : end;
}

/* Put the sentences of bodies behind one another, and flag those that stand in a quotation. `sentences` are those before
   each body, `spans` the start and end of each in its body, in order. Sets down the text of all and where that of each
   begins, the flags, and of which bodies Python is to flag them. */
EXPORT(gather) void gather(const uint8_t *content, const int32_t *edges, const int32_t *sentences, const int32_t *spans,
                           uint8_t *text, int32_t *begins, uint8_t *flags, uint8_t *is_unsure, uint32_t room,
                           int32_t bodies) {
    Arena arena = {room};
    uint32_t size = longest(edges, bodies);
    Body body = room_for(size, &arena);
    Quotations found = {TAKE(&arena, int32_t, 2 * (size + 1)), 0};
    int32_t past = 0;
    for (int32_t i = 0; i < bodies; i++) {
        const uint8_t *at = content + edges[i], *end = content + edges[i + 1];
        read(&body, at, end, 1);
        Paragraph whole = {body.codes, body.marks, 0, body.length, NULL, NULL, 0};
        found.count = 0;
        find_quotations(&found, &whole);
        is_unsure[i] = whole.is_unsure != 0;
        int32_t first = sentences[i], count = sentences[i + 1] - first;
        flag_quoted(&found, spans + 2 * first, count, flags + first);
        for (int32_t number = first, before = 0; number < first + count; before = spans[2 * number++ + 1]) {
            at = forward(at, end, spans[2 * number] - before);
            const uint8_t *last = forward(at, end, spans[2 * number + 1] - spans[2 * number]);
            begins[number] = past;
            __builtin_memcpy(text + past, at, (uint32_t)(last - at));
            past += (int32_t)(last - at), at = last;
        }
    }
    begins[sentences[bodies]] = past;
}
