/* Lines as the furniture of a source is told by: in small letters, digits as 0, blanks single and none at the ends. */

/* The newline that ends the line, or the end. */
static const uint8_t *end_of_line(const uint8_t *text, const uint8_t *end) {
    for (; end - text >= 16; text += 16) {
        uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(text), wasm_i8x16_splat('\n')));
        if (found) return text + __builtin_ctz(found);
    }
    while (text < end && *text != '\n') text++;
    return text;
}

/* The small letter, for letters up to 0x7F. */
static inline uint8_t small(uint8_t code) { return code >= 'A' && code <= 'Z' ? code + 32 : code; }

/* Write what is folded of a character beyond ASCII, its bytes from `from` to `past`. Returns how many bytes. */
static uint32_t fold_beyond_ascii(uint8_t *out, uint32_t code, const uint8_t *from, const uint8_t *past) {
    uint32_t size = (uint32_t)(past - from);
    if (code == 0xDF) {
        out[0] = out[1] = 's';
        return 2;
    }
    uint32_t folded = small_code(code);
    for (uint32_t i = 0; i < size; i++) out[i] = from[i];
    if (folded != code) {
        /* A small letter takes two bytes as its capital does. */
        out[0] = (uint8_t)(0xC0 | folded >> 6);
        out[1] = (uint8_t)(0x80 | (folded & 0x3F));
    }
    return size;
}

/* Fold sixteen characters of ASCII of which no blank, DEL or control character needs a closer look. Returns 0 if one does;
   `size` bytes are folded already. */
static int fold_sixteen(uint8_t *out, uint32_t size, const uint8_t *text) {
    v128_t codes = wasm_v128_load(text), space = wasm_i8x16_splat(' ');
    uint32_t spaces = wasm_i8x16_bitmask(wasm_i8x16_eq(codes, space));
    uint32_t before = !size || out[size - 1] == ' ';
    v128_t strange = wasm_v128_or(wasm_i8x16_lt(codes, space), wasm_i8x16_eq(codes, wasm_i8x16_splat(0x7F)));
    if (wasm_v128_any_true(strange) || (spaces & (spaces << 1 | before))) return 0;
    v128_t capital = wasm_u8x16_lt(wasm_i8x16_sub(codes, wasm_i8x16_splat('A')), wasm_i8x16_splat(26));
    v128_t digit = wasm_u8x16_lt(wasm_i8x16_sub(codes, wasm_i8x16_splat('0')), wasm_i8x16_splat(10));
    codes = wasm_v128_or(codes, wasm_v128_and(capital, space));
    wasm_v128_store(out + size, wasm_v128_bitselect(wasm_i8x16_splat('0'), codes, digit));
    return 1;
}

/* Fold a line into no more bytes than it has; `known` is 0 where it has characters that are left to Python. */
static uint32_t fold(uint8_t *out, const uint8_t *text, const uint8_t *past, uint8_t *known) {
    uint32_t size = 0, kinds = 0;
    while (text < past) {
        if (past - text >= 16 && fold_sixteen(out, size, text)) {
            size += 16;
            text += 16;
            continue;
        }
        for (const uint8_t *near = past - text < 16 ? past : text + 16; text < near;) {
            const uint8_t *from = text;
            uint32_t code = *text < 0x80 ? *text++ : next_code(&text);
            Kind kind = kind_of(code);
            kinds |= 1u << kind;
            if (kind == BLANK) {
                if (size && out[size - 1] != ' ') out[size++] = ' ';
            } else if (code >= 0x80) {
                size += fold_beyond_ascii(out + size, code, from, text);
            } else {
                out[size++] = kind == DIGIT ? '0' : small((uint8_t)code);
            }
        }
    }
    *known = !(kinds >> NONE & 1);
    return size && out[size - 1] == ' ' ? size - 1 : size;
}
