/* SHA-256 (FIPS 180-4) of four messages at a time: its first eight bytes. */

enum { LANES = 4, BLOCK = 64, MOST_PADDING = 72, SIZES = 17 };

/* A message padded to blocks of 64 bytes. */
typedef struct {
    uint8_t *blocks;
    uint32_t count;
} Message;

static const uint32_t ROUND[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};
static const uint32_t FIRST[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                  0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

/* Pad a message of so many bytes, behind which there is room for MOST_PADDING. Returns how many blocks it has. */
static uint32_t pad(uint8_t *message, uint32_t size) {
    uint32_t count = (size + 8) / BLOCK + 1, end = count * BLOCK;
    __builtin_memset(message + size, 0, end - size);
    message[size] = 0x80;
    uint64_t bits = (uint64_t)size * 8;
    for (uint32_t i = 1; i <= 8; i++, bits >>= 8) message[end - i] = (uint8_t)bits;
    return count;
}

static inline v128_t turned(v128_t value, uint32_t by) {
    return wasm_v128_or(wasm_u32x4_shr(value, by), wasm_i32x4_shl(value, 32 - by));
}

static inline v128_t differences(v128_t one, v128_t two, v128_t three) {
    return wasm_v128_xor(wasm_v128_xor(one, two), three);
}

static inline v128_t sum(v128_t one, v128_t two) { return wasm_i32x4_add(one, two); }

/* Four words (big-endian) of a block of each message, one message a lane. */
static void load_words(v128_t *words, const uint8_t *const blocks[LANES]) {
    v128_t rows[LANES];
    for (uint32_t lane = 0; lane < LANES; lane++) {
        v128_t row = wasm_v128_load(blocks[lane]);
        rows[lane] = wasm_i8x16_shuffle(row, row, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    }
    v128_t low = wasm_i32x4_shuffle(rows[0], rows[1], 0, 4, 1, 5), high = wasm_i32x4_shuffle(rows[0], rows[1], 2, 6, 3, 7);
    v128_t other_low = wasm_i32x4_shuffle(rows[2], rows[3], 0, 4, 1, 5);
    v128_t other_high = wasm_i32x4_shuffle(rows[2], rows[3], 2, 6, 3, 7);
    words[0] = wasm_i32x4_shuffle(low, other_low, 0, 1, 4, 5);
    words[1] = wasm_i32x4_shuffle(low, other_low, 2, 3, 6, 7);
    words[2] = wasm_i32x4_shuffle(high, other_high, 0, 1, 4, 5);
    words[3] = wasm_i32x4_shuffle(high, other_high, 2, 3, 6, 7);
}

/* All words of the schedule from a block of each message. */
static void fill_schedule(v128_t schedule[64], const uint8_t *const blocks[LANES]) {
    for (uint32_t first = 0; first < 16; first += LANES) {
        const uint8_t *parts[LANES];
        for (uint32_t lane = 0; lane < LANES; lane++) parts[lane] = blocks[lane] + 4 * first;
        load_words(schedule + first, parts);
    }
    for (uint32_t i = 16; i < 64; i++) {
        v128_t early = schedule[i - 15], late = schedule[i - 2];
        early = differences(turned(early, 7), turned(early, 18), wasm_u32x4_shr(early, 3));
        late = differences(turned(late, 17), turned(late, 19), wasm_u32x4_shr(late, 10));
        schedule[i] = sum(sum(schedule[i - 16], early), sum(schedule[i - 7], late));
    }
}

/* Take a block of each message into the states, which FIPS 180-4 calls a to h. */
static void compress(v128_t state[8], const uint8_t *const blocks[LANES]) {
    v128_t schedule[64];
    fill_schedule(schedule, blocks);
    v128_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (uint32_t i = 0; i < 64; i++) {
        v128_t choice = wasm_v128_xor(g, wasm_v128_and(e, wasm_v128_xor(f, g)));
        v128_t mixed = differences(turned(e, 6), turned(e, 11), turned(e, 25));
        v128_t one = sum(sum(sum(h, mixed), sum(choice, schedule[i])), wasm_u32x4_splat(ROUND[i]));
        v128_t majority = wasm_v128_or(wasm_v128_and(a, b), wasm_v128_and(c, wasm_v128_or(a, b)));
        v128_t two = sum(differences(turned(a, 2), turned(a, 13), turned(a, 22)), majority);
        h = g, g = f, f = e, e = sum(d, one), d = c, c = b, b = a, a = sum(one, two);
    }
    const v128_t found[8] = {a, b, c, d, e, f, g, h};
    for (uint32_t i = 0; i < 8; i++) state[i] = sum(state[i], found[i]);
}

/* Hash up to four messages; `places` are those of their hashes. */
static void hash_four(const Message *messages, const uint32_t *places, uint32_t count, uint64_t *hashes) {
    v128_t state[8];
    for (uint32_t i = 0; i < 8; i++) state[i] = wasm_u32x4_splat(FIRST[i]);
    uint32_t most = 0;
    for (uint32_t lane = 0; lane < count; lane++)
        if (messages[places[lane]].count > most) most = messages[places[lane]].count;
    for (uint32_t block = 0; block < most; block++) {
        const uint8_t *blocks[LANES];
        for (uint32_t lane = 0; lane < LANES; lane++) {
            /* A message that has ended, and a lane without one, go on with any block. */
            const Message *own = &messages[places[lane < count ? lane : 0]];
            blocks[lane] = own->blocks + BLOCK * (block < own->count ? block : 0);
        }
        compress(state, blocks);
        uint32_t first[LANES], second[LANES];
        wasm_v128_store(first, state[0]);
        wasm_v128_store(second, state[1]);
        for (uint32_t lane = 0; lane < count; lane++)
            if (messages[places[lane]].count == block + 1)
                hashes[places[lane]] = (uint64_t)first[lane] << 32 | second[lane];
    }
}

/* Hash messages; those of as many blocks together, so that few lanes wait for others. */
static void hash_messages(const Message *messages, uint32_t count, uint64_t *hashes, Arena *arena) {
    uint32_t *order = TAKE(arena, uint32_t, count), past[SIZES + 1] = {0};
#define SIZE_OF(message) ((message).count < SIZES ? (message).count : SIZES - 1)
    for (uint32_t i = 0; i < count; i++) past[SIZE_OF(messages[i]) + 1]++;
    for (uint32_t size = 1; size <= SIZES; size++) past[size] += past[size - 1];
    for (uint32_t i = 0; i < count; i++) order[past[SIZE_OF(messages[i])]++] = i;
#undef SIZE_OF
    for (uint32_t i = 0; i < count; i += LANES)
        hash_four(messages, order + i, count - i < LANES ? count - i : LANES, hashes);
}
