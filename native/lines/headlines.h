/* Which line of a page is its headline: as HeadView of broadsheet.labelling.headlines, which says what is weighed. */

/* Lines above the body and around a candidate that are looked at; of the main run, and of it those that can be the
   headline; characters of the body that words are compared with; and sizes as Python names them. */
enum { ABOVE_BODY = 60, AROUND = 4, MOST_OF_RUN = 40, INSIDE = 3, LONGEST_INSIDE = 30, COMPARED = 2500,
       COMPARED_FIRST = 800, SHORTEST_HEADLINE = 3, LONGEST_HEADLINE = 300, FARTHEST_SHORT = 8, SHORTEST_PROSE = 8,
       NEAR = 8, SHORTEST_TITLE = 8, SHORTEST_CONTAINED = 20, TOP = 3, LOOKED_AT = 60,
       MOST_CANDIDATES = ABOVE_BODY + INSIDE, NO_LANDMARK = 9, SOFT_HYPHEN = 0xAD };
/* Features by what they are of, logarithms, and places for stems, of which a text has fewer. */
enum { STANDING = 29, NUMBERS = 8, SHARED = 3, COPIES = 8, LOGARITHMS = 4096, KNOWN_STEMS = 8192,
       MAQAF = 0x5BE, MOST_BEGINNINGS = 1 << 22 };
/* What is said of a line; the first six by Python. */
enum { LABELLED = 1, SHARING = 2, OF_PICTURE = 4, WORDED = 8, LANDMARK = 16, EXCLUDED = 32, ENTRY = 64,
       TITLE_LIKE = 128 };
/* Of a page that has none, and of one that is left to Python. */
enum { NO_HEADLINE = -1, UNSURE = -2 };

typedef struct {
    double standing[STANDING], numbers[NUMBERS], shared[SHARED], copies[COPIES];
    double none, most_copied;
    double logarithms[LOGARITHMS]; /* of one more than the place */
} Weights;

/* A line, without the newline. */
typedef struct {
    const uint8_t *begin;
    uint32_t size; /* bytes */
} Text;

/* A page. Places are of its lines: where the main run of body begins, the first body, the first sure prose, and from
   where to where is looked. */
typedef struct {
    const Text *lines;
    const int32_t *words;
    const float *scores;
    const uint8_t *body;
    uint8_t *marks; /* of the lines from `start` to `past` */
    int32_t count, main, first, prose, start, past;
} Page;

/* The code points of a line or of several, and what they are. */
typedef struct {
    uint32_t *codes;
    uint32_t count;
    int is_known;
} Codes;

typedef struct {
    uint64_t *hashes;
    uint32_t count;
} Stems;

typedef struct {
    int32_t place;
    double weight;
    Stems stems;
} Candidate;

static int are_equal(const uint8_t *one, const uint8_t *other, uint32_t size) {
    for (; size >= 16; size -= 16, one += 16, other += 16)
        if (wasm_v128_any_true(wasm_v128_xor(wasm_v128_load(one), wasm_v128_load(other)))) return 0;
    while (size && *one == *other) size--, one++, other++;
    return !size;
}

/* Its code points. Sixteen bytes are looked at together, of which those behind a line are in the memory too. */
static uint32_t length_of(Text line) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < line.size; i += 16) {
        uint32_t meant = line.size - i < 16 ? (1u << (line.size - i)) - 1 : 0xFFFF;
        v128_t is_inside = wasm_i8x16_lt(wasm_v128_load(line.begin + i), wasm_i8x16_splat(-64));
        count += (uint32_t)__builtin_popcount(meant & ~wasm_i8x16_bitmask(is_inside));
    }
    return count;
}

/* Read on up to `most` code points. */
static void read_codes(Codes *read, Text line, uint32_t most) {
    const uint8_t *text = line.begin, *end = text + line.size;
    while (text < end && read->count < most) {
        uint32_t code = *text < 0x80 ? *text++ : next_code(&text);
        read->is_known &= kind_of(code) != NONE || code == SOFT_HYPHEN;
        read->codes[read->count++] = code;
    }
}

