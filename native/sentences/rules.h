/* Where sentences end in a script that puts a space after its stops: broadsheet.sentences has the same rules, in the
   same order, and says why. What is not told here makes the paragraph unsure. */

enum { LONGEST_BRACKET = 200, LONGEST_SOURCE = 80 };

/* A stop, where it has closed, and where the text goes on behind the blanks. */
typedef struct {
    int32_t stop, end, following;
} Stop;

/* Behind marks of footnotes: [1], [12]. */
static int32_t behind_footnotes(const Paragraph *text, int32_t place) {
    while (code_at(text, place) == '[') {
        int32_t digits = 0;
        while (code_at(text, place + 1 + digits) - '0' < 10) digits++;
        if (!digits || digits > 3 || code_at(text, place + 1 + digits) != ']') break;
        place += digits + 2;
    }
    return place;
}

/* Find the first stop from a place on that has blanks behind it, before `length`. Returns whether there is one. */
static int find_stop(Paragraph *text, int32_t from, int32_t length, Stop *found) {
    for (int32_t place; (place = *text->next - text->place) < length; text->next++) {
        if (place < from || !is_stop(text->codes[place])) continue;
        int32_t end = place + 1;
        while (end < length && (is_stop(text->codes[end]) || text->codes[end] == 0xFE0F)) end++;
        while (end < length && is_closer(text->codes[end])) end++;
        end = behind_footnotes(text, end);
        *found = (Stop){place, end, behind_blanks(text, end)};
        if (end < length && found->following > end) return 1;
        from = end;
    }
    return 0;
}

static int is_starter(Paragraph *text, int32_t place) {
    place = behind_openers(text, place);
    int32_t end = behind_word(text, place);
    return end > place && !is_small_at(text, place) && (in_small_letters(text, place, end) & STARTER);
}

static int ends_after(uint32_t kind, Paragraph *text, int32_t following) {
    if (kind == NEVER) return 0;
    if (kind == BEFORE_NUMBER) return kind_at(text, following) != DIGIT;
    uint32_t code = code_at(text, following);
    return code == 0xBF || code == 0xA1 || is_starter(text, following);
}

/* Whether the character may stand in the last part of a word. */
static int is_of_part(const Paragraph *text, int32_t place) {
    switch (text->codes[place]) {
    case '(': case ')': case '[': case ']': case '{': case '}': case '"': case 0x201C: case 0x201D: case 0x201E:
    case 0xAB: case 0xBB: case '\'': case 0x2019: case 0x2018: case 0x201A: case '-': case 0x2013: case 0x2014:
    case '/': case '_': case '*':
        return 0;
    default:
        return !is_blank_at(text, place);
    }
}

/* Whether all is the number or letter before an item of a list. */
static int is_item(Paragraph *text, int32_t begin, int32_t end) {
    begin += text->codes[begin] == '(' || text->codes[begin] == '[';
    int32_t length = end - begin;
    if (length == 1 && kind_at(text, begin) == LETTER) return 1;
    if (run_of(text, begin, end, DIGIT, 3) == length) return 1;
    if (length < 2 || length > 5) return 0;
    for (; begin < end; begin++)
        if (text->codes[begin] != 'I' && text->codes[begin] != 'V' && text->codes[begin] != 'X') return 0;
    return 1;
}

/* Whether all is letters with stops between them: p.m, z.B */
static int is_dotted(Paragraph *text, int32_t begin, int32_t end) {
    for (int32_t parts = 1;; parts++) {
        int32_t length = run_of(text, begin, end, LETTER, 4);
        if (!length) return 0;
        begin += length;
        if (begin == end) return parts > 1;
        if (text->codes[begin++] != '.') return 0;
    }
}

/* The kind of what is no plain word of letters. */
static uint32_t kind_of_other(Paragraph *text, int32_t begin, int32_t end, int is_first) {
    int32_t part = end;
    while (part > begin && is_of_part(text, part - 1)) part--;
    if (part == end) return 0;
    if (is_first && is_item(text, begin, end)) return NEVER;
    uint32_t kind = exactly(text, part, end) & KIND;
    if (kind) return kind;
    int32_t digits = 0;
    while (part + digits < end && kind_at(text, part + digits) == DIGIT) digits++;
    if (part + digits == end) return text->language->has_ordinals && digits <= 2 ? BEFORE_STARTER : 0;
    uint32_t before = end - begin > 1 ? text->codes[end - 2] : NO_CODE;
    int is_hebrew = before == '"' || before == 0x5F4 || before == 0x201D;
    if (end - part == 1 && kind_at(text, part) == LETTER && !is_hebrew) return BEFORE_STARTER;
    return is_dotted(text, part, end) ? BEFORE_STARTER : 0;
}

