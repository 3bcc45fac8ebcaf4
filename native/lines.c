/* What lines say by themselves, at a glance: broadsheet.labelling.glance says what is handed over. */

#include <stddef.h>
#include <wasm_simd128.h>

#include "common.h"
#include "arena.h"
#include "lines/characters.h"
#include "lines/ends.h"
#include "lines/folded.h"

/* What may be found in a line by a closer look; as broadsheet.labelling.glance.Places. */
enum { DATE = 1, PHRASE = 2, LISTED = 4, BYLINE = 8, CREDIT = 16, LAST_WORD = 32, SHAPED = 64, EVERYTHING = 63 };
/* What is hashed: the same characters hash differently in each role. */
enum { WHOLE, BEGINNING, LEAD, CORRECTION, WORD, STEM, START, GLUED_LEAD, BEHIND_NUMBER, MONTH_END, JOINER,
       UNSPACED, CREDIT_END, LIBRARY };
/* Labels of phrases are numbers from 1 on; where a line has characters that are left to Python, it is to be asked. */
enum { NO_LABEL = 0, ASK = 255 };
enum { FILTER_BITS = 18, FILTER_PLACES = 3, LONGEST_PHRASE = 160, LONGEST_COUNT = 44, LONGEST_READ_TIME = 48, LONGEST_WORDY = 80, MOST_PIECES = 4,
       MOST_LEADING = 8, SHORTEST_BEGINNING = 2, LONGEST_BEGINNING = 12, STEM_LETTERS = 3,
       WORDS_APART = 0x2E80, END_OF_CREDIT = 3, BEGINNING_OF_LIBRARY = 2, FEWEST_SHAPED = 4, MOST_SHAPED = 22, SHORTEST_SHAPED = 20 };

/* Score from which on a line speaks for the main run of body, and the characters of it that count. */
#define LEAST_OF_RUN 0.4f
enum { LONGEST_OF_RUN = 400 };

/* A phrase by the hash of its characters, or where `label` is 0 a place for one. */
typedef struct {
    uint64_t hash;
    uint32_t label, unused;
} Phrase;

/* All that is known: a filter that few pass of whom nothing is known, and phrases with their labels. */
typedef struct {
    const uint8_t *filter;
    const Phrase *phrases;
    uint32_t mask;   /* places for phrases less one, a power of two */
    uint32_t widget; /* the label of a widget's head */
} Known;

/* One line, read to its end. */
typedef struct {
    uint32_t pieces, spaceless; /* between blanks; characters of Chinese and Japanese */
    uint32_t length;            /* in code points, at most one more than a phrase has */
    uint32_t kinds;             /* of its characters, a bit each */
    uint32_t has_sign_of_credit, is_sure_of_credit, has_sharp_s, has_wide_blank;
    uint32_t all_codes; /* the bits of all characters beyond ASCII */
    uint32_t size;      /* of what is folded: blanks single, in small letters */
    uint32_t folded[2 * LONGEST_PHRASE + 24];
} Line;

/* Whether the character is a sign of a credit where a word for one stands before it, or a library behind it. */
static inline int is_sign_of_credit(uint32_t code) {
    return code == ':' || code == '/' || code == '=';
}

/* Whether the character is a sign of a credit by itself. */
static inline int is_sure_of_credit(uint32_t code) {
    return code == 0xA9 || code == 0xFF1A || code == 0xFF0F || code == 0xFF1D;
}

static inline uint64_t extended(uint64_t hash, uint32_t code) {
    hash = (hash ^ code) * 0x9E3779B97F4A7C15ull;
    return hash ^ (hash >> 29);
}

/* Above all codes, so that no role with one character is another with the next. */
static inline uint64_t hash_in(uint32_t role) { return (uint64_t)(role + 1) << 32; }

static uint64_t hash_of(const uint32_t *codes, uint32_t count, uint32_t role) {
    uint64_t hash = hash_in(role);
    for (uint32_t i = 0; i < count; i++) hash = extended(hash, codes[i]);
    return hash;
}