/* A word, or what has been read of it: the hash of its stem, its letters, and whether all are digits. */
typedef struct {
    uint64_t hash;
    uint32_t length;
    int is_number;
} Word;

/* How words of a text are cut: letters of a stem, and of the shortest word that counts. In scripts without blanks
   pairs of letters are stems. */
typedef struct {
    uint32_t stem, shortest;
    int has_pairs;
} Cut;

static inline uint32_t caseless(uint32_t code) { return code == 0xDF ? 's' : small_code(code); }

static int is_spaceless(uint32_t code) {
    return (code >= 0x3040 && code <= 0x30FF) || (code >= 0x3400 && code <= 0x9FFF);
}

static Cut cut_of(const uint32_t *codes, uint32_t count) {
    uint32_t all = 0, looked_at = 0;
    int is_hangul = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t code = codes[i];
        if (code == SOFT_HYPHEN) continue;
        if (code != 0xDF) all |= code;
        looked_at += code == 0xDF ? 2 : 1;
        if (code < 0x3040 || looked_at > LOOKED_AT) continue;
        if (is_spaceless(code)) return (Cut){2, 2, 1};
        is_hangul |= code >= 0xAC00 && code <= 0xD7A3;
    }
    return is_hangul ? (Cut){2, 2, 0} : (Cut){6, all < 0x80 ? 4 : 3, 0};
}

/* Put a letter or digit to a word. Returns 0 where the word is at its end. */
static inline int extend(Word *word, uint32_t code, uint32_t stem) {
    Kind kind = kind_of(code);
    int is_inside = word->length && (code == '_' || code == MAQAF);
    if (kind != LETTER && kind != DIGIT && !is_inside) return code == SOFT_HYPHEN;
    word->is_number &= kind == DIGIT;
    if (word->length++ < stem) word->hash = extended(word->hash, caseless(code));
    if (code == 0xDF && word->length++ < stem) word->hash = extended(word->hash, 's');
    return 1;
}

/* Pairs of which the first is a letter or digit. */
static Stems pairs_of(const uint32_t *codes, uint32_t count, uint64_t *hashes) {
    Stems found = {hashes, 0};
    uint32_t before = ' ';
    for (uint32_t i = 0; i < count; i++) {
        if (codes[i] == SOFT_HYPHEN) continue;
        for (uint32_t letters = codes[i] == 0xDF ? 2 : 1; letters; letters--) {
            uint32_t code = caseless(codes[i]);
            if (is_letter_or_digit(before)) found.hashes[found.count++] = extended(extended(0, before), code);
            before = code;
        }
    }
    return found;
}

/* The hashes of the stems of known codes, some perhaps more than once, to room for twice as many as there are codes. */
static Stems stems_of(const uint32_t *codes, uint32_t count, uint64_t *hashes) {
    Stems found = {hashes, 0};
    Word word = {0, 0, 1};
    Cut cut = cut_of(codes, count);
    if (cut.has_pairs) return pairs_of(codes, count, hashes);
    for (uint32_t i = 0; i <= count; i++) {
        if (extend(&word, i < count ? codes[i] : ' ', cut.stem)) continue;
        if (word.length >= cut.shortest || (word.length && word.is_number)) found.hashes[found.count++] = word.hash;
        word = (Word){0, 0, 1};
    }
    return found;
}

static int has_stem(Stems stems, uint64_t hash) {
    uint32_t place = 0;
    while (place < stems.count && stems.hashes[place] != hash) place++;
    return place < stems.count;
}

/* Stems without those that stand among them before. */
static Stems each_once(Stems stems) {
    Stems kept = {stems.hashes, 0};
    for (uint32_t i = 0; i < stems.count; i++)
        if (!has_stem(kept, stems.hashes[i])) kept.hashes[kept.count++] = stems.hashes[i];
    return kept;
}

/* Where a stem stands, or is to be put, in a table of hashes whose last bits say of what they are. */
static uint64_t *place_of(uint64_t *table, uint64_t hash) {
    uint32_t place = (uint32_t)(hash >> 20) & (KNOWN_STEMS - 1);
    while (table[place] && (table[place] | 3) != (hash | 3)) place = (place + 1) & (KNOWN_STEMS - 1);
    return &table[place];
}