/* Whether the letter is a unit, which has no stop of its own, behind its number. */
static int is_unit(Paragraph *text, int32_t place, int32_t number) {
    switch (text->codes[place]) {
    case 'm': case 'g': case 'l': case 't': case 'h': case 'V': case 'W': case 'C':
        return number >= 0 && kind_at(text, number) == DIGIT;
    default:
        return 0;
    }
}

/* What the word that ends at `stop` is to a full stop; 0 for an ordinary one. */
static uint32_t kind_of_word(Paragraph *text, int32_t start, int32_t stop) {
    int32_t floor = stop - LONGEST_WORD > start ? stop - LONGEST_WORD : start, begin = stop, letters = stop;
    while (begin > floor && text->codes[begin - 1] != ' ') begin--;
    uint32_t kind = exactly(text, begin, stop) & KIND;
    if (kind) return kind;
    while (letters > begin && kind_at(text, letters - 1) == LETTER) letters--;
    if (letters == begin && stop - begin > 1) return 0;
    /* Without a blank it is Python's text[-2:-1]. */
    int has_blank = begin > floor;
    if (stop - begin == 1 && is_unit(text, begin, has_blank ? begin - 2 : text->length - 2)) return 0;
    return kind_of_other(text, begin, stop, !has_blank && floor == start);
}

static int ends_with_ellipsis(Paragraph *text, int32_t start, const Stop *stop) {
    int32_t place = stop->following, end = behind_word(text, place);
    int goes_on = end > place && (kind_at(text, place) == DIGIT || (exactly(text, place, end) & ALWAYS_CAPITAL));
    return stop->stop > start && !goes_on;
}

/* Whether a mark belongs to a bracket inside the sentence. */
static int is_in_bracket(const Paragraph *text, int32_t start, const Stop *stop) {
    int32_t place = stop->stop;
    while (place < stop->end && text->codes[place] != ')' && text->codes[place] != ']') place++;
    if (place == stop->end) return 0;
    uint32_t opening = text->codes[place] == ')' ? '(' : '[';
    for (place = stop->stop - 1; place > start && place >= stop->stop - LONGEST_BRACKET; place--)
        if (text->codes[place] == opening) return 1;
    return 0;
}

/* Whether a quotation has closed and its speaker is named with a verb of saying: one to four words that begin with no
   small Latin letter, and the verb. */
static int is_said(Paragraph *text, const Stop *stop) {
    int has_closed = 0;
    for (int32_t i = stop->stop; i < stop->end; i++) {
        uint32_t code = text->codes[i];
        has_closed |= code == '"' || code == 0x201D || code == 0x2019 || code == 0xBB || code == 0x201C;
    }
    if (!has_closed || !(text->language->all_kinds & SPEECH)) return 0;
    int32_t place = stop->following;
    for (int32_t words = 0; words < 4; words++) {
        if (kind_at(text, place) != LETTER || code_at(text, place) - 'a' < 26) return 0;
        while (is_word_at(text, place) || code_at(text, place) == '_') place++;
        place += code_at(text, place) == '.';
        if (!is_blank_at(text, place++)) return 0;
        int32_t end = place;
        while (is_word_at(text, end) || code_at(text, end) == '_') end++;
        if (exactly(text, place, end) & SPEECH) return 1;
    }
    return 0;
}

/* Whether the stop ends the sentence that began at `start`; what follows may begin one. */
static int is_end(Paragraph *text, int32_t start, const Stop *stop) {
    int32_t place = stop->stop;
    uint32_t mark = text->codes[place];
    if (mark == 0x2026 || (mark == '.' && code_at(text, place + 1) == '.' && code_at(text, place + 2) == '.'))
        return ends_with_ellipsis(text, start, stop);
    if (mark == '.') {
        uint32_t kind = kind_of_word(text, start, place);
        return !kind || ends_after(kind, text, stop->following);
    }
    if (mark == '!' || mark == '?') {
        if (stop->end > place + 1 && (is_in_bracket(text, start, stop) || is_said(text, stop))) return 0;
        /* Perhaps a name that ends with such a mark. */
        text->is_unsure |= place - start >= 2 && (exactly(text, place - 2, place) & NAME_END);
        return 1;
    }
    text->is_unsure |= is_emoji(mark);
    return 1;
}