/* One of the places of a hash in the filter: it has three, so that few are found there that were never put in. */
static inline uint32_t bit_of(uint64_t hash, uint32_t number) {
    hash *= 0xD6E8FEB86659FD93ull;
    return (uint32_t)(hash >> (64 - (number + 1) * FILTER_BITS)) & ((1u << FILTER_BITS) - 1);
}

static int is_known(const uint8_t *filter, uint64_t hash) {
    for (uint32_t number = 0; number < FILTER_PLACES; number++) {
        uint32_t bit = bit_of(hash, number);
        if (!(filter[bit >> 3] >> (bit & 7) & 1)) return 0;
    }
    return 1;
}

#include "lines/dates.h"

/* The label of what hashes so, or NO_LABEL. */
static uint32_t label_in(const Known *known, uint64_t hash) {
    uint32_t place = (uint32_t)(hash >> 20) & known->mask;
    while (known->phrases[place].label) {
        if (known->phrases[place].hash == hash) return known->phrases[place].label;
        place = (place + 1) & known->mask;
    }
    return NO_LABEL;
}

/* Characters of ASCII that are read at once: how many of the sixteen at `text` are neither control characters nor a
   blank behind another, and which of them are blanks, a bit each. */
typedef struct {
    v128_t codes;
    uint32_t count, spaces;
} Plain;

static inline Plain plain_at(const uint8_t *text, uint32_t after_blank) {
    v128_t codes = wasm_v128_load(text), space = wasm_i8x16_splat(' ');
    uint32_t spaces = wasm_i8x16_bitmask(wasm_i8x16_eq(codes, space));
    /* Those beyond ASCII are negative. */
    v128_t strange = wasm_v128_or(wasm_i8x16_lt(codes, space), wasm_i8x16_eq(codes, wasm_i8x16_splat(0x7F)));
    uint32_t others = wasm_i8x16_bitmask(strange) | (spaces & (spaces << 1 | after_blank));
    return (Plain){codes, __builtin_ctz(others | 1u << 16), spaces};
}

/* Put what is read at once to the line, with what is counted. Returns whether its last character is a blank. */
static inline uint32_t count_plain(Line *line, const Plain *plain, uint32_t after_blank) {
    uint32_t read = (1u << plain->count) - 1, starts = ~plain->spaces & (plain->spaces << 1 | after_blank) & read;
    v128_t digits = wasm_u8x16_lt(wasm_i8x16_sub(plain->codes, wasm_i8x16_splat('0')), wasm_i8x16_splat(10));
    line->pieces += (uint32_t)__builtin_popcount(starts);
    line->kinds |= (uint32_t)((wasm_i8x16_bitmask(digits) & read) != 0) << DIGIT;
    return plain->spaces >> (plain->count - 1) & 1;
}

/* Read on up to the newline, or the end: of a line that is too long for a phrase only what is counted. */
static void skim(Line *line, const uint8_t *text, const uint8_t *end, uint32_t after_blank) {
    while (text < end && *text != '\n') {
        if (*text < 0x80 && end - text >= 16) {
            Plain plain = plain_at(text, after_blank);
            if (plain.count) {
                after_blank = count_plain(line, &plain, after_blank);
                text += plain.count;
                continue;
            }
        }
        uint32_t code = *text < 0x80 ? *text++ : next_code(&text);
        uint32_t kind = kind_of(code), is_blank = kind == BLANK;
        line->kinds |= 1u << kind;
        line->spaceless += code >= 0x3040 && code <= 0x9FFF;
        line->pieces += after_blank & ~is_blank;
        after_blank = is_blank;
    }
}

