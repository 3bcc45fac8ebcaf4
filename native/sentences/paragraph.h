/* A paragraph, and what its characters are. */

typedef struct {
    const uint32_t *codes;
    const int32_t *next; /* where marks stand that are looked for, from here on, in the body; behind the last INT32_MAX */
    int32_t place, length; /* in the body */
    const Language *language;
    const Words *words;
    int32_t is_unsure; /* whether a character decided of which Python knows more */
} Paragraph;

enum { LONGEST_WORD = 24 };
static const uint32_t NO_CODE = 0xFFFFFFFF;

/* The character at a place; behind the last there is one that is of no kind and no mark. */
static inline uint32_t code_at(const Paragraph *text, int32_t place) {
    return place < text->length ? text->codes[place] : NO_CODE;
}

/* Greek is left to Python as well: which small letter a sigma has depends on where it stands. */
static inline int is_greek(uint32_t code) { return code >= 0x370 && code < 0x400; }

static inline Kind kind_at(Paragraph *text, int32_t place) {
    if (place >= text->length) return MARK;
    uint32_t code = text->codes[place];
    Kind kind = kind_of(code);
    text->is_unsure |= kind == NONE || is_greek(code);
    return kind;
}

static inline int is_blank_at(const Paragraph *text, int32_t place) {
    return place < text->length && kind_of(text->codes[place]) == BLANK;
}

static inline int is_word_at(Paragraph *text, int32_t place) {
    Kind kind = kind_at(text, place);
    return kind == LETTER || kind == DIGIT;
}

/* Whether the letter has two forms: of those that are known, Latin and Cyrillic ones. */
static inline int has_case(uint32_t code) { return code < 0x590; }

static inline int is_small_at(Paragraph *text, int32_t place) {
    return kind_at(text, place) == LETTER && has_case(text->codes[place]) &&
           small_code(text->codes[place]) == text->codes[place];
}

static inline int is_capital_at(Paragraph *text, int32_t place) {
    return kind_at(text, place) == LETTER && has_case(text->codes[place]) &&
           small_code(text->codes[place]) != text->codes[place];
}

static inline int32_t behind_blanks(const Paragraph *text, int32_t place) {
    while (is_blank_at(text, place)) place++;
    return place;
}

/* Behind the letters and digits that stand at a place. */
static int32_t behind_word(Paragraph *text, int32_t place) {
    while (is_word_at(text, place)) place++;
    return place;
}

/* How many of `least` to `most` letters, or digits, stand at a place before `end`; 0 where it are fewer, or more. */
static int32_t run_of(Paragraph *text, int32_t place, int32_t end, Kind kind, int32_t most) {
    int32_t length = 0;
    while (place + length < end && length <= most && kind_at(text, place + length) == kind) length++;
    return length <= most ? length : 0;
}

static uint32_t exactly(const Paragraph *text, int32_t begin, int32_t end) {
    return kinds_of(text->language, text->words, text->codes + begin, end - begin, 0);
}

static uint32_t in_small_letters(const Paragraph *text, int32_t begin, int32_t end) {
    return kinds_of(text->language, text->words, text->codes + begin, end - begin, 1);
}

/* Of invisible characters, those that close and open. */
static inline int is_invisible(uint32_t code) {
    return (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E);
}

static inline int is_emoji(uint32_t code) {
    return (code >= 0x2600 && code <= 0x27BF) || (code >= 0x1F300 && code <= 0x1FAFF);
}

static inline int is_stop(uint32_t code) {
    if (code < 0x589) return code == '.' || code == '!' || code == '?';
    switch (code) {
    case 0x589: case 0x61F: case 0x6D4: case 0x964: case 0x965: case 0x1362: case 0x1367: case 0x2026: case 0x203C:
    case 0x203D: case 0x2047: case 0x2048: case 0x2049:
        return 1;
    default:
        return is_emoji(code);
    }
}

static int is_closer(uint32_t code) {
    switch (code) {
    case '"': case '\'': case 0x201D: case 0x2019: case 0x201C: case 0x2018: case 0xBB: case 0xAB: case 0x203A:
    case 0x2039: case ')': case ']': case '}': case '*': case '_': case 0xFE0F:
        return 1;
    default:
        return is_invisible(code);
    }
}

static int is_opener(uint32_t code) {
    switch (code) {
    case '"': case '\'': case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x2018: case 0x2019: case 0x201A:
    case 0xAB: case 0xBB: case 0x2039: case 0x203A: case '(': case '[': case '{': case '*': case '_': case 0x2013:
    case 0x2014: case 0x2022: case 0xB7: case '#': case '@': case '-':
        return 1;
    default:
        return is_invisible(code);
    }
}

static int32_t behind_openers(const Paragraph *text, int32_t place) {
    for (;;) {
        if (is_opener(code_at(text, place)) || is_blank_at(text, place)) place++;
        else if (code_at(text, place) == ',' && code_at(text, place + 1) == ',') place += 2;
        else return place;
    }
}
