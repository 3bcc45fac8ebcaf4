/* Lines as the furniture of a source is told by: in small letters, digits as 0, blanks single and none at the ends. */

/* A line that has been folded. */
typedef struct {
    uint32_t size;   /* bytes of what is folded */
    uint32_t codes;  /* code points of the line */
    uint32_t start;  /* of these, blanks before all others */
    uint32_t past;   /* where the last ends that is no blank */
    int known;       /* 0 where it has characters that are left to Python */
} Folded;

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

/* Fold up to sixteen characters of ASCII of which no blank, DEL or control character needs a closer look. Returns 0 if
   one does. Sixteen bytes are read and written, however few are meant. */
static int fold_at_once(Folded *line, uint8_t *out, const uint8_t *text, uint32_t count) {
    v128_t codes = wasm_v128_load(text), space = wasm_i8x16_splat(' ');
    uint32_t meant = (1u << count) - 1, spaces = wasm_i8x16_bitmask(wasm_i8x16_eq(codes, space)) & meant;
    uint32_t before = !line->size || out[line->size - 1] == ' ';
    v128_t strange = wasm_v128_or(wasm_i8x16_lt(codes, space), wasm_i8x16_eq(codes, wasm_i8x16_splat(0x7F)));
    if ((wasm_i8x16_bitmask(strange) & meant) || (spaces & (spaces << 1 | before))) return 0;
    v128_t capital = wasm_u8x16_lt(wasm_i8x16_sub(codes, wasm_i8x16_splat('A')), wasm_i8x16_splat(26));
    v128_t digit = wasm_u8x16_lt(wasm_i8x16_sub(codes, wasm_i8x16_splat('0')), wasm_i8x16_splat(10));
    codes = wasm_v128_or(codes, wasm_v128_and(capital, space));
    wasm_v128_store(out + line->size, wasm_v128_bitselect(wasm_i8x16_splat('0'), codes, digit));
    if (!line->size) line->start = line->codes;
    line->size += count;
    line->codes += count;
    line->past = line->codes - (spaces >> (count - 1) & 1);
    return 1;
}

/* Fold a line into no more bytes than it has, and sixteen of room. */
static Folded fold(uint8_t *out, const uint8_t *text, const uint8_t *past) {
    Folded line = {0};
    uint32_t kinds = 0;
    for (; text < past && *text == ' '; text++) line.codes++;
    while (text < past) {
        uint32_t count = past - text < 16 ? (uint32_t)(past - text) : 16;
        const uint8_t *near = text + count;
        if (fold_at_once(&line, out, text, count)) {
            text = near;
            continue;
        }
        for (; text < near; line.codes++) {
            const uint8_t *from = text;
            uint32_t code = *text < 0x80 ? *text++ : next_code(&text);
            Kind kind = kind_of(code);
            kinds |= 1u << kind;
            if (kind == BLANK) {
                if (line.size && out[line.size - 1] != ' ') out[line.size++] = ' ';
                continue;
            }
            if (!line.size) line.start = line.codes;
            line.past = line.codes + 1;
            if (code >= 0x80) {
                line.size += fold_beyond_ascii(out + line.size, code, from, text);
            } else {
                out[line.size++] = kind == DIGIT ? '0' : small((uint8_t)code);
            }
        }
    }
    line.known = !(kinds >> NONE & 1);
    line.size -= line.size && out[line.size - 1] == ' ';
    return line;
}