/* Fold what is read at once, of which blanks before the next word are put down with that. Returns the size. */
static inline uint32_t fold_plain(Line *line, const Plain *plain, uint32_t size, uint32_t after_blank) {
    v128_t capital = wasm_u8x16_lt(wasm_i8x16_sub(plain->codes, wasm_i8x16_splat('A')), wasm_i8x16_splat(26));
    v128_t codes = wasm_v128_or(plain->codes, wasm_v128_and(capital, wasm_i8x16_splat(' ')));
    v128_t low = wasm_u16x8_extend_low_u8x16(codes), high = wasm_u16x8_extend_high_u8x16(codes);
    v128_t sign = wasm_v128_or(wasm_i8x16_eq(codes, wasm_i8x16_splat(':')), wasm_i8x16_eq(codes, wasm_i8x16_splat('/')));
    sign = wasm_v128_or(sign, wasm_i8x16_eq(codes, wasm_i8x16_splat('=')));
    line->has_sign_of_credit |= (wasm_i8x16_bitmask(sign) & ((1u << plain->count) - 1)) != 0;
    if (after_blank && size) line->folded[size++] = ' ';
    uint32_t *folded = line->folded + size;
    wasm_v128_store(folded, wasm_u32x4_extend_low_u16x8(low));
    wasm_v128_store(folded + 4, wasm_u32x4_extend_high_u16x8(low));
    wasm_v128_store(folded + 8, wasm_u32x4_extend_low_u16x8(high));
    wasm_v128_store(folded + 12, wasm_u32x4_extend_high_u16x8(high));
    return size + plain->count - (plain->spaces >> (plain->count - 1) & 1);
}

/* Fold one character. Returns the size. */
static inline uint32_t fold_code(Line *line, uint32_t code, uint32_t size, uint32_t after_blank) {
    if (after_blank && size) line->folded[size++] = ' ';
    line->folded[size++] = code == 0xDF ? 's' : folded_code(code);
    if (code == 0xDF) line->folded[size++] = 's', line->has_sharp_s = 1;
    line->all_codes |= code;
    return size;
}

/* Read up to the newline, or the end. */
static void read_line(Line *line, const uint8_t *text, const uint8_t *end) {
    uint32_t length = 0, size = 0, after_blank = 1;
    __builtin_memset(line, 0, offsetof(Line, folded));
    while (text < end && *text != '\n' && length <= LONGEST_PHRASE) {
        if (*text < 0x80 && end - text >= 16) {
            Plain plain = plain_at(text, after_blank);
            uint32_t most = LONGEST_PHRASE + 1 - length;
            if (plain.count > most) plain.count = most;
            if (plain.count) {
                size = fold_plain(line, &plain, size, after_blank);
                after_blank = count_plain(line, &plain, after_blank);
                text += plain.count;
                length += plain.count;
                continue;
            }
        }
        uint32_t code = *text < 0x80 ? *text++ : next_code(&text);
        uint32_t kind = kind_of(code), is_blank = kind == BLANK;
        length++;
        line->kinds |= 1u << kind;
        line->has_sign_of_credit |= (uint32_t)is_sign_of_credit(code);
        line->is_sure_of_credit |= (uint32_t)is_sure_of_credit(code);
        line->spaceless += code >= 0x3040 && code <= 0x9FFF;
        line->pieces += after_blank & ~is_blank;
        if (!is_blank) size = fold_code(line, code, size, after_blank);
        line->has_wide_blank |= is_blank & after_blank;
        after_blank = is_blank;
    }
    line->length = length, line->size = size;
    skim(line, text, end, after_blank);
}

static int is_letter(uint32_t code) { return kind_of(code) == LETTER; }

static int is_letter_or_digit(uint32_t code) {
    Kind kind = kind_of(code);
    return kind == LETTER || kind == DIGIT;
}

/* What phrases.py strips from the end of a line. */
static int is_trailing(uint32_t code) {
    switch (code) {
    case ' ': case ':': case '.': case 0x2026: case '!': case 0xBB: case 0x203A: case '>': case '|': case '-':
    case 0x2013: case 0x2014: case 0x2022: case 0x2192: case 0x2193: case 0x25BC:
        return 1;
    default:
        return 0;
    }
}

static int is_kept_at_head(uint32_t code) {
    return code == 0xA9 || code == '(' || code == '#' || code == '<' || code == 0x3008 || code == 0x3010;
}