static void put_stems(uint64_t *table, Stems stems, uint64_t bit) {
    for (uint32_t i = 0; i < stems.count; i++) {
        uint64_t *place = place_of(table, stems.hashes[i]);
        *place = (stems.hashes[i] & ~3ull) | (*place & 3) | bit;
    }
}

static int is_bullet(uint32_t code) {
    switch (code) {
    case 0x2022: case 0x25CF: case 0x25AA: case 0x2023: case 0x25E6: case 0xB7: case '*': case 0x2013: case 0x2014:
    case '-': case 0x25B6: case 0x25BA: case 0x2192:
        return 1;
    default:
        return 0;
    }
}

static int is_quotation_mark(uint32_t code) {
    switch (code) {
    case '"': case 0x201C: case 0x201D: case 0x201E: case 0xAB: case 0x2018: case '\'': case 0x300C: return 1;
    default: return 0;
    }
}

/* The number of one or two digits that a line begins with, if a stop and a blank or nothing follow; NO_HEADLINE where
   none does, UNSURE where it may have digits of other scripts. */
static int32_t number_of(Text line) {
    const uint8_t *text = line.begin, *end = text + line.size;
    int32_t number = 0, digits = 0, is_known = 1;
    while (text < end && digits <= 2) {
        uint32_t code = next_code(&text);
        Kind kind = kind_of(code);
        if (code == '.') break;
        if (kind != DIGIT && kind != NONE) return NO_HEADLINE;
        is_known &= kind == DIGIT;
        number = 10 * number + (int32_t)code - '0';
        digits++;
    }
    if (!digits || digits > 2 || text[-1] != '.' || (text < end && *text != ' ')) return NO_HEADLINE;
    return is_known ? number : UNSURE;
}

/* Whether a line is an entry of a list, by a bullet, or a number one higher than that of the line above. */
static int is_listed(const Page *page, int32_t index) {
    Text line = page->lines[index];
    const uint8_t *text = line.begin, *end = text + line.size;
    uint32_t first = next_code(&text);
    if (is_bullet(first)) return text == end || kind_of(next_code(&text)) == BLANK;
    if (!index || (kind_of(first) != DIGIT && kind_of(first) != NONE)) return 0;
    int32_t own = number_of(line);
    if (own == NO_HEADLINE) return 0;
    int32_t before = number_of(page->lines[index - 1]);
    if (own == UNSURE || before == UNSURE) return UNSURE;
    return before != NO_HEADLINE && own == before + 1;
}

/* Mark entries of lists, and lines that are like titles. Returns 0 where that is not sure. */
static int mark_lines(Page *page) {
    for (int32_t index = page->start; index < page->past; index++) {
        uint8_t *mark = &page->marks[index - page->start];
        int32_t words = page->words[index], is_entry = is_listed(page, index);
        if (is_entry == UNSURE) return 0;
        if (is_entry) *mark |= ENTRY;
        if (!(*mark & (LABELLED | LANDMARK | ENTRY)) && words >= FEWEST_SHAPED && words <= MOST_SHAPED &&
            length_of(page->lines[index]) >= SHORTEST_SHAPED)
            *mark |= TITLE_LIKE;
    }
    return 1;
}

/* What is marked of a line that is looked at, and of others nothing. */
static uint32_t marks_of(const Page *page, int32_t index) {
    return index >= page->start && index < page->past ? page->marks[index - page->start] : 0;
}

/* How far the first landmark stands from a line, at most `most` lines in one direction. */
static int32_t steps_to_landmark(const Page *page, int32_t index, int32_t direction, int32_t most) {
    for (int32_t steps = 1; steps <= most; steps++)
        if (marks_of(page, index + direction * steps) & LANDMARK) return steps;
    return NO_LANDMARK;
}

static uint32_t last_code(Text line) {
    const uint8_t *text = line.begin + line.size - 1;
    while (text > line.begin && (*text & 0xC0) == 0x80) text--;
    return next_code(&text);
}

