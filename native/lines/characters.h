/* Characters of UTF-8, and of what kind they are. */

typedef enum { NONE, BLANK, DIGIT, LETTER, MARK } Kind;

/* Of the characters up to 0x6FF. NONE are those of which Python knows more: control characters, letters that fold to
   several or to none of their own, marks that join a letter, digits of other scripts. */
static const uint8_t KINDS[0x700] = {
    [9 ... 13] = BLANK, [0x1C ... 0x20] = BLANK, [0x85] = BLANK, [0xA0] = BLANK,
    ['!' ... '/'] = MARK, ['0' ... '9'] = DIGIT, [':' ... '@'] = MARK, ['A' ... 'Z'] = LETTER, ['[' ... '`'] = MARK,
    ['a' ... 'z'] = LETTER, ['{' ... '~'] = MARK,
    [0xA1 ... 0xA9] = MARK, [0xAB ... 0xAC] = MARK, [0xAE ... 0xB1] = MARK, [0xB4] = MARK, [0xB6 ... 0xB8] = MARK,
    [0xBB] = MARK, [0xBF] = MARK,
    [0xC0 ... 0xD6] = LETTER, [0xD7] = MARK, [0xD8 ... 0xF6] = LETTER, [0xF7] = MARK, [0xF8 ... 0xFF] = LETTER,
    [0x100 ... 0x12F] = LETTER, [0x132 ... 0x148] = LETTER, [0x14A ... 0x17E] = LETTER, [0x218 ... 0x21B] = LETTER,
    /* Greek, Cyrillic */
    [0x386] = LETTER, [0x388 ... 0x38A] = LETTER, [0x38C] = LETTER, [0x38E ... 0x38F] = LETTER,
    [0x391 ... 0x3A1] = LETTER, [0x3A3 ... 0x3AF] = LETTER, [0x3B1 ... 0x3CE] = LETTER,
    [0x400 ... 0x481] = LETTER, [0x48A ... 0x4BF] = LETTER,
    /* Hebrew, Arabic */
    [0x5BE] = MARK, [0x5D0 ... 0x5EA] = LETTER, [0x5F3 ... 0x5F4] = MARK,
    [0x60C] = MARK, [0x61B] = MARK, [0x61F] = MARK, [0x620 ... 0x63F] = LETTER, [0x641 ... 0x64A] = LETTER,
    [0x66A ... 0x66D] = MARK, [0x671 ... 0x6D3] = LETTER, [0x6D4] = MARK,
};

/* Of Chinese, Japanese and Korean: Han, kana, Hangul, and the full forms of Latin marks; and of what stands behind. */
static Kind kind_from_east_asian(uint32_t code) {
    if ((code >= 0x4E00 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7A3)) return LETTER;
    if ((code >= 0x3041 && code <= 0x3096) || (code >= 0x30A1 && code <= 0x30FA) || code == 0x30FC || code == 0x3005)
        return LETTER;
    if ((code >= 0x3001 && code <= 0x3003) || (code >= 0x3008 && code <= 0x301F) || code == 0x30FB) return MARK;
    if ((code >= 0xE000 && code <= 0xF8FF) || (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF) return MARK;
    if ((code >= 0xFF01 && code <= 0xFF0F) || (code >= 0xFF1A && code <= 0xFF20)) return MARK;
    return (code >= 0xFF5B && code <= 0xFF65) || (code >= 0x1F300 && code <= 0x1FAFF) ? MARK : NONE;
}

/* Blanks are those of str.isspace. */
static Kind kind_beyond(uint32_t code) {
    if (code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
        code == 0x205F || code == 0x3000)
        return BLANK;
    if (code >= 0x3001) return kind_from_east_asian(code);
    int is_mark = (code >= 0x200B && code <= 0x2027) || (code >= 0x202A && code <= 0x205E) ||
                  (code >= 0x2060 && code <= 0x2064) || (code >= 0x20A0 && code <= 0x20C0) || code == 0x2116 ||
                  code == 0x2122 || (code >= 0x2190 && code <= 0x245F) || (code >= 0x2500 && code <= 0x2775) ||
                  (code >= 0x2794 && code <= 0x2BFF);
    return is_mark ? MARK : NONE;
}

static inline Kind kind_of(uint32_t code) { return code < 0x700 ? (Kind)KINDS[code] : kind_beyond(code); }

/* The small letter of a letter beyond Latin-1; of what is none of those that are known, itself. */
static uint32_t small_beyond(uint32_t code) {
    if (kind_of(code) != LETTER) return code;
    if (code < 0x370) {
        if (code == 0x178) return 0xFF;
        int is_odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
        return code + ((code & 1) == (uint32_t)is_odd && code != 0x138);
    }
    if (code < 0x400) {
        if (code >= 0x391 && code <= 0x3AB) return code + 32;
        if (code >= 0x388 && code <= 0x38A) return code + 37;
        return code == 0x386 ? 0x3AC : code == 0x38C ? 0x3CC : code >= 0x38E && code <= 0x38F ? code + 63
               : code == 0x3C2 ? 0x3C3 : code;
    }
    if (code < 0x460) return code < 0x410 ? code + 80 : code < 0x430 ? code + 32 : code;
    return code < 0x4C0 ? code | 1 : code;
}

/* The small letter. */
static inline uint32_t small_code(uint32_t code) {
    if (code >= 0x100) return code < 0x4C0 ? small_beyond(code) : code;
    return (code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7) ? code + 32 : code;
}

static inline uint32_t folded_code(uint32_t code) { return code == 0x2019 ? '\'' : small_code(code); }

/* The code point at *text, which is moved behind it. */
static uint32_t next_code(const uint8_t **text) {
    const uint8_t *place = *text;
    uint32_t first = place[0], count = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = count ? first & (0x3F >> count) : first;
    for (uint32_t i = 1; i <= count; i++) code = code << 6 | (place[i] & 0x3F);
    *text = place + count + 1;
    return code;
}