/* Whether codes may begin as anything that is known in a role. */
static int may_begin(const uint32_t *codes, uint32_t count, uint32_t role, const uint8_t *filter) {
    uint64_t hash = hash_in(role);
    for (uint32_t size = 1; size <= count && size <= LONGEST_BEGINNING; size++) {
        hash = extended(hash, codes[size - 1]);
        if (size >= SHORTEST_BEGINNING && is_known(filter, hash)) return 1;
    }
    return 0;
}

/* How many characters phrases.py strips from the head of a line; more than there are where that is not easily told. */
static uint32_t leading(const uint32_t *codes, uint32_t size) {
    uint32_t count = 0;
    int is_joined = 0;
    if (size && is_kept_at_head(codes[0])) return 0;
    while (count < size && !is_letter_or_digit(codes[count])) is_joined |= codes[count++] == '_';
    if (count == size && !is_joined) return 0;
    return count < size && count <= MOST_LEADING ? count : UINT32_MAX;
}

/* The hash of codes as a phrase in which any number may stand: {n} instead. */
static uint64_t hash_with_counts(const uint32_t *codes, uint32_t size) {
    uint64_t hash = hash_in(WHOLE);
    for (uint32_t i = 0; i < size; i++) {
        if (kind_of(codes[i]) != DIGIT) {
            hash = extended(hash, codes[i]);
        } else if (!i || kind_of(codes[i - 1]) != DIGIT) {
            hash = extended(extended(extended(hash, '{'), 'n'), '}');
        }
    }
    return hash;
}

/* Whether a word begins with the first letters of one for a read time. */
static int may_be_read_time(const Line *line, const uint8_t *filter) {
    for (uint32_t i = 0; i < line->size; i++) {
        if (i && is_letter(line->folded[i - 1])) continue;
        uint64_t hash = hash_in(STEM);
        for (uint32_t size = 0; size < STEM_LETTERS && i + size < line->size; size++)
            if (is_known(filter, hash = extended(hash, line->folded[i + size]))) return 1;
    }
    return 0;
}

/* The label of the longest phrase that codes begin with and that does not end within a word. */
static uint32_t label_of_start(const uint32_t *codes, uint32_t size, const Known *known) {
    uint64_t hash = hash_in(START);
    uint32_t found = NO_LABEL;
    for (uint32_t i = 0; i < size; i++) {
        hash = extended(hash, codes[i]);
        if (i + 1 < SHORTEST_BEGINNING) continue;
        uint32_t label = label_in(known, hash);
        int is_at_word = i + 1 == size || !is_letter_or_digit(codes[i]) || !is_letter_or_digit(codes[i + 1]) ||
                         codes[i + 1] > WORDS_APART;
        if (label && is_at_word) found = label;
    }
    return found;
}

/* The label that a phrase gives to codes, with the marks at both ends stripped. */
static uint32_t label_of(const uint32_t *codes, uint32_t size, int has_number, const Known *known) {
    uint32_t stripped = leading(codes, size), label = NO_LABEL;
    if (stripped > size) return ASK;
    codes += stripped;
    size -= stripped;
    while (size && is_trailing(codes[size - 1])) size--;
    uint64_t hash = hash_of(codes, size, WHOLE);
    if (is_known(known->filter, hash)) label = label_in(known, hash);
    if (label || !size) return label;
    if (has_number && size < LONGEST_COUNT) label = label_in(known, hash_with_counts(codes, size));
    if (label || !may_begin(codes, size, BEGINNING, known->filter)) return label;
    return label_of_start(codes, size, known);
}

/* Whether the last of a few words may be the head of a widget by itself. */
static int may_end_in_widget(const Line *line, const Known *known) {
    uint32_t begin = line->size;
    while (begin && line->folded[begin - 1] != ' ') begin--;
    uint32_t label = label_of(line->folded + begin, line->size - begin, 1, known);
    return label == known->widget || label == ASK;
}

/* Whether a word for a credit may end before `place`. */
static int has_word_for_credit(const Line *line, uint32_t place, const uint8_t *filter) {
    while (place && line->folded[place - 1] == ' ') place--;
    uint32_t begin = place;
    while (begin && place - begin < END_OF_CREDIT) {
        begin--;
        if (is_known(filter, hash_of(line->folded + begin, place - begin, CREDIT_END))) return 1;
    }
    return 0;
}