static int ends_with(Text line, Text other) {
    return line.size >= other.size && are_equal(line.begin + line.size - other.size, other.begin, other.size);
}

static int is_in(uint32_t code, const char *marks) {
    while (*marks && (uint32_t)*marks != code) marks++;
    return *marks != 0;
}

/* What holds of how a line reads, which has a letter, from `holds` on. Returns the share of its words that begin with a
   capital. */
static double shape(const Codes *line, int32_t words, uint8_t *holds) {
    const uint32_t *codes = line->codes;
    uint32_t count = line->count, tokens = 0, capitals = 0, is_crossing = 0, has_colon = 0, last = codes[count - 1];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t code = codes[i], before = i ? codes[i - 1] : ' ', behind = i + 1 < count ? codes[i + 1] : 0;
        if ((!i || kind_of(before) == BLANK) && kind_of(code) != BLANK) {
            tokens++;
            capitals += small_code(code) != code && code != 0x3C2;
        }
        int is_apart = i && before == ' ' && behind == ' ';
        is_crossing |= code == '|' || code == 0xBB || code == 0x203A || (is_apart && (code == '>' || code == '/'));
        has_colon |= code == ':' && behind == ' ';
    }
    int is_dotted = count >= 3 && last == '.' && codes[count - 2] == '.' && codes[count - 3] == '.';
    uint32_t digits = 0;
    while (digits < count && digits < 3 && kind_of(codes[digits]) == DIGIT) digits++;
    uint8_t found[] = {
        words == 1, words == 2, words == 4, words >= 5 && words <= 6, words >= 7 && words <= 16, words > 22, count < 20,
        last == '.' || last == 0x3002, last == 0x2026 || is_dotted,
        digits && digits < 3 && digits + 1 < count && codes[digits] == '.' && codes[digits + 1] == ' ',
        is_crossing, is_quotation_mark(codes[0]), has_colon,
    };
    __builtin_memcpy(holds, found, sizeof(found));
    return (double)capitals / (double)tokens;
}

/* What holds of the lines around a line, from `holds` on. */
static void neighbours(const Page *page, int32_t index, uint32_t length, uint8_t *holds) {
    int32_t above = index - 1, below = index + 1, has_above = above >= page->start, has_below = below < page->past;
    int32_t landmark = steps_to_landmark(page, index, 1, AROUND);
    int32_t before = steps_to_landmark(page, index, -1, AROUND - 1);
    int is_shared = 0;
    for (int32_t other = below; other <= index + AROUND; other++) is_shared |= (marks_of(page, other) & SHARING) != 0;
    int32_t words_above = has_above ? page->words[above] : 0, words_below = has_below ? page->words[below] : 0;
    Text line = has_above ? page->lines[above] : (Text){0};
    uint8_t found[] = {
        landmark == 1, landmark == 2, landmark >= 3 && landmark <= 4, before >= 2 && before <= 3, is_shared,
        has_above && (marks_of(page, index - 2) & TITLE_LIKE),
        has_above && words_above <= 3,
        has_above && words_above >= SHORTEST_PROSE && is_in(last_code(line), ".!?"),
        has_above && (marks_of(page, above) & TITLE_LIKE) && 1.25 * length < length_of(line),
        has_below && words_below >= 8 && words_below <= 60 && !page->body[below],
        has_below && page->body[below],
        has_below && (marks_of(page, below) & OF_PICTURE),
    };
    __builtin_memcpy(holds, found, sizeof(found));
}

/* Lines and words between a line and the main run. */
typedef struct {
    int32_t prose, shaped, entries;
} Between;

