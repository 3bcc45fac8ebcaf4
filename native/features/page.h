/* What the features of a page build on: its lines and words, looked at once. */

enum { MOST_CATEGORIES = 31, VOCABULARY = 1 << 13, TRIPLES = 1 << 14 };

typedef struct {
    uint32_t count;             /* lines */
    const int32_t *start, *end; /* [lines], places in the codes of the batch */
    /* Of each line, in order: words as they are counted (two ideographs are one), stop words, blank lines before it
       (9 at the top), and blanks before it on its own line. */
    int32_t *words, *stops, *blank_lines, *indentation;
    int32_t *characters[KINDS]; /* characters of each kind */
    /* Runs of letters, their characters, the longest; those that begin with a capital, are in capitals, are numbers. */
    int32_t *runs, *letters, *longest, *raised, *capitals, *numbers;
    int32_t *first_kind, *end_kind, *last_kind; /* the last looks through quotes and brackets */
    int32_t *wide;                              /* blanks that are wide */
    uint8_t *ellipsis, *ends_sentence, *bullet, *prose, *is_short;
    int32_t *hits[MOST_CATEGORIES]; /* words of each category */
    uint32_t categories;            /* that any word of the page has, a bit each */
    int32_t *times, *endings;       /* words of any category of dates, or of what follows articles */
    uint32_t *lead;                 /* categories of its first two words, a bit each */
    uint64_t *whole, *making;       /* hashes of all its words, and of what they are like */
    int32_t *wording, *edge_wording, *highest_wording, *lowest_wording;
    int32_t *word_sums; /* [lines + 1], of `words` */
    int32_t *content;   /* content words */
    int32_t *triples;   /* triples of words */
    /* Of each content word: its line, its number in the vocabulary, the hash of its stem, whether it is a name. */
    uint32_t content_count, triple_count;
    int32_t *content_line;
    uint16_t *content_number;
    uint64_t *content_stem;
    uint8_t *content_is_name;
    uint16_t *triple_number; /* of each triple of words */
    int32_t *table;          /* [TRIPLES], all 0: room for counts */
} Page;

static int32_t *line_column(Arena *arena, const Page *page) { return TAKE(arena, int32_t, page->count); }

static uint8_t *line_flags(Arena *arena, const Page *page) { return TAKE(arena, uint8_t, page->count); }

/* Room for the columns of a page of `characters` characters in its lines. */
static void make_room(Arena *arena, Page *page, const Tables *tables, uint32_t characters) {
    int32_t **columns[] = {
        &page->words, &page->stops, &page->blank_lines, &page->indentation, &page->runs, &page->letters, &page->longest,
        &page->raised, &page->capitals, &page->numbers, &page->first_kind, &page->end_kind, &page->last_kind,
        &page->wide, &page->wording, &page->edge_wording, &page->highest_wording, &page->lowest_wording,
        &page->content, &page->triples,
    };
    uint8_t **flags[] = {&page->ellipsis, &page->ends_sentence, &page->bullet, &page->prose, &page->is_short};
    for (uint32_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) *columns[i] = line_column(arena, page);
    for (uint32_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) *flags[i] = line_flags(arena, page);
    for (int kind = 0; kind < KINDS; kind++) page->characters[kind] = line_column(arena, page);
    int32_t *hits = TAKE_CLEARED(arena, int32_t, page->count * (tables->category_count + 3));
    for (uint32_t i = 0; i < tables->category_count; i++, hits += page->count) page->hits[i] = hits;
    page->times = hits;
    page->endings = hits + page->count;
    page->lead = (uint32_t *)hits + 2 * page->count;
    page->whole = TAKE(arena, uint64_t, page->count);
    page->making = TAKE(arena, uint64_t, page->count);
    page->word_sums = TAKE(arena, int32_t, page->count + 1);
    page->content_line = TAKE(arena, int32_t, characters);
    page->content_number = TAKE(arena, uint16_t, characters);
    page->content_stem = TAKE(arena, uint64_t, characters);
    page->content_is_name = TAKE(arena, uint8_t, characters);
    page->triple_number = TAKE(arena, uint16_t, characters);
    page->table = TAKE_CLEARED(arena, int32_t, TRIPLES);
}

/* Lengths and kinds of the words of a line. */
static void count_words(Page *page, uint32_t line, const Words *words) {
    int32_t letters = 0, longest = 0, raised = 0, capitals = 0, numbers = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        letters += words->length[i];
        longest = greater(longest, words->length[i]);
        raised += words->initial[i] == UPPER;
        numbers += words->initial[i] == DIGIT;
        capitals += words->capitals[i];
    }
    page->runs[line] = (int32_t)words->count;
    page->letters[line] = letters;
    page->longest[line] = longest;
    page->raised[line] = raised;
    page->capitals[line] = capitals;
    page->numbers[line] = numbers;
}

/* Note the categories (a bit each, and at least one) of the phrases that begin at a word of a line. */
static void note_categories(Page *page, uint32_t line, uint32_t number, uint32_t bits, const Tables *tables) {
    page->categories |= bits;
    page->times[line] += (bits & tables->time) != 0;
    page->endings[line] += (bits & tables->endings) != 0;
    if (number < 2) page->lead[line] |= bits;
    for (; bits; bits &= bits - 1) page->hits[__builtin_ctz(bits)][line]++;
}