/* Whether the name of a library may begin at `place`. */
static int has_library(const Line *line, uint32_t place, const uint8_t *filter) {
    while (place < line->size && line->folded[place] == ' ') place++;
    if (place + BEGINNING_OF_LIBRARY > line->size) return 0;
    return is_known(filter, hash_of(line->folded + place, BEGINNING_OF_LIBRARY, LIBRARY));
}

/* Whether a credit may stand at the end: behind a word for one and a colon, of a library behind a stroke or "via". */
static int may_end_in_credit(const Line *line, const uint8_t *filter) {
    const uint32_t *codes = line->folded;
    uint32_t last = line->size ? codes[line->size - 1] : 0;
    if (line->is_sure_of_credit || last == ')' || last == ']' || last == 0xFF09) return 1;
    for (uint32_t i = 0; i < line->size; i++) {
        if (codes[i] == 'a' && i >= 2 && codes[i - 1] == 'i' && codes[i - 2] == 'v' && has_library(line, i + 1, filter))
            return 1;
        if (!line->has_sign_of_credit || !is_sign_of_credit(codes[i])) continue;
        if (has_word_for_credit(line, i, filter) || (codes[i] == '/' && has_library(line, i + 1, filter))) return 1;
    }
    return 0;
}

/* Whether a line that is too long for a phrase may open as a correction does. */
static int may_be_correction(const Line *line, const uint8_t *filter) {
    uint32_t stripped = leading(line->folded, line->size), size = line->size;
    while (size && is_trailing(line->folded[size - 1])) size--;
    /* What is short but for marks may be a phrase. */
    if (stripped > size || size - stripped < LONGEST_COUNT) return 1;
    return may_begin(line->folded + stripped, size - stripped, CORRECTION, filter);
}

static int is_before_lead(uint32_t code) {
    return code == ' ' || code == 0x2022 || code == 0xB7 || code == '*' || code == 0x2013 || code == 0x2014 ||
           code == '-';
}

/* Whether a line may open with a word such as "By", which ends there, or with one that may be glued to a name. */
static int may_open_lead(const Line *line, const uint8_t *filter) {
    const uint32_t *rest = line->folded;
    uint32_t size = line->size;
    while (size && is_before_lead(*rest)) rest++, size--;
    uint64_t apart = hash_in(LEAD), glued = hash_in(GLUED_LEAD);
    for (uint32_t i = 0; i < size && i < LONGEST_BEGINNING; i++) {
        apart = extended(apart, rest[i]);
        glued = extended(glued, rest[i]);
        int is_end = i + 1 == size || rest[i + 1] == ' ' || rest[i + 1] == ':' || rest[i + 1] == 0xFF1A;
        if ((is_end && is_known(filter, apart)) || is_known(filter, glued)) return 1;
    }
    return 0;
}

/* Whether a line may hold a date: a number with a neighbour as of a date, or if it is short a word of a relative one. */
static int may_hold_date(const Line *line, const uint8_t *filter) {
    uint32_t room[LONGEST_PHRASE];
    const uint32_t *codes = line->folded;
    int has_number = line->kinds >> DIGIT & 1, is_short = line->length <= LONGEST_WORDY;
    if (!has_number && !is_short) return 0;
    if (line->length > LONGEST_PHRASE || line->has_sharp_s || line->has_wide_blank) return 1;
    if (line->all_codes >= 0x80) {
        if (!has_number && has_east_asian(codes, line->size)) return may_be_unspaced(codes, line->size, filter);
        if (!fold_for_dates(codes, line->size, room)) return 1;
        codes = room;
    }
    if (has_number && may_be_dated(codes, line->size, filter)) return 1;
    return is_short && may_be_relative(codes, line->size, filter);
}

/* Whether a line has the length of a headline. */
static int is_shaped(const Line *line) {
    uint32_t words = line->pieces + line->spaceless / 2;
    return words >= FEWEST_SHAPED && words <= MOST_SHAPED && line->length >= SHORTEST_SHAPED;
}

