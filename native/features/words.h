/* Words of a line and their hashes: runs of letters and digits, or single ideographs. */

/* As broadsheet.labelling.lexicon.Kind numbers them. */
enum Kind {
    LOWER, UPPER, DIGIT, LETTER, IDEOGRAPH, BLANK, COMMA, STOP, QUOTE, BRACKET,
    SEPARATOR, COLON, DASH, SYMBOL, APOSTROPHE, SIGN, NEWLINE, OTHER, KINDS
};

enum { STEM = 5, LEXICON_BITS = 17, SEARCH_BITS = 12, WORDING_BITS = 17, LAST_CODE = 0xFFFF };
enum { ROLES_INSIDE = 4, ROLES_AT_EDGES = 6 };

static const uint64_t MULTIPLIER = 0x9E3779B97F4A7C15ull;

/* What Python hands over once. */
typedef struct {
    const uint8_t *kinds;         /* of every character up to LAST_CODE, which stands for all beyond */
    const uint64_t *characters;   /* their hashes, the same for both cases */
    const uint64_t *keys;         /* hashes of the phrases of the lexicon, sorted; the last is above all others */
    const uint32_t *categories;   /* of those phrases, a bit each, and one more for stop words */
    const uint16_t *first;        /* by the SEARCH_BITS of a hash, the first phrase that may be it */
    const uint8_t *taken;         /* by its LEXICON_BITS, a bit each, whether there is such a phrase */
    const char *names;            /* of categories, groups of marks and anchors, each ended by 0 */
    const int32_t *anchors;       /* [anchors][2][2]: groups of marks, and the least flag that counts */
    uint32_t category_count, group_count, anchor_count;
    uint32_t noise, headings, endings, time; /* categories, a bit each */
} Tables;

/* The words of one line. */
typedef struct {
    uint32_t count;
    uint64_t *hash, *stem, *pair, *triple; /* pairs and triples that begin with the word, 0 where the line ends */
    int32_t *length;
    uint8_t *initial, *capitals; /* kind of the first character; whether written in capitals */
} Words;

/* A hash with its bits mixed, so that the high ones can be used as a slot. */
static inline uint64_t scramble(uint64_t value) {
    value = (value ^ (value >> 29)) * 0xD6E8FEB86659FD93ull;
    return value ^ (value >> 32);
}

static inline uint32_t known_code(uint32_t code) { return code < LAST_CODE ? code : LAST_CODE; }

static inline uint8_t kind_at(const Tables *tables, const uint32_t *codes, int32_t place) {
    return tables->kinds[known_code(codes[place])];
}

/* Room for the words of lines of up to `longest` characters. */
static Words room_for_words(Arena *arena, uint32_t longest) {
    Words words = {0};
    words.hash = TAKE(arena, uint64_t, longest);
    words.stem = TAKE(arena, uint64_t, longest);
    words.pair = TAKE(arena, uint64_t, longest);
    words.triple = TAKE(arena, uint64_t, longest);
    words.length = TAKE(arena, int32_t, longest);
    words.initial = TAKE(arena, uint8_t, longest);
    words.capitals = TAKE(arena, uint8_t, longest);
    return words;
}

/* Read the word that begins at `place`, count its characters by kind, and return where it ends. Lower case, which most
   characters are and no feature counts, is left out. */
static inline int32_t read_word(const Tables *tables, const uint32_t *codes, int32_t place, int32_t end, Words *words,
                                int32_t *kinds) {
    int32_t begin = place, capitals;
    uint32_t code = known_code(codes[place++]), number = words->count++;
    uint8_t kind = tables->kinds[code];
    uint64_t hash = tables->characters[code], stem = hash, power = MULTIPLIER;
    words->initial[number] = kind;
    capitals = kind == UPPER;
    kinds[kind]++;
    while (kind != IDEOGRAPH && place < end) {
        code = known_code(codes[place]);
        kind = tables->kinds[code];
        if (kind >= IDEOGRAPH) break;
        if (kind != LOWER) {
            kinds[kind]++;
            capitals += kind == UPPER;
        }
        hash += tables->characters[code] * power;
        power *= MULTIPLIER;
        if (++place - begin <= STEM) stem = hash;
    }
    words->hash[number] = scramble(hash);
    words->stem[number] = scramble(stem);
    words->length[number] = place - begin;
    words->capitals[number] = capitals == place - begin && place - begin > 1;
    return place;
}

/* Hashes of the pairs and triples of words. */
static void hash_phrases(Words *words) {
    uint32_t count = words->count;
    for (uint32_t i = 0; i + 1 < count; i++)
        words->pair[i] = scramble(words->hash[i] * MULTIPLIER + words->hash[i + 1]);
    for (uint32_t i = 0; i + 2 < count; i++)
        words->triple[i] = scramble(words->pair[i] * MULTIPLIER + words->hash[i + 2]);
    if (count) words->pair[count - 1] = words->triple[count - 1] = 0;
    if (count > 1) words->triple[count - 2] = 0;
}

/* Read the words of a line and count its characters by kind. Returns how many of its blanks are wide: no spaces, or
   behind another blank. */
static int32_t read_words(const Tables *tables, const uint32_t *codes, int32_t start, int32_t end, Words *words,
                          int32_t kinds[KINDS]) {
    int32_t place = start, wide = 0, blank_before = 0;
    words->count = 0;
    while (place < end) {
        uint8_t kind = kind_at(tables, codes, place);
        if (kind <= IDEOGRAPH) {
            place = read_word(tables, codes, place, end, words, kinds);
            blank_before = 0;
            continue;
        }
        kinds[kind]++;
        wide += kind == BLANK && (codes[place] != ' ' || blank_before);
        blank_before = kind == BLANK;
        place++;
    }
    hash_phrases(words);
    return wide;
}

/* Categories of a hashed word or phrase, a bit each. */
static inline uint32_t categories_of(const Tables *tables, uint64_t hash) {
    uint32_t slot = (uint32_t)(hash >> (64 - LEXICON_BITS)), place;
    if (!(tables->taken[slot >> 3] >> (slot & 7) & 1)) return 0;
    for (place = tables->first[hash >> (64 - SEARCH_BITS)]; tables->keys[place] < hash; place++) {}
    return tables->keys[place] == hash ? tables->categories[place] : 0;
}

/* The hash of a phrase in one of the roles that it has in a line: the same words hash differently in each. It is never
   0 but where there is no phrase: a fingerprint of 0 marks a free slot. */
static inline uint64_t in_role(uint64_t hash, uint64_t role) {
    return hash ? scramble(hash ^ (role + 1) * MULTIPLIER) | 1 : 0;
}

/* What is at the edges of a line: the first word, pair and triple, the last pair and word, and the whole line. */
static void hash_edges(const Words *words, uint64_t edges[ROLES_AT_EDGES]) {
    uint32_t count = words->count;
    for (int role = 0; role < ROLES_AT_EDGES; role++) edges[role] = 0;
    if (!count) return;
    edges[0] = words->hash[0];
    edges[1] = words->pair[0];
    edges[2] = words->triple[0];
    edges[3] = count > 1 ? words->pair[count - 2] : 0;
    edges[4] = words->hash[count - 1];
    for (uint32_t i = 0; i < count; i++) edges[5] += words->hash[i];
}

/* Learned weight of a hash, 0 where it is not known. A slot has the fingerprint below and the weight above. */
static inline int32_t weight_of(const uint16_t *wording, uint64_t hash) {
    uint16_t slot = wording[hash >> (64 - WORDING_BITS)];
    return (slot & 255) == (hash & 255) ? (int8_t)(slot >> 8) : 0;
}