/* The weight of a line by its place, shape and neighbours, added up in the order in which Python does. */
static double weight_of_standing(const Page *page, const Weights *weights, const Codes *line, int32_t index,
                                 Between between) {
    int32_t distance = page->main - index;
    uint8_t holds[STANDING] = {
        distance >= 2 && distance <= 4, index > page->prose, page->body[index], index < page->first,
    };
    double capitals = shape(line, page->words[index], holds + 4);
    neighbours(page, index, line->count, holds + 17);
    const double *logarithms = weights->logarithms;
    double numbers[NUMBERS] = {
        logarithms[distance > 0 ? distance : 0], distance > 12 ? (distance - 12) / 10.0 : 0,
        logarithms[between.prose] / 3, logarithms[between.shaped], logarithms[between.entries],
        page->scores[index], (line->count < 150 ? line->count : 150) / 50.0, capitals,
    };
    double weight = 0;
    for (uint32_t i = 0; i < NUMBERS; i++) weight += weights->numbers[i] * numbers[i];
    for (uint32_t i = 0; i < STANDING; i++)
        if (holds[i]) weight += weights->standing[i];
    return weight;
}

/* The weight of the words that a line shares with the body, whose stems have the first bit in the table, and those of
   its opening the second. */
static double weight_of_shared(const Weights *weights, Stems stems, uint64_t *table) {
    uint32_t body = 0, opening = 0;
    for (uint32_t i = 0; i < stems.count; i++) {
        uint64_t found = *place_of(table, stems.hashes[i]);
        body += found & 1;
        opening += found >> 1 & 1;
    }
    double size = stems.count > 3 ? stems.count : 3;
    double weight = weights->shared[0] * (body / size);
    weight += weights->shared[1] * (opening / size);
    return weight + weights->shared[2] * weights->logarithms[body];
}

/* How often a line stands in another, without overlap; `left` is how many more places are looked at where it may begin:
   of text that repeats itself it may nearly stand at each. */
static uint32_t times_in(Text line, Text other, uint32_t *left) {
    uint32_t times = 0;
    const uint8_t *text = other.begin, *end = other.begin + other.size;
    v128_t first = wasm_i8x16_splat((char)line.begin[0]);
    while (*left && (uint32_t)(end - text) >= line.size) {
        if (end - text >= 16) {
            uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(text), first));
            if (!found) {
                text += 16;
                continue;
            }
            text += __builtin_ctz(found);
            if ((uint32_t)(end - text) < line.size) break;
        }
        --*left;
        int is_there = are_equal(text, line.begin, line.size);
        times += (uint32_t)is_there;
        text += is_there ? line.size : 1;
    }
    return times;
}

/* Whether all stems of one are among those of another, and others too. */
static int is_proper_part(Stems own, Stems longer) {
    for (uint32_t i = 0; i < own.count; i++)
        if (!has_stem(longer, own.hashes[i])) return 0;
    for (uint32_t i = 0; i < longer.count; i++)
        if (!has_stem(own, longer.hashes[i])) return 1;
    return 0;
}

/* Whether the stems of a line are among those of one of the first lines of the page, which has more. UNSURE where that
   takes a closer look. */
static int is_in_top(const Page *page, Candidate candidate, Arena arena) {
    int found = 0;
    for (int32_t index = 0; index < TOP && index < page->count && candidate.stems.count >= 2; index++) {
        if (index == candidate.place) continue;
        Text line = page->lines[index];
        /* Stems of a whole text would take too long to compare one by one. */
        if (line.size > COMPARED) return UNSURE;
        Codes codes = {TAKE(&arena, uint32_t, line.size), 0, 1};
        read_codes(&codes, line, line.size);
        if (!codes.is_known) return UNSURE;
        Stems longer = stems_of(codes.codes, codes.count, TAKE(&arena, uint64_t, 2 * codes.count));
        found |= is_proper_part(candidate.stems, longer);
    }
    return found;
}

/* Add the weight of where else the text of a line stands; `left` as of `times_in`. Returns 0 where that takes a closer
   look. */
