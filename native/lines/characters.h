/* Characters of UTF-8, and of what kind they are. */

typedef enum { NONE, BLANK, DIGIT, LETTER, MARK } Kind;

/* Of the characters up to 0xFF. NONE are control characters, the letters and numbers among the signs of Latin-1, and
   the soft hyphen. */
static const uint8_t KINDS[256] = {
    [9 ... 13] = BLANK, [0x1C ... 0x20] = BLANK, [0x85] = BLANK, [0xA0] = BLANK,
    ['!' ... '/'] = MARK, ['0' ... '9'] = DIGIT, [':' ... '@'] = MARK, ['A' ... 'Z'] = LETTER, ['[' ... '`'] = MARK,
    ['a' ... 'z'] = LETTER, ['{' ... '~'] = MARK,
    [0xA1 ... 0xA9] = MARK, [0xAB ... 0xAC] = MARK, [0xAE ... 0xB1] = MARK, [0xB4] = MARK, [0xB6 ... 0xB8] = MARK,
    [0xBB] = MARK, [0xBF] = MARK,
    [0xC0 ... 0xD6] = LETTER, [0xD7] = MARK, [0xD8 ... 0xF6] = LETTER, [0xF7] = MARK, [0xF8 ... 0xFF] = LETTER,
};

/* Blanks are those of str.isspace. NONE are all of which Python knows more: lines that have any are left to it. */
static Kind kind_beyond_latin(uint32_t code) {
    if (code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
        code == 0x205F || code == 0x3000)
        return BLANK;
    int is_mark = (code >= 0x2012 && code <= 0x2027) || (code >= 0x2030 && code <= 0x205E);
    return is_mark || code == 0x20AC || code == 0x2122 ? MARK : NONE;
}

static inline Kind kind_of(uint32_t code) { return code < 256 ? (Kind)KINDS[code] : kind_beyond_latin(code); }

static uint32_t folded_code(uint32_t code) {
    if ((code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7)) return code + 32;
    return code == 0x2019 ? '\'' : code;
}

/* The code point at *text, which is moved behind it. */
static uint32_t next_code(const uint8_t **text) {
    const uint8_t *place = *text;
    uint32_t first = place[0], count = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = count ? first & (0x3F >> count) : first;
    for (uint32_t i = 1; i <= count; i++) code = code << 6 | (place[i] & 0x3F);
    *text = place + count + 1;
    return code;
}