/* What may be found in a line, and its label where a phrase surely gives it one. */
static uint32_t flags_of(const Line *line, const Known *known, uint8_t *label) {
    int has_few = line->pieces > 1 && line->pieces <= MOST_PIECES, has_number = line->kinds >> DIGIT & 1;
    uint32_t flags = is_shaped(line) ? SHAPED : 0;
    *label = NO_LABEL;
    if (line->kinds >> NONE & 1) return flags | (has_few ? EVERYTHING : EVERYTHING & ~LAST_WORD);
    if (may_hold_date(line, known->filter)) flags |= DATE;
    if (!is_letter(line->folded[0])) flags |= LISTED;
    if (may_open_lead(line, known->filter)) flags |= BYLINE;
    if (line->length > LONGEST_PHRASE)
        return flags | CREDIT | (may_be_correction(line, known->filter) ? PHRASE : 0);
    uint32_t found = label_of(line->folded, line->size, has_number, known);
    int is_timed = has_number && line->length <= LONGEST_READ_TIME && may_be_read_time(line, known->filter);
    if (found == ASK || is_timed) flags |= PHRASE;
    else *label = (uint8_t)found;
    if (may_end_in_credit(line, known->filter)) flags |= CREDIT;
    if (has_few && may_end_in_widget(line, known)) flags |= LAST_WORD;
    return flags;
}

/* Lines that newlines divide, in UTF-8, and what is found in each. */
typedef struct {
    const uint8_t *text;
    uint32_t room; /* behind all that was handed over */
    const Known *known;
    uint32_t bytes, count;
    int32_t *pieces, *spaceless; /* between blanks; characters of Chinese and Japanese */
    uint8_t *flags;              /* what may be found by a closer look */
    uint8_t *labels;
    uint64_t *hashes;
    int32_t *starts, *lengths; /* in code points of all that was handed over, without the blanks at both ends */
    int32_t *sizes;            /* in code points, with the blanks */
    uint8_t *packed;           /* the lines without the blanks at both ends and without blank ones, each with a newline */
    uint32_t *packed_past;     /* where each line ends there, behind its newline */
} Record;

static Record record;

/* Where the record is. */
EXPORT(where)
const Record *where(void) { return &record; }

/* Put a line behind the `size` bytes that others take. Returns how many they are with it. */
static uint32_t pack(uint8_t *packed, uint32_t size, const Trimmed *line) {
    uint32_t own = (uint32_t)(line->past - line->first);
    for (uint32_t i = 0; i < own; i += 16) wasm_v128_store(packed + size + i, wasm_v128_load(line->first + i));
    packed[size + own] = '\n';
    return size + own + 1;
}

/* Look at the lines of the record. */
EXPORT(glance)
void glance(void) {
    const uint8_t *text = record.text, *end = text + record.bytes;
    Arena arena = {record.room};
    Line line;
    record.pieces = TAKE_CLEARED(&arena, int32_t, record.count);
    record.spaceless = TAKE_CLEARED(&arena, int32_t, record.count);
    record.flags = TAKE_CLEARED(&arena, uint8_t, record.count);
    record.labels = TAKE_CLEARED(&arena, uint8_t, record.count);
    record.starts = TAKE(&arena, int32_t, record.count);
    record.lengths = TAKE(&arena, int32_t, record.count);
    record.sizes = TAKE(&arena, int32_t, record.count);
    record.packed = TAKE(&arena, uint8_t, record.bytes + 32);
    record.packed_past = TAKE(&arena, uint32_t, record.count);
    for (uint32_t i = 0, place = 0, packed = 0, size; i < record.count; i++) {
        const uint8_t *newline = end_of_line(text, end, &size);
        Trimmed trimmed = trim(text, newline);
        record.starts[i] = (int32_t)(place + trimmed.before);
        record.lengths[i] = (int32_t)(size - trimmed.before - trimmed.behind);
        record.sizes[i] = (int32_t)size;
        place += size + 1;
        text = newline + 1;
        record.packed_past[i] = packed;
        if (trimmed.first == trimmed.past) continue;
        packed = record.packed_past[i] = pack(record.packed, packed, &trimmed);
        read_line(&line, trimmed.first, trimmed.behind ? trimmed.past : end);
        record.pieces[i] = (int32_t)line.pieces;
        record.spaceless[i] = (int32_t)line.spaceless;
        record.flags[i] = (uint8_t)flags_of(&line, record.known, &record.labels[i]);
    }
}