static int add_weight_of_copies(const Page *page, const Weights *weights, Candidate *candidate, uint32_t *left, Arena arena) {
    Text line = page->lines[candidate->place];
    uint32_t length = length_of(line), times = 0, inside = 0, ends = 0, is_ended = 0;
    for (int32_t index = 0; index < page->count; index++) {
        Text other = page->lines[index];
        times += other.size == line.size && ends_with(other, line);
        if (length >= SHORTEST_CONTAINED && !page->body[index]) inside += times_in(line, other, left);
    }
    int32_t first = candidate->place > NEAR ? candidate->place - NEAR : 0;
    for (int32_t index = first; index <= candidate->place + NEAR && index < page->count; index++) {
        Text other = page->lines[index];
        if (other.size > line.size) ends |= length >= SHORTEST_TITLE && ends_with(other, line);
        if (other.size < line.size) is_ended |= length_of(other) >= SHORTEST_TITLE && ends_with(line, other);
    }
    int top = is_in_top(page, *candidate, arena);
    uint32_t marks = marks_of(page, candidate->place);
    uint8_t holds[COPIES] = {
        times > 1, times > 2, inside > times, top == 1, ends, is_ended,
        (marks & OF_PICTURE) != 0, (marks & WORDED) != 0,
    };
    for (uint32_t i = 0; i < COPIES; i++)
        if (holds[i]) candidate->weight += weights->copies[i];
    return *left && top != UNSURE;
}

static int32_t steps_to_run(const Page *page, int32_t index) {
    return page->main > index ? page->main - index : index - page->main;
}

/* Whether a line can be the headline, by all but its letters. */
static int is_eligible(const Page *page, int32_t index) {
    if (marks_of(page, index) & (LANDMARK | EXCLUDED | ENTRY)) return 0;
    if (page->words[index] <= 2 && steps_to_run(page, index) > FARTHEST_SHORT) return 0;
    uint32_t size = page->lines[index].size;
    if (size < SHORTEST_HEADLINE || size > 4 * LONGEST_HEADLINE) return 0;
    uint32_t length = length_of(page->lines[index]);
    return length >= SHORTEST_HEADLINE && length <= LONGEST_HEADLINE;
}

/* Weigh a line by its place and its words, if it has a letter. Returns how many candidates it is, UNSURE where that
   takes a closer look. */
static int weigh(const Page *page, const Weights *weights, int32_t index, Between between, uint64_t *table,
                 Candidate *candidate, Arena *arena) {
    uint32_t room[LONGEST_HEADLINE];
    Codes line = {room, 0, 1};
    int has_letter = 0;
    read_codes(&line, page->lines[index], LONGEST_HEADLINE);
    if (!line.is_known) return UNSURE;
    for (uint32_t i = 0; i < line.count; i++) has_letter |= is_letter(line.codes[i]);
    if (!has_letter) return 0;
    Stems stems = each_once(stems_of(line.codes, line.count, TAKE(arena, uint64_t, 2 * line.count)));
    double weight = weight_of_standing(page, weights, &line, index, between) + weight_of_shared(weights, stems, table);
    *candidate = (Candidate){index, weight, stems};
    return 1;
}

/* The first lines of the main run, at most MOST_OF_RUN, to `run`. Returns how many. */
static int32_t run_of(const Page *page, int32_t *run) {
    int32_t size = 0;
    for (int32_t index = page->main; index < page->count && size < MOST_OF_RUN; index++)
        if (page->body[index]) run[size++] = index;
    return size;
}

/* The stems of the body and its opening. Returns a null pointer where they take a closer look. */
static uint64_t *stems_of_run(const Page *page, const int32_t *run, int32_t size, Arena *arena) {
    uint64_t *table = TAKE_CLEARED(arena, uint64_t, KNOWN_STEMS), *hashes = TAKE(arena, uint64_t, 2 * COMPARED);
    uint32_t opening = 0;
    Codes body = {TAKE(arena, uint32_t, COMPARED + 1), 0, 1};
    for (int32_t i = 0; i < size && body.count < COMPARED; i++) {
        if (i) body.codes[body.count++] = ' ';
        read_codes(&body, page->lines[run[i]], COMPARED);
        if (i < 2) opening = body.count < COMPARED_FIRST ? body.count : COMPARED_FIRST;
    }
    if (!body.is_known) return 0;
    put_stems(table, stems_of(body.codes, body.count, hashes), 1);
    put_stems(table, stems_of(body.codes, opening, hashes), 2);
    return table;
}

