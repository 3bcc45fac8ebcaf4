/* Whether a line may hold a date, by its numbers and words: as broadsheet.dates.candidates and finder.may_be_relative. */

enum { LONGEST_NUMBER = 8, LONGEST_GAP = 3, BEFORE_NUMBER = 12, END_OF_MONTH = 3, LONGEST_UNSPACED = 4 };
enum { UNKNOWN = 0 };

/* Small letters from 0xE0 to 0x17F without their accents, and a blank where the letter is one of its own. */
static const char WITHOUT_ACCENT[] =
    "aaaaaa ceeeeiiii nooooo  uuuuy y a a a c c c c d   e e e e e g g g g h   i i i i "
    "    j k  l l l     n n n    o o o   r r r s s s s t t   u u u u u u w y  z z z ";

/* A small letter as dates are compared, without its accent, or UNKNOWN where that takes a closer look. A sigma is the
   same wherever it stands. */
static uint32_t date_code(uint32_t code) {
    if (code < 0xE0) return code;
    if (code < 0x180) {
        char letter = WITHOUT_ACCENT[code - 0xE0];
        return letter == ' ' ? code : (uint32_t)letter;
    }
    switch (code) {
    case 0x3AC: return 0x3B1;
    case 0x3AD: return 0x3B5;
    case 0x3AE: return 0x3B7;
    case 0x3AF: case 0x3CA: return 0x3B9;
    case 0x3CC: return 0x3BF;
    case 0x3CD: case 0x3CB: return 0x3C5;
    case 0x3CE: return 0x3C9;
    case 0x450: case 0x451: return 0x435;
    case 0x453: return 0x433;
    case 0x457: return 0x456;
    case 0x45C: return 0x43A;
    case 0x45D: case 0x439: return 0x438;
    case 0x45E: return 0x443;
    case 0x60C: return ',';
    case 0x2010: case 0x2011: return '-';
    case 0x2018: return '\'';
    }
    if ((code >= 0x3B1 && code <= 0x3C9) || (code >= 0x430 && code <= 0x45F) || code == 0x491) return code;
    if ((code >= 0x5D0 && code <= 0x5EA) || code == 0x5F3 || (code >= 0x2012 && code <= 0x2027)) return code;
    return (code >= 0x2030 && code <= 0x205E) || code == 0x20AC || code == 0x2122 ? code : UNKNOWN;
}

/* Codes as dates are compared, to `dates`. Returns 0 where one is UNKNOWN. */
static int fold_for_dates(const uint32_t *codes, uint32_t size, uint32_t *dates) {
    int is_known = 1;
    for (uint32_t i = 0; i < size; i++) is_known &= (dates[i] = date_code(codes[i])) != UNKNOWN;
    return is_known;
}

/* Whether a word of a relative date may stand among codes as dates are compared. */
static int may_be_relative(const uint32_t *codes, uint32_t size, const uint8_t *filter) {
    uint64_t start = hash_in(WORD), hash = start;
    for (uint32_t i = 0; i <= size; i++) {
        uint32_t code = i < size ? codes[i] : ' ';
        if (code != ' ' && code != ',' && code != '\'') {
            hash = extended(hash, code);
        } else {
            if (is_known(filter, hash)) return 1;
            hash = start;
        }
    }
    return 0;
}

static int is_east_asian(uint32_t code) {
    return (code >= 0x3040 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7A3);
}

static int has_east_asian(const uint32_t *codes, uint32_t size) {
    uint32_t place = 0;
    while (place < size && !is_east_asian(codes[place])) place++;
    return place < size;
}

/* Whether a word for a day stands anywhere among codes of a script without blanks. */
static int may_be_unspaced(const uint32_t *codes, uint32_t size, const uint8_t *filter) {
    for (uint32_t place = 0; place < size; place++) {
        uint64_t hash = hash_in(UNSPACED);
        for (uint32_t i = place; i < size && i < place + LONGEST_UNSPACED && is_east_asian(codes[i]); i++)
            if (is_known(filter, hash = extended(hash, codes[i]))) return 1;
    }
    return 0;
}

static int is_before_number(uint32_t code) {
    switch (code) {
    case ' ': case '.': case ',': case '-': case '/': case '\'': case 0x5F3: case 0xB0: case 0xB7: return 1;
    default: return 0;
    }
}

static int is_behind_number(uint32_t code) { return code == ':' || (code != 0xB7 && is_before_number(code)); }

/* Whether another number follows behind a stop, a stroke or a hyphen at `place`. */
static int has_number_next(const uint32_t *codes, uint32_t size, uint32_t place) {
    place += place < size && codes[place] == ' ';
    if (place >= size || (codes[place] != '.' && codes[place] != '/' && codes[place] != '-')) return 0;
    place++;
    place += place < size && codes[place] == ' ';
    return place < size && kind_of(codes[place]) == DIGIT;
}

/* Whether the number that ends at `place` stands before a word as of a date. */
static int has_word_behind(const uint32_t *codes, uint32_t size, uint32_t place, const uint8_t *filter) {
    for (uint32_t i = 0; i < LONGEST_GAP && place < size && is_behind_number(codes[place]); i++) place++;
    uint32_t end = place;
    while (end < size && kind_of(codes[end]) == LETTER) end++;
    return end > place && is_known(filter, hash_of(codes + place, end - place, BEHIND_NUMBER));
}

/* Whether the number before which `place` is stands behind a month's name, or, if of four digits, a word that joins. */
static int has_word_before(const uint32_t *codes, uint32_t place, int is_of_four, const uint8_t *filter) {
    uint32_t least = place > BEFORE_NUMBER ? place - BEFORE_NUMBER : 0;
    while (place > least && is_before_number(codes[place - 1])) place--;
    uint32_t length = place - least < END_OF_MONTH ? place - least : END_OF_MONTH;
    if (length && is_known(filter, hash_of(codes + place - length, length, MONTH_END))) return 1;
    uint32_t begin = place;
    while (begin > least && codes[begin - 1] != ' ') begin--;
    return is_of_four && begin < place && is_known(filter, hash_of(codes + begin, place - begin, JOINER));
}

/* Whether a number may belong to a date, among codes as dates are compared, with single blanks. */
static int may_be_dated(const uint32_t *codes, uint32_t size, const uint8_t *filter) {
    for (uint32_t place = 0; place < size; place++) {
        if (kind_of(codes[place]) != DIGIT) continue;
        uint32_t begin = place;
        while (place < size && kind_of(codes[place]) == DIGIT) place++;
        uint32_t digits = place - begin;
        if (digits > LONGEST_NUMBER) continue;
        if (digits == LONGEST_NUMBER || has_number_next(codes, size, place)) return 1;
        if (has_word_before(codes, begin, digits == 4, filter) || has_word_behind(codes, size, place, filter)) return 1;
    }
    return 0;
}