/* Whether a sentence begins with a small letter, as in hasty writing. */
static int begins_small(Paragraph *text, int32_t start, const Stop *found) {
    int32_t stop = found->stop, place = found->following;
    uint32_t mark = text->codes[stop];
    if (found->end > stop + 1 || stop <= start || (mark != '.' && mark != '?' && mark != '!')) return 0;
    if (!is_word_at(text, stop - 1) || (mark == '.' && kind_of_word(text, start, stop))) return 0;
    int32_t end = behind_word(text, place);
    return end > place && (is_small_at(text, start) || (exactly(text, place, end) & (STARTER | ADDRESS)));
}

static inline int is_closer_behind_blank(uint32_t code) {
    return code == 0xBB || code == 0x201D || code == '"' || code == '\'' || code == ')' || code == ']';
}

/* Behind marks that close although a blank stands before them; the same place where none do. */
static int32_t behind_late_closers(const Paragraph *text, int32_t place) {
    int32_t end = place;
    while (is_closer_behind_blank(code_at(text, end + (end > place && is_blank_at(text, end)))))
        end += 1 + (end > place && is_blank_at(text, end));
    return end == text->length || is_blank_at(text, end) ? end : place;
}

/* Go behind the marks that follow a stop. Returns whether a sentence can begin behind it. */
static int go_behind_marks(Paragraph *text, Stop *stop) {
    int32_t closed = behind_late_closers(text, stop->following);
    if (closed > stop->following) {
        stop->end = closed;
        stop->following = behind_blanks(text, closed);
        if (stop->following == text->length) return 0;
    }
    int32_t following = stop->following;
    uint32_t code = code_at(text, following);
    int is_dash = code == 0x2013 || code == 0x2014 || code == 0x2015;
    /* Footnotes, emoticons, and a source behind a dash. */
    text->is_unsure |= (closed == following && (code == '[' || code == ':' || code == ';' || code == '=')) ||
                       (is_dash && text->length - following <= LONGEST_SOURCE);
    if (is_stop(code)) return 0;
    int32_t inside = behind_openers(text, following);
    uint32_t first = code_at(text, inside);
    if (first == ',' || first == ';' || first == ':' || first == '.') return 0;
    return (code == '(' && text->codes[stop->end - 1] == '.') || !is_small_at(text, inside);
}

/* Whether a sentence can begin behind the stop, which is moved behind marks that belong to it. */
static int may_begin(Paragraph *text, int32_t start, Stop *stop) {
    int32_t following = stop->following;
    if (is_small_at(text, following) && !is_capital_at(text, following + 1)) return begins_small(text, start, stop);
    return is_word_at(text, following) || go_behind_marks(text, stop);
}

/* Whether the paragraph may begin with a full date, or its last sentence end with one. */
static int may_begin_with_date(Paragraph *text, int32_t start) {
    int32_t end = start;
    if (!(text->language->all_kinds & WEEKDAY)) return 0;
    while (kind_at(text, end) == LETTER) end++;
    return (in_small_letters(text, start, end) & WEEKDAY) != 0;
}

static int may_end_with_date(Paragraph *text, int32_t start, int32_t length) {
    if (!(text->language->all_kinds & WEEKDAY)) return 0;
    int32_t digits = 0;
    while (digits < 4 && length - digits > start && kind_at(text, length - 1 - digits) == DIGIT) digits++;
    return digits == 4;
}

/* Cut a paragraph into spans: start and end of each. Returns how many they are, or -1 where Python is to tell. */
static int32_t cut(Paragraph *text, int32_t *spans) {
    int32_t place = text->place, length = text->length, start = behind_blanks(text, 0), count = 0;
    while (length > start && is_blank_at(text, length - 1)) length--;
    text->is_unsure = may_begin_with_date(text, start);
    Stop stop = {.following = start};
    for (int32_t at = start; !text->is_unsure && find_stop(text, at, length, &stop);) {
        at = stop.following;
        if (!may_begin(text, start, &stop) || stop.following <= start || !is_end(text, start, &stop)) continue;
        spans[2 * count] = place + start, spans[2 * count++ + 1] = place + stop.end;
        start = stop.following;
    }
    if (start < length) {
        text->is_unsure |= may_end_with_date(text, start, length);
        spans[2 * count] = place + start, spans[2 * count++ + 1] = place + length;
    }
    return text->is_unsure ? -1 : count;
}