/* Whether a candidate is looked at before another: it weighs more, or stands nearer to the main run, or in it. */
static int is_first(const Page *page, const Candidate *one, const Candidate *other) {
    int32_t steps = steps_to_run(page, one->place), of_other = steps_to_run(page, other->place);
    if (one->weight != other->weight) return one->weight > other->weight;
    return steps != of_other ? steps < of_other : one->place > other->place;
}

/* The heaviest of the candidates, with the weight of their copies, or NO_HEADLINE. */
static int32_t heaviest(const Page *page, const Weights *weights, Candidate *candidates, uint32_t count, Arena arena) {
    Candidate best = {NO_HEADLINE, weights->none, {0, 0}};
    uint32_t left = MOST_BEGINNINGS;
    while (count) {
        uint32_t next = 0;
        for (uint32_t i = 1; i < count; i++)
            if (is_first(page, &candidates[i], &candidates[next])) next = i;
        Candidate candidate = candidates[next];
        if (candidate.weight + weights->most_copied < best.weight) break;
        candidates[next] = candidates[--count];
        if (!add_weight_of_copies(page, weights, &candidate, &left, arena)) return UNSURE;
        int is_nearer = best.place >= 0 && steps_to_run(page, candidate.place) < steps_to_run(page, best.place);
        if (candidate.weight > best.weight || (candidate.weight == best.weight && is_nearer)) best = candidate;
    }
    return best.place;
}

/* The headline of a page, NO_HEADLINE, or UNSURE. */
static int32_t headline_of(Page *page, const Weights *weights, Arena arena) {
    int32_t run[MOST_OF_RUN], size = run_of(page, run);
    Candidate candidates[MOST_CANDIDATES];
    uint32_t count = 0;
    uint64_t *table = stems_of_run(page, run, size, &arena);
    if (!table || !mark_lines(page)) return UNSURE;
    Between between = {0, 0, 0};
    for (int32_t i = 0; i < size && i < INSIDE; i++) {
        if (page->words[run[i]] > LONGEST_INSIDE || !is_eligible(page, run[i])) continue;
        int found = weigh(page, weights, run[i], between, table, &candidates[count], &arena);
        if (found == UNSURE) return UNSURE;
        count += (uint32_t)found;
    }
    for (int32_t index = page->main - 1; index >= 0 && index >= page->main - ABOVE_BODY; index--) {
        if (between.prose >= LOGARITHMS) return UNSURE;
        if (is_eligible(page, index)) {
            int found = weigh(page, weights, index, between, table, &candidates[count], &arena);
            if (found == UNSURE) return UNSURE;
            count += (uint32_t)found;
        }
        if (page->words[index] >= SHORTEST_PROSE) between.prose += page->words[index];
        between.shaped += (marks_of(page, index) & TITLE_LIKE) != 0;
        between.entries += (marks_of(page, index) & ENTRY) != 0;
    }
    return heaviest(page, weights, candidates, count, arena);
}

/* The places of a page that Python hands over. */
typedef struct {
    int32_t main, first, prose, start, past;
} Places;

/* The headline of each page, whose lines stand between its edges. */
EXPORT(headlines)
uint32_t headlines(const uint8_t *text, const int32_t *edges, const int32_t *words, const float *scores,
                   const uint8_t *body, uint8_t *marks, const Places *places, int32_t *found, char *room,
                   const Weights *weights, uint32_t bytes, uint32_t pages) {
    const uint8_t *end = text + bytes;
    Arena arena = {(uint32_t)(uintptr_t)room};
    Text *lines = TAKE(&arena, Text, (uint32_t)edges[pages]);
    uint32_t codes;
    for (int32_t i = 0; i < edges[pages]; i++) {
        const uint8_t *past = end_of_line(text, end, &codes);
        lines[i] = (Text){text, (uint32_t)(past - text)};
        text = past + 1;
    }
    for (uint32_t i = 0; i < pages; i++) {
        int32_t edge = edges[i];
        Places at = places[i];
        Page page = {lines + edge, words + edge, scores + edge, body + edge, marks, edges[i + 1] - edge,
                     at.main, at.first, at.prose, at.start, at.past};
        found[i] = headline_of(&page, weights, arena);
        marks += at.past - at.start;
    }
    return pages;
}