/* Look the phrases of a line up, and keep its content words (long enough, and no stop words) and its triples. Which
   words are is not to be foretold, so that each is written down and only those are counted. */
static void look_up(Page *page, uint32_t line, const Words *words, const Tables *tables) {
    uint64_t whole = 0, making = 0;
    uint32_t content = page->content_count, triple = page->triple_count, stops = 0;
    uint32_t categories = (1u << tables->category_count) - 1;
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t found = categories_of(tables, words->hash[i]);
        found |= categories_of(tables, words->pair[i]) | categories_of(tables, words->triple[i]);
        if (found & categories) note_categories(page, line, i, found & categories, tables);
        uint32_t is_stop = found >> tables->category_count, is_long = words->length[i] >= 4;
        whole += words->hash[i];
        making += scramble((found ? words->hash[i] : words->initial[i]) + 1);
        stops += is_stop;
        page->content_line[content] = (int32_t)line;
        page->content_number[content] = words->hash[i] & (VOCABULARY - 1);
        page->content_stem[content] = words->stem[i];
        page->content_is_name[content] = words->initial[i] == UPPER && i > 0;
        content += (is_stop ^ 1) & (is_long | (words->initial[i] == IDEOGRAPH));
        page->triple_number[triple] = words->triple[i] & (TRIPLES - 1);
        triple += words->triple[i] != 0;
    }
    page->stops[line] = (int32_t)stops;
    page->content[line] = (int32_t)(content - page->content_count);
    page->content_count = content;
    page->triples[line] = (int32_t)(triple - page->triple_count);
    page->triple_count = triple;
    page->whole[line] = whole;
    page->making[line] = making + (uint64_t)page->first_kind[line];
}

/* Learned weights of the wording of a line. */
static void weigh_wording(Page *page, uint32_t line, const Words *words, const uint16_t *wording) {
    int32_t total = 0, highest = INT32_MIN, lowest = INT32_MAX, edge = 0;
    uint64_t edges[ROLES_AT_EDGES];
    for (uint32_t i = 0; i < words->count; i++) {
        int32_t weight = weight_of(wording, in_role(words->hash[i], 0));
        weight += weight_of(wording, in_role(words->stem[i], 1));
        weight += weight_of(wording, in_role(words->pair[i], 2));
        weight += weight_of(wording, in_role(words->triple[i], 3));
        total += weight;
        highest = greater(highest, weight);
        lowest = lesser(lowest, weight);
    }
    hash_edges(words, edges);
    for (int role = 0; role < ROLES_AT_EDGES; role++)
        edge += weight_of(wording, in_role(edges[role], (uint64_t)(ROLES_INSIDE + role)));
    page->wording[line] = total;
    page->edge_wording[line] = edge;
    page->highest_wording[line] = words->count ? highest : 0;
    page->lowest_wording[line] = words->count ? lowest : 0;
}

/* How a line begins and ends. */
static void look_at_ends(Page *page, uint32_t line, const uint32_t *codes, const Tables *tables) {
    int32_t start = page->start[line], end = page->end[line];
    uint8_t last = kind_at(tables, codes, end - 1);
    page->first_kind[line] = kind_at(tables, codes, start);
    page->end_kind[line] = last;
    for (int32_t back = 2; back <= 3; back++)
        if (last == QUOTE || last == BRACKET || last == APOSTROPHE)
            last = kind_at(tables, codes, greater(end - back, start));
    page->last_kind[line] = last;
    page->ends_sentence[line] = last == STOP;
    uint32_t code = codes[end - 1], before = codes[greater(end - 2, start)];
    page->ellipsis[line] = code == 0x2026 || (code == '.' && before == '.') || before == 0x2026;
}

/* What kind of line it is, from what has been counted. */
static void judge_line(Page *page, uint32_t line, const int32_t kinds[KINDS]) {
    int32_t words = page->runs[line] - kinds[IDEOGRAPH] / 2, first = page->first_kind[line];
    page->words[line] = words;
    page->is_short[line] = words < 6;
    page->bullet[line] = first == SEPARATOR || (first == DASH && words < 60);
    page->prose[line] = page->ends_sentence[line] && words >= 12 && !page->bullet[line];
    for (int kind = 0; kind < KINDS; kind++) page->characters[kind][line] = kinds[kind];
}

/* Read all lines of a page; `place` is where it begins in the codes. */
static void read_page(Page *page, const uint32_t *codes, int32_t place, Words *words, const Tables *tables,
                      const uint16_t *wording) {
    int32_t breaks = 0, breaks_before = 0, last_break = place;
    FOR_LINES(line, page->count) {
        int32_t kinds[KINDS] = {0}, start = page->start[line], end = page->end[line];
        for (; place < start; place++)
            if (codes[place] == '\n') breaks++, last_break = place;
        page->blank_lines[line] = line ? lesser(breaks - breaks_before - 1, 9) : 9;
        page->indentation[line] = lesser(start - last_break - 1, 40);
        breaks_before = breaks;
        page->wide[line] = read_words(tables, codes, start, end, words, kinds);
        look_at_ends(page, line, codes, tables);
        count_words(page, line, words);
        look_up(page, line, words, tables);
        weigh_wording(page, line, words, wording);
        judge_line(page, line, kinds);
        place = kinds[NEWLINE] ? start : end;
    }
    sum_up(page->word_sums, page->words, page->count);
}