/* FNV-1a of 64 bits (Fowler, Noll and Vo). */
static uint64_t fnv_1a(const uint8_t *bytes, uint32_t count) {
    uint64_t hash = 0xCBF29CE484222325ull;
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ bytes[i]) * 0x100000001B3ull;
    return hash;
}

/* Hash the lines of the record, as broadsheet.labelling.furniture says; `flags` tell which of them could be folded. */
EXPORT(hash)
void hash(void) {
    const uint8_t *text = record.text, *end = text + record.bytes;
    Arena arena = {record.room};
    record.hashes = TAKE(&arena, uint64_t, record.count);
    record.flags = TAKE(&arena, uint8_t, record.count);
    record.starts = TAKE(&arena, int32_t, record.count);
    record.lengths = TAKE(&arena, int32_t, record.count);
    uint8_t *folded = TAKE(&arena, uint8_t, record.bytes + 16);
    for (uint32_t i = 0, place = 0, size; i < record.count; i++) {
        const uint8_t *past = end_of_line(text, end, &size);
        Folded line = fold(folded, text, past);
        record.hashes[i] = fnv_1a(folded, line.size);
        record.flags[i] = (uint8_t)line.known;
        record.starts[i] = (int32_t)(place + line.start);
        record.lengths[i] = (int32_t)(line.past - line.start);
        place += size + 1;
        text = past + 1;
    }
}

#include "lines/headlines.h"

/* Where the main run of body begins on each page, whose lines stand between its edges: the run of lines whose scores,
   less what a line of the run has at least, weigh most with their lengths. */
EXPORT(runs)
uint32_t runs(const float *scores, const int32_t *lengths, const int32_t *edges, int32_t *begins, uint32_t pages) {
    for (uint32_t page = 0; page < pages; page++) {
        double sum = 0, least = 0, most = 0;
        int32_t first = edges[page], begin = first;
        begins[page] = 0;
        for (int32_t line = first; line < edges[page + 1]; line++) {
            float weight = scores[line] - LEAST_OF_RUN;
            sum += (double)weight * (lengths[line] < LONGEST_OF_RUN ? lengths[line] : LONGEST_OF_RUN);
            if (sum < least) least = sum, begin = line + 1;
            if (sum - least > most) most = sum - least, begins[page] = begin - first;
        }
    }
    return pages;
}

static void put(Phrase *phrases, uint32_t mask, uint64_t hash, uint32_t label) {
    uint32_t place = (uint32_t)(hash >> 20) & mask;
    while (phrases[place].label) place = (place + 1) & mask;
    phrases[place] = (Phrase){hash, label, 0};
}

/* Put `count` words or their beginnings, folded and divided by newlines, into the filter, each in its role, and those
   that have a label among the phrases, of which there are `places`, a power of two. What lines may start with is in the
   filter by its beginning. */
EXPORT(learn)
uint32_t learn(const uint8_t *text, const uint8_t *roles, const uint8_t *labels, uint8_t *filter, Phrase *phrases,
               uint32_t bytes, uint32_t count, uint32_t places) {
    const uint8_t *end = text + bytes;
    for (uint32_t i = 0; i < count; i++, text++) {
        uint64_t hash = hash_in(roles[i]);
        while (text < end && *text != '\n') hash = extended(hash, next_code(&text));
        for (uint32_t number = 0; number < FILTER_PLACES && roles[i] != START; number++) {
            uint32_t bit = bit_of(hash, number);
            filter[bit >> 3] |= (uint8_t)(1 << (bit & 7));
        }
        if (labels[i]) put(phrases, places - 1, hash, labels[i]);
    }
    return count;
}
