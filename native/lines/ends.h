/* Where lines end, and the blanks at both ends. */

/* Whether the byte goes on with a character. */
static inline int goes_on(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The newline that ends the line, or the end, and how many code points stand before it. */
static const uint8_t *end_of_line(const uint8_t *text, const uint8_t *end, uint32_t *codes) {
    *codes = 0;
    for (; end - text >= 16; text += 16) {
        v128_t bytes = wasm_v128_load(text);
        uint32_t newlines = wasm_i8x16_bitmask(wasm_i8x16_eq(bytes, wasm_i8x16_splat('\n')));
        /* Bytes that go on with a character are below all others, signed. */
        uint32_t begin = wasm_i8x16_bitmask(wasm_i8x16_gt(bytes, wasm_i8x16_splat(-65)));
        *codes += (uint32_t)__builtin_popcount(begin & (newlines ? (newlines & -newlines) - 1 : 0xFFFF));
        if (newlines) return text + __builtin_ctz(newlines);
    }
    for (; text < end && *text != '\n'; text++) *codes += !goes_on(*text);
    return text;
}

/* A line without the blanks before and behind it, which are counted. */
typedef struct {
    const uint8_t *first, *past;
    uint32_t before, behind;
} Trimmed;

static Trimmed trim(const uint8_t *text, const uint8_t *past) {
    Trimmed line = {text, past, 0, 0};
    while (text < past && kind_of(next_code(&text)) == BLANK) line.first = text, line.before++;
    while (past > line.first) {
        do past--;
        while (goes_on(*past));
        const uint8_t *last = past;
        if (kind_of(next_code(&last)) != BLANK) break;
        line.past = past, line.behind++;
    }
    return line;
}
