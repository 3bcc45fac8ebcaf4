/* What the words of each language are to its sentences, looked up by their characters. */

/* As broadsheet.segmentation.Word. */
enum {
    NEVER = 1, BEFORE_NUMBER = 2, BEFORE_STARTER = 3, KIND = 3,
    STARTER = 4, ALWAYS_CAPITAL = 8, ADDRESS = 16, NAME_END = 32, SPEECH = 64, WEEKDAY = 128,
};

/* Words, one after the other. */
typedef struct {
    const uint32_t *codes;
    const int32_t *edges; /* [words + 1] */
    const uint8_t *kinds; /* [words], none of them 0 */
} Words;

/* The words of one language. A place is the number of a word, from 1 on, or 0. */
typedef struct {
    int32_t *places;
    uint32_t mask; /* places less one, a power of two */
    int32_t longest, has_ordinals;
    uint32_t all_kinds;
} Language;

static inline uint32_t hash_on(uint32_t hash, uint32_t code) {
    hash = (hash ^ code) * 0x9E3779B1u;
    return hash ^ (hash >> 15);
}

static Language language_of(const Words *words, int32_t first, int32_t past, Arena *arena) {
    Language language = {.mask = 1};
    while (language.mask < 2 * (uint32_t)(past - first)) language.mask = 2 * language.mask + 1;
    language.places = TAKE_CLEARED(arena, int32_t, language.mask + 1);
    for (int32_t word = first; word < past; word++) {
        uint32_t hash = 0;
        int32_t begin = words->edges[word], end = words->edges[word + 1];
        for (int32_t i = begin; i < end; i++) hash = hash_on(hash, words->codes[i]);
        while (language.places[hash & language.mask]) hash++;
        language.places[hash & language.mask] = word + 1;
        if (end - begin > language.longest) language.longest = end - begin;
        language.all_kinds |= words->kinds[word];
    }
    return language;
}

/* What characters are as a word, or with `is_small` what their small letters are; 0 for what is none. */
static uint32_t kinds_of(const Language *language, const Words *words, const uint32_t *codes, int32_t length,
                         int is_small) {
    if (length > language->longest) return 0;
    uint32_t hash = 0;
    for (int32_t i = 0; i < length; i++) hash = hash_on(hash, is_small ? small_code(codes[i]) : codes[i]);
    for (int32_t word; (word = language->places[hash & language->mask]); hash++) {
        const uint32_t *own = words->codes + words->edges[word - 1];
        if (words->edges[word] - words->edges[word - 1] != length) continue;
        int32_t same = 0;
        while (same < length && own[same] == (is_small ? small_code(codes[same]) : codes[same])) same++;
        if (same == length) return words->kinds[word - 1];
    }
    return 0;
}
