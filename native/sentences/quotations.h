/* Which parts of a body stand inside quotation marks: broadsheet.quotations has the same rules, and says why. */

/* Marks of two characters, and the break between two paragraphs; NO_MARK is none. */
enum { LOW_PAIR = 0x110000, APOSTROPHES, GRAVES, BREAK, NO_MARK, LONGEST_RUN = 3 };

/* A quotation that has begun; `break_at` is where its first unmarked break is, or -1. */
typedef struct {
    uint32_t mark;
    int32_t start, break_at, breaks;
} Open;

/* The quotations of a body, start and end of each. */
typedef struct {
    int32_t *spans, count;
} Quotations;

static inline int is_in(uint32_t code, const uint32_t *some, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (some[i] == code) return 1;
    return 0;
}

#define IS_IN(code, ...) \
    is_in(code, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static int is_single(uint32_t mark) { return mark == 0x2018 || mark == 0x201A || mark == '\''; }

/* Whether a mark beside letters is none: with an apostrophe it may open only behind these, and before a letter. */
static int may_open(Paragraph *text, int32_t place) {
    int is_behind = !place || is_blank_at(text, place - 1) ||
                    IS_IN(text->codes[place - 1], '(', '[', 0x201C, 0x201E, '"', 0xAB, 0x2014, 0x2013, '-');
    return is_behind && kind_at(text, place + 1) == LETTER;
}

static int may_close(Paragraph *text, int32_t place) {
    if (!place || is_word_at(text, place + 1) || code_at(text, place + 1) == '_') return 0;
    return IS_IN(text->codes[place - 1], '_', '.', ',', '!', '?', 0x2026, '%') || is_word_at(text, place - 1);
}

/* The mark that begins at a place. */
static uint32_t mark_at(Paragraph *text, int32_t place) {
    uint32_t code = text->codes[place], next = code_at(text, place + 1);
    if (code < 0x80) {
        switch (code) {
        case '\n': return next == '\n' ? BREAK : NO_MARK;
        case ',':
            return next == ',' && place + 2 < text->length && !is_blank_at(text, place + 2) ? LOW_PAIR : NO_MARK;
        case '`': return next == '`' ? GRAVES : NO_MARK;
        case '\'':
            if (next == '\'') return APOSTROPHES;
            return may_open(text, place) || may_close(text, place) ? code : NO_MARK;
        default: return code == '"' ? code : NO_MARK;
        }
    }
    switch (code) {
    case 0xAB: case 0xBB: case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x2039: case 0x203A:
    case 0x300C: case 0x300D: case 0x300E: case 0x300F: case 0x301D: case 0x301E: case 0x301F:
        return code;
    case 0x2018: case 0x201A: return may_open(text, place) ? code : NO_MARK;
    case 0x2019: return may_close(text, place) ? code : NO_MARK;
    default: return NO_MARK;
    }
}

/* Whether the character, beyond ASCII, may be a mark. */
static inline int may_be_mark(uint32_t code) {
    return code == 0xAB || code == 0xBB || (code >= 0x2018 && code <= 0x201F) || code == 0x2039 || code == 0x203A ||
           (code >= 0x300C && code <= 0x300F) || (code >= 0x301D && code <= 0x301F);
}

static inline int32_t size_of_mark(uint32_t mark) { return mark >= LOW_PAIR ? 2 : 1; }

/* What closes what a mark opened: the first of these is what may be repeated; 0 where the mark cannot open. */
static uint32_t closer_of(uint32_t mark) {
    switch (mark) {
    case 0x201C: case 0x201F: case 0x201D: return 0x201D;
    case 0x201E: return 0x201C;
    case '"': return '"';
    case 0xAB: return 0xBB;
    case 0xBB: return 0xAB;
    case 0x2039: return 0x203A;
    case 0x203A: return 0x2039;
    case LOW_PAIR: case APOSTROPHES: case GRAVES: case '\'': return '\'';
    case 0x300C: return 0x300D;
    case 0x300E: return 0x300F;
    case 0x301D: return 0x301F;
    case 0x2018: return 0x2019;
    case 0x201A: return 0x2018;
    default: return 0;
    }
}

static int closes(uint32_t opened, uint32_t mark) {
    if (mark == closer_of(opened)) return 1;
    switch (opened) {
    case 0x201C: return mark == '"';
    case 0x201E: return mark == 0x201D || mark == '"';
    case 0xBB: return mark == 0xBB;
    case 0x203A: return mark == 0x203A;
    case LOW_PAIR: case GRAVES: return mark == APOSTROPHES || mark == '"';
    case APOSTROPHES: return mark == APOSTROPHES;
    case 0x301D: return mark == 0x301E;
    case 0x201A: return mark == 0x2019;
    default: return 0;
    }
}

/* Whether the mark looks as if it opened: with nothing before it and something after it. */
static int opens(Paragraph *text, int32_t place, uint32_t mark) {
    if (IS_IN(mark, 0x201E, 0x201F, LOW_PAIR, GRAVES, 0x300C, 0x300E, 0x301D)) return 1;
    int32_t behind = place + size_of_mark(mark);
    if (place && !is_blank_at(text, place - 1) &&
        !IS_IN(text->codes[place - 1], '(', '[', '{', 0x2014, 0x2013, '-', '/', ':', '\'', 0x2018, 0x201C, 0x201E, 0xAB,
               0x201A, 0x200B, 0x200E, 0x200F, 0xBF, 0xA1))
        return 0;
    return mark == 0xAB || IS_IN(code_at(text, behind), '(', '[', '{', 0x2026, 0x2018, '\'', 0x201C, 0x201E, 0xAB, 0xBF,
                                 0xA1, '#', '@', '$', 0x20AC, 0xA3, 0x200B, 0x200E, 0x200F) ||
           is_word_at(text, behind);
}

static void add(Quotations *found, int32_t start, int32_t end) {
    found->spans[2 * found->count] = start;
    found->spans[2 * found->count++ + 1] = end;
}

/* What of a quotation without a closing mark counts: its paragraph, and none of a single mark's. */
static void give_up(Quotations *found, const Open *opened, int32_t end) {
    if (!is_single(opened->mark)) add(found, opened->start, opened->break_at < 0 ? end : opened->break_at);
}

/* Whether the mark stands at a place. */
static int stands_at(const Paragraph *text, int32_t place, uint32_t mark) {
    uint32_t first = mark == LOW_PAIR ? ',' : mark == APOSTROPHES ? '\'' : mark == GRAVES ? '`' : mark;
    return code_at(text, place) == first && (mark < LOW_PAIR || code_at(text, place + 1) == first);
}

/* Go over the break at a place with an open quotation, which ends where it cannot run on. */
static void run_on(Quotations *found, Open *opened, const Paragraph *text, int32_t place) {
    if (stands_at(text, place + 2, opened->mark) || stands_at(text, place + 2, closer_of(opened->mark))) return;
    if (opened->break_at < 0) opened->break_at = place;
    if (!is_single(opened->mark) && opened->breaks++ < LONGEST_RUN) return;
    give_up(found, opened, place);
    opened->mark = NO_MARK;
}

/* Quotations of a body, for which there is room for one more than it has characters. */
static void find_quotations(Quotations *found, Paragraph *text) {
    Open opened = {.mark = NO_MARK};
    int32_t depth = 0, past = 0;
    for (int32_t place; (place = *text->next) < text->length; text->next++) {
        uint32_t mark = place < past ? NO_MARK : mark_at(text, place);
        if (mark == NO_MARK) continue;
        past = place + size_of_mark(mark);
        if (mark == BREAK) {
            if (opened.mark != NO_MARK) run_on(found, &opened, text, place);
        } else if (opened.mark == NO_MARK) {
            if (!closer_of(mark) || !opens(text, place, mark)) continue;
            opened = (Open){mark, place, -1, 0};
            depth = 0;
        } else if (place >= 2 && text->codes[place - 1] == '\n' && text->codes[place - 2] == '\n' &&
                   opened.break_at < 0 && (mark == opened.mark || mark == closer_of(opened.mark))) {
            continue; /* the mark is repeated at the head of a paragraph */
        } else if (mark == opened.mark && (mark == 0x300C || mark == 0x300E)) {
            depth++;
        } else if (mark == opened.mark && !is_single(mark) && opens(text, place, mark)) {
            if (opened.break_at >= 0) give_up(found, &opened, place);
            opened = (Open){mark, place, -1, 0};
        } else if (closes(opened.mark, mark) && !(IS_IN(mark, '"', 0x201D, 0xBB) && opens(text, place, mark))) {
            if (depth) {
                depth--;
            } else {
                add(found, opened.start, past);
                opened.mark = NO_MARK;
            }
        }
    }
    if (opened.mark != NO_MARK) give_up(found, &opened, text->length);
}

/* For each sentence whether the larger part of its characters lies in a quotation. */
static void flag_quoted(const Quotations *found, const int32_t *sentences, int32_t count, uint8_t *flags) {
    int32_t index = 0;
    for (int32_t i = 0; i < count; i++) {
        int32_t start = sentences[2 * i], end = sentences[2 * i + 1], inside = 0;
        while (index < found->count && found->spans[2 * index + 1] <= start) index++;
        for (int32_t place = index; place < found->count && found->spans[2 * place] < end; place++) {
            int32_t first = found->spans[2 * place], last = found->spans[2 * place + 1];
            inside += (end < last ? end : last) - (start > first ? start : first);
        }
        flags[i] = inside > end - start - inside;
    }
}
