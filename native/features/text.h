/* Features that lines have in any page. */

/* A run of lines. */
typedef struct {
    int32_t first, past;
} Run;

static void capped(const int32_t *values, uint32_t count, int32_t most, int32_t *out) {
    FOR_LINES(i, count) out[i] = lesser(values[i], most);
}

static void widened(const uint8_t *flags, uint32_t count, int32_t *out) { FOR_LINES(i, count) out[i] = flags[i]; }

/* Length, capitals, punctuation and layout of the line itself. */
static void add_shape(Columns *out, const Page *page) {
    static const struct { const char *name; int kind; } shares[] = {
        {"capitals", UPPER}, {"digits", DIGIT}, {"caseless letters", LETTER}, {"ideographs", IDEOGRAPH},
        {"blanks", BLANK}, {"separators", SEPARATOR}, {"symbols", SYMBOL}, {"signs", SIGN},
    }, counts[] = {
        {"commas", COMMA}, {"stops", STOP}, {"quotes", QUOTE}, {"brackets", BRACKET}, {"separators", SEPARATOR},
        {"colons", COLON}, {"dashes", DASH}, {"signs", SIGN}, {"apostrophes", APOSTROPHE}, {"digits", DIGIT},
    };
    int32_t *size = out->spare;
    FOR_LINES(i, page->count) size[i] = page->end[i] - page->start[i];
    add(out, "characters", size);
    add(out, "words", page->words);
    add_shares(out, "word length", "", 0, page->letters, page->runs);
    add(out, "longest word", page->longest);
    for (uint32_t i = 0; i < sizeof(shares) / sizeof(*shares); i++)
        add_shares(out, "share of %s", shares[i].name, 0, page->characters[shares[i].kind], size);
    for (uint32_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        add(out, counts[i].name, page->characters[counts[i].kind]);
    add_shares(out, "words a stop", "", 0, page->words, page->characters[STOP]);
    add_shares(out, "words a comma", "", 0, page->words, page->characters[COMMA]);
    add_shares(out, "share of raised words", "", 0, page->raised, page->runs);
    add_shares(out, "words in capitals", "", 0, page->capitals, page->runs);
    add(out, "number words", page->numbers);
    add(out, "stop words", page->stops);
    add_shares(out, "share of stop words", "", 0, page->stops, page->runs);
    add(out, "first kind", page->first_kind);
    add(out, "last kind", page->end_kind);
    add(out, "last kind inside quotes", page->last_kind);
    add_flags(out, "ellipsis", "", page->ellipsis);
    add(out, "indentation", page->indentation);
    add(out, "blank lines before", page->blank_lines);
    write_shifted(out, page->blank_lines, 1, 9);
    finish(out, "blank lines after", "", 0);
}

/* What the lines before and after look like. */
static void add_context(Columns *out, const Page *page, Arena *arena) {
    uint32_t count = page->count;
    int32_t *words = line_column(arena, page), *stops = line_column(arena, page), *other = line_column(arena, page);
    uint8_t *flags = line_flags(arena, page);
    capped(page->words, count, 80, words);
    capped(page->stops, count, 40, stops);
    add_beside(out, "words", words, LIST(-3, -2, -1, 1, 2, 3));
    add_beside(out, "stop words", stops, LIST(-2, -1, 1, 2));
    widened(page->ends_sentence, count, other);
    add_beside(out, "ends sentence", other, LIST(-2, -1, 1, 2));
    add_beside(out, "last kind", page->last_kind, LIST(-1, 1));
    add_beside(out, "first kind", page->first_kind, LIST(-1, 1));
    add_beside(out, "indentation", page->indentation, LIST(-1, 1));
    add_beside(out, "blank lines before", page->blank_lines, LIST(-2, -1, 2));
    add_beside(out, "stops", page->characters[STOP], LIST(-1, 1));
    add_beside(out, "digits", page->characters[DIGIT], LIST(-1, 1));
    add_around(out, "words", words, LIST(4, 12, 40));
    widened(page->prose, count, other);
    add_around(out, "prose", other, LIST(3, 8, 25));
    widened(page->bullet, count, other);
    add_around(out, "bullets", other, LIST(4, 16));
    widened(page->is_short, count, other);
    add_around(out, "short lines", other, LIST(4, 16));
    add_around(out, "stop words", stops, LIST(6));
    capped(page->blank_lines, count, 2, other);
    add_around(out, "blank lines", other, LIST(4));
    add_since(out, "lines since %s", "prose", page->prose);
    add_until(out, "lines until %s", "prose", page->prose);
    FOR_LINES(i, count) flags[i] = page->prose[i] && page->words[i] >= 30;
    add_since(out, "lines since %s", "long prose", flags);
    add_until(out, "lines until %s", "long prose", flags);
    FOR_LINES(i, count) flags[i] = i == 0 || page->indentation[i] != page->indentation[i - 1];
    add_since(out, "same indentation run", "", flags);
}

/* Where the line stands in its page. `total` counts the page's words, `in_prose` those of prose. */
static void add_place(Columns *out, const Page *page, Arena *arena, int32_t *prose_words, int32_t total,
                      int32_t in_prose, int32_t prose_lines) {
    int32_t count = (int32_t)page->count, *here = line_column(arena, page), *other = out->spare;
    int32_t *size = line_column(arena, page), *prose_sums = TAKE(arena, int32_t, page->count + 1);
    FOR_LINES(i, page->count) here[i] = (int32_t)i, size[i] = count;
    add_same(out, "lines of page", (float)count);
    add(out, "lines before", here);
    FOR_LINES(i, page->count) other[i] = count - here[i] - 1;
    add(out, "lines after", other);
    add_shares(out, "share of lines before", "", 0, here, size);
    add_same(out, "words of page", (float)total);
    FOR_LINES(i, page->count) size[i] = total;
    add_shares(out, "share of words before", "", 0, page->word_sums, size);
    add_same(out, "prose words of page", (float)in_prose);
    add_same(out, "share of prose words", share(in_prose, total));
    add_same(out, "prose lines of page", (float)prose_lines);
    sum_up(prose_sums, prose_words, page->count);
    FOR_LINES(i, page->count) size[i] = in_prose;
    add_shares(out, "share of prose before", "", 0, prose_sums, size);
    add(out, "prose words before", prose_sums);
    FOR_LINES(i, page->count) other[i] = in_prose - prose_sums[i + 1];
    add(out, "prose words after", other);
}

/* Where the line stands in its page, and what page that is. */
static void add_page(Columns *out, const Page *page, Arena *arena) {
    uint32_t count = page->count;
    int32_t total = page->word_sums[count], prose_lines = 0, bullets = 0, short_lines = 0, blank = 0;
    int32_t *prose_words = line_column(arena, page), *size = line_column(arena, page);
    FOR_LINES(i, count) {
        prose_words[i] = page->prose[i] ? page->words[i] : 0;
        prose_lines += page->prose[i];
        bullets += page->bullet[i];
        short_lines += page->is_short[i];
        blank += lesser(page->blank_lines[i], 2);
    }
    int32_t in_prose = sum_of(prose_words, count), ideographs = sum_of(page->characters[IDEOGRAPH], count);
    add_place(out, page, arena, prose_words, total, in_prose, prose_lines);
    add_same(out, "mean prose length", share(in_prose, prose_lines));
    add_same(out, "share of bullets of page", share(bullets, (int32_t)count));
    add_same(out, "share of short lines of page", share(short_lines, (int32_t)count));
    add_same(out, "ideographs of page", share(ideographs, total));
    add_same(out, "blank lines a line", share(blank, (int32_t)count));
    FOR_LINES(i, count) out->spare[i] = page->words[i] * prose_lines, size[i] = in_prose;
    add_shares(out, "words against mean", "", 0, out->spare, size);
}

/* Keywords of one category, and where a heading of it stands. */
static void add_category(Columns *out, const Page *page, Arena *arena, const char *name, uint32_t number,
                         int is_heading) {
    const int32_t *hits = page->hits[number];
    if (!out->names && !(page->categories >> number & 1)) {
        /* What the columns below have then. */
        static const float nothing[] = {0, 0, FAR_LINES, 0, 0, 0, 0};
        for (int i = 0; i < (is_heading ? 7 : 2); i++) add_same(out, "", nothing[i]);
        return;
    }
    int32_t *few = line_column(arena, page);
    uint8_t *flags = line_flags(arena, page);
    add_named(out, "%s words", name, 0, hits);
    FOR_LINES(i, page->count) flags[i] = page->lead[i] >> number & 1;
    add_flags(out, "%s at head", name, flags);
    if (!is_heading) return;
    FOR_LINES(i, page->count) flags[i] = hits[i] > 0 && page->runs[i] < 9;
    add_since(out, "lines since %s heading", name, flags);
    capped(hits, page->count, 3, few);
    add_sums(out, "%s words in %d before", "%s words in %d after", name, few, LIST(3, 12));
}

/* Keywords of each category in the line, at its head, and around it. */
static void add_keywords(Columns *out, const Page *page, const Tables *tables, Arena *arena) {
    int32_t *noise = TAKE_CLEARED(arena, int32_t, page->count);
    Arena rest = *arena;
    for (uint32_t number = 0; number < tables->category_count; number++) {
        const char *name = out->names ? name_at(tables->names, number) : "";
        *arena = rest;
        add_category(out, page, arena, name, number, tables->headings >> number & 1);
        if (tables->noise >> number & 1)
            FOR_LINES(i, page->count) noise[i] += lesser(page->hits[number][i], 3);
    }
    add(out, "noise words", noise);
    add_shares(out, "share of noise words", "", 0, noise, page->runs);
    add_beside(out, "noise words", noise, LIST(-2, -1, 1, 2));
    add_around(out, "noise words", noise, LIST(5, 20));
}

/* The lines with the greatest sum of `gain`: of several such runs, the one that ends first. */
static Run best_run(const int32_t *gain, uint32_t count) {
    Run best = {0, 0};
    int32_t sum = 0, lowest = 0, lowest_at = 0, highest = 0;
    FOR_LINES(i, count) {
        sum += gain[i];
        if (sum < lowest) lowest = sum, lowest_at = (int32_t)i + 1;
        if (sum - lowest > highest) {
            highest = sum - lowest;
            best.first = lowest_at;
            best.past = (int32_t)i + 1;
        }
    }
    return best;
}

/* The place of each line against the best run. */
static Run add_run(Columns *out, const Page *page, const char *name, const int32_t *gain) {
    Run run = best_run(gain, page->count);
    int32_t *values = out->spare, *sums = page->word_sums;
    FOR_LINES(i, page->count) values[i] = between((int32_t)i - run.first, -60, 200);
    add_named(out, "lines after start of %s run", name, 0, values);
    FOR_LINES(i, page->count) values[i] = between(run.past - 1 - (int32_t)i, -60, 200);
    add_named(out, "lines before end of %s run", name, 0, values);
    FOR_LINES(i, page->count) values[i] = sums[run.past] - sums[run.first];
    add_named(out, "words of %s run", name, 0, values);
    FOR_LINES(i, page->count) values[i] = sums[i] - sums[run.first];
    add_named(out, "words after start of %s run", name, 0, values);
    FOR_LINES(i, page->count) values[i] = sums[run.past] - sums[i + 1];
    add_named(out, "words before end of %s run", name, 0, values);
    return run;
}

/* Place of the line against the page's main runs of prose. Returns who (a flag a line) is in the middle one. */
static uint8_t *add_segments(Columns *out, const Page *page, Arena *arena) {
    static const struct { const char *name; int32_t cost; } runs[] = {{"strict", 36}, {"middle", 20}, {"lenient", 11}};
    int32_t *weight = line_column(arena, page), *gain = line_column(arena, page);
    uint8_t *inside = line_flags(arena, page);
    FOR_LINES(i, page->count) {
        weight[i] = lesser(page->words[i], 60) * (page->ends_sentence[i] ? 2 : 1);
        if (page->bullet[i]) weight[i] = lesser(weight[i], 30);
    }
    for (int r = 0; r < 3; r++) {
        FOR_LINES(i, page->count) gain[i] = weight[i] - runs[r].cost;
        Run run = add_run(out, page, runs[r].name, gain);
        if (r == 1) FOR_LINES(i, page->count) inside[i] = (int32_t)i >= run.first && (int32_t)i < run.past;
    }
    return inside;
}

/* Numbered things of lines, in order: content words by their hash, or triples of words. */
typedef struct {
    const uint16_t *number;
    const int32_t *of_line; /* how many each line has */
} Numbered;

/* Count by number those in the lines of `member` (a flag a line), or, by -1, take them away again. */
static void count_numbers(const Page *page, const Numbered *all, const uint8_t *member, int32_t by) {
    const uint16_t *number = all->number;
    FOR_LINES(line, page->count) {
        const uint16_t *past = number + all->of_line[line];
        if (!member[line]) number = past;
        for (; number < past; number++) page->table[*number] += by;
    }
}

/* Share of a line's that stand more than `least` times in other lines of `member`; counted before. */
static void add_repeated(Columns *out, const Page *page, const Numbered *all, const uint8_t *member,
                         const char *pattern, const char *name, int32_t least) {
    const uint16_t *number = all->number;
    FOR_LINES(line, page->count) {
        const uint16_t *past = number + all->of_line[line];
        int32_t shared = 0, own = member[line] + least;
        for (; number < past; number++) shared += page->table[*number] > own;
        out->spare[line] = shared;
    }
    add_shares(out, pattern, name, least, out->spare, all->of_line);
}

static Numbered vocabulary_of(const Page *page) {
    return (Numbered){page->content_number, page->content};
}

static Numbered triples_of(const Page *page) {
    return (Numbered){page->triple_number, page->triples};
}

/* For each of some keys, the one before with the same key and the next one: -1 where there is none. How many have the
   same key goes to `number`, where that is not 0. */
static void match_keys(Arena *arena, const uint64_t *keys, uint32_t count, int32_t *last, int32_t *following,
                       int32_t *number) {
    uint32_t size = 16, mask;
    while (size < 2 * count) size *= 2;
    mask = size - 1;
    Arena rest = *arena;
    int32_t *slots = TAKE(&rest, int32_t, size);
    __builtin_memset(slots, 0xFF, size * sizeof(int32_t));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = (uint32_t)(scramble(keys[i] * MULTIPLIER) >> 32) & mask;
        while (slots[slot] >= 0 && keys[slots[slot]] != keys[i]) slot = (slot + 1) & mask;
        last[i] = slots[slot];
        following[i] = -1;
        if (last[i] >= 0) following[last[i]] = (int32_t)i;
        slots[slot] = (int32_t)i;
    }
    if (!number) return;
    for (uint32_t i = 0; i < count; i++) number[i] = last[i] >= 0 ? number[last[i]] + 1 : 1;
    for (uint32_t i = count; i-- > 0;)
        if (following[i] >= 0) number[i] = number[following[i]];
}

/* Vocabulary shared with the page's prose, and wording that stands elsewhere in the page. */
static void add_repetition(Columns *out, const Page *page, const uint8_t *inside, Arena *arena) {
    const struct { const char *name; const uint8_t *member; } members[] = {{"prose", page->prose}, {"run", inside}};
    const Numbered words = vocabulary_of(page), triples = triples_of(page);
    int32_t *last = line_column(arena, page), *following = line_column(arena, page);
    uint8_t *everywhere = line_flags(arena, page);
    for (int m = 0; m < 2; m++) {
        static const char *name = "vocabulary more than %d times in %s";
        count_numbers(page, &words, members[m].member, 1);
        add_repeated(out, page, &words, members[m].member, name, members[m].name, 0);
        add_repeated(out, page, &words, members[m].member, name, members[m].name, 2);
        count_numbers(page, &words, members[m].member, -1);
    }
    __builtin_memset(everywhere, 1, page->count);
    count_numbers(page, &triples, everywhere, 1);
    add_repeated(out, page, &triples, everywhere, "share of repeated triples", "", 0);
    count_numbers(page, &triples, everywhere, -1);
    count_numbers(page, &triples, inside, 1);
    add_repeated(out, page, &triples, inside, "share of triples in run", "", 0);
    count_numbers(page, &triples, inside, -1);
    match_keys(arena, page->whole, page->count, last, following, out->spare);
    add(out, "same line in page", out->spare);
}

/* Place against the line that best announces the prose below it; `answered` counts the content words of each line that
   come again in prose. */
static void add_headline(Columns *out, const Page *page, const int32_t *answered, Arena *arena) {
    const Numbered words = vocabulary_of(page);
    int32_t *score = line_column(arena, page), *sums = page->word_sums, best = 0;
    uint8_t *is_headline = line_flags(arena, page);
    FOR_LINES(i, page->count) {
        int fits = page->words[i] >= 3 && page->words[i] <= 30 && !page->bullet[i] && !page->prose[i];
        score[i] = fits ? answered[i] * answered[i] * 64 / (page->content[i] + 2) : 0;
        if (score[i] > score[best]) best = (int32_t)i;
    }
    add(out, "headline score", score);
    FOR_LINES(i, page->count) out->spare[i] = score[best];
    add_shares(out, "share of best headline score", "", 0, score, out->spare);
    add(out, "best headline score", out->spare);
    FOR_LINES(i, page->count) out->spare[i] = between((int32_t)i - best, -60, 200);
    add(out, "lines after headline", out->spare);
    FOR_LINES(i, page->count) out->spare[i] = sums[i] - sums[best];
    add(out, "words after headline", out->spare);
    FOR_LINES(i, page->count) is_headline[i] = (int32_t)i == best;
    count_numbers(page, &words, is_headline, 1);
    add_repeated(out, page, &words, is_headline, "vocabulary of headline", "", 0);
    count_numbers(page, &words, is_headline, -1);
}

enum { REACHES = 3, CLOSE = 10, TO_PROSE = 25, NOWHERE = 10000 };

/* What is counted of a line's words by where they come again. */
typedef struct {
    int32_t *back[REACHES], *ahead[REACHES]; /* within so many lines */
    int32_t *names, *names_close, *close, *to_prose;
} Cohesion;

static const int32_t reaches[REACHES] = {3, 12, 9999};

/* Lines between a content word and another one with its stem, NOWHERE if that is none or stands in the same line. */
static inline int32_t lines_to(const int32_t *line_of, int32_t other, int32_t line) {
    int32_t distance = other < 0 ? 0 : line_of[other] - line;
    return distance ? (distance < 0 ? -distance : distance) : NOWHERE;
}

static Cohesion count_cohesion(const Page *page, Arena *arena) {
    Cohesion found;
    int32_t **columns = (int32_t **)&found, word = 0;
    for (uint32_t i = 0; i < sizeof(found) / sizeof(*columns); i++) columns[i] = line_column(arena, page);
    int32_t *last = TAKE(arena, int32_t, page->content_count), *following = TAKE(arena, int32_t, page->content_count);
    match_keys(arena, page->content_stem, page->content_count, last, following, 0);
    FOR_LINES(line, page->count) {
        int32_t within_back[REACHES] = {0}, within_ahead[REACHES] = {0};
        int32_t names = 0, names_close = 0, all = 0, to_prose = 0;
        for (int32_t past = word + page->content[line]; word < past; word++) {
            int32_t back = lines_to(page->content_line, last[word], (int32_t)line);
            int32_t ahead = lines_to(page->content_line, following[word], (int32_t)line);
            int32_t close = (back <= CLOSE) | (ahead <= CLOSE), near = ahead <= TO_PROSE;
            for (int r = 0; r < REACHES; r++) {
                within_back[r] += back <= reaches[r];
                within_ahead[r] += ahead <= reaches[r];
            }
            names += page->content_is_name[word];
            names_close += page->content_is_name[word] & close;
            all += close;
            to_prose += near & page->prose[near ? (int32_t)line + ahead : 0];
        }
        for (int r = 0; r < REACHES; r++)
            found.back[r][line] = within_back[r], found.ahead[r][line] = within_ahead[r];
        found.names[line] = names;
        found.names_close[line] = names_close;
        found.close[line] = all;
        found.to_prose[line] = to_prose;
    }
    return found;
}

/* Words that come again in lines close by, as an article's do, and the page's headline. */
static void add_cohesion(Columns *out, const Page *page, Arena *arena) {
    Cohesion found = count_cohesion(page, arena);
    int32_t *linked = line_column(arena, page), *gain = line_column(arena, page);
    for (int r = 0; r < REACHES; r++) {
        add_shares(out, "words seen %d lines back", "", reaches[r], found.back[r], page->content);
        add_shares(out, "words seen %d lines ahead", "", reaches[r], found.ahead[r], page->content);
    }
    add(out, "names", found.names);
    add_shares(out, "share of names close by", "", 0, found.names_close, found.names);
    capped(found.close, page->count, 15, linked);
    add(out, "words close by", linked);
    add_around(out, "words close by", linked, LIST(3, 10));
    FOR_LINES(i, page->count) gain[i] = 4 * linked[i] + lesser(page->stops[i], 20) - 18;
    add_run(out, page, "cohesive", gain);
    add_headline(out, page, found.to_prose, arena);
}

/* Lines that are made alike all over the page: dates of comments, labels of teasers. */
static void add_templates(Columns *out, const Page *page, Arena *arena) {
    int32_t *last = line_column(arena, page), *following = line_column(arena, page);
    int32_t *number = line_column(arena, page), *alike = line_column(arena, page);
    uint8_t *flags = line_flags(arena, page);
    match_keys(arena, page->making, page->count, last, following, number);
    add(out, "lines of the same making", number);
    FOR_LINES(i, page->count) out->spare[i] = last[i] >= 0 ? (int32_t)i - last[i] : FAR_LINES;
    add(out, "lines since the same making", out->spare);
    FOR_LINES(i, page->count) out->spare[i] = following[i] >= 0 ? following[i] - (int32_t)i : FAR_LINES;
    add(out, "lines until the same making", out->spare);
    FOR_LINES(i, page->count) alike[i] = flags[i] = number[i] >= 3 && !page->bullet[i] && page->words[i] < 15;
    add_around(out, "lines of a making", alike, LIST(4, 12, 40));
    add_since(out, "lines since %s", "a making", flags);
    add_until(out, "lines until %s", "a making", flags);
}

/* Place against lines of one sort; `begun` flags the lines behind the first of the main run. */
static void add_anchor(Columns *out, const Page *page, const char *name, const uint8_t *flags, const uint8_t *begun,
                       Arena *arena) {
    uint8_t *since_begun = line_flags(arena, page);
    FOR_LINES(i, page->count) since_begun[i] = flags[i] && begun[i];
    add_since(out, "lines since %s", name, flags);
    add_until(out, "lines until %s", name, flags);
    add_before(out, "%ss before", name, flags);
    add_before(out, "%ss since run began", name, since_begun);
    add_words_since(out, name, flags, page->word_sums);
}

/* Lines that begin or end articles: dates, bylines, headings of what follows an article. */
static void add_anchors(Columns *out, const Page *page, const uint8_t *inside, Arena *arena) {
    uint8_t *dated = line_flags(arena, page), *ending = line_flags(arena, page), *begun = line_flags(arena, page);
    uint8_t any = 0;
    FOR_LINES(i, page->count) {
        int is_small = page->words[i] < 16 && !page->bullet[i];
        dated[i] = is_small && page->characters[DIGIT][i] >= 2 && page->times[i] > 0;
        ending[i] = is_small && page->words[i] < 9 && page->endings[i] > 0;
        begun[i] = any;
        any |= inside[i];
    }
    add_anchor(out, page, "dated line", dated, begun, arena);
    add_anchor(out, page, "ending", ending, begun, arena);
    add_beside(out, "signs", page->characters[SIGN], LIST(1));
    add(out, "wide blanks", page->wide);
}

/* Learned weights of the wording of each line and its neighbours. */
static void add_wording(Columns *out, const Page *page, Arena *arena) {
    int32_t *mean = line_column(arena, page);
    FOR_LINES(i, page->count) mean[i] = quotient_below(page->wording[i] * 16, greater(page->runs[i], 1));
    add(out, "wording in sum", page->wording);
    add(out, "wording a word", mean);
    float *column = next_column(out);
    FOR_LINES(i, page->count)
        column[i] = (float)(page->wording[i] / __builtin_elementwise_sqrt((double)greater(page->runs[i], 1)));
    finish(out, "wording a root of words", "", 0);
    add(out, "wording at edges", page->edge_wording);
    add(out, "highest wording", page->highest_wording);
    add(out, "lowest wording", page->lowest_wording);
    add_beside(out, "wording a word", mean, LIST(-2, -1, 1, 2));
    add_beside(out, "wording at edges", page->edge_wording, LIST(-1, 1));
    add_around(out, "wording in sum", page->wording, LIST(4));
    add_around(out, "wording at edges", page->edge_wording, LIST(4, 12));
}

/* All groups of features, one column after another. Each group's room is free again for the next. */
static void add_text(Columns *out, const Page *page, const Tables *tables, Arena arena) {
    Arena rest = arena;
    add_shape(out, page);
    add_context(out, page, &rest);
    rest = arena;
    add_page(out, page, &rest);
    rest = arena;
    add_keywords(out, page, tables, &rest);
    rest = arena;
    const uint8_t *inside = add_segments(out, page, &rest);
    add_repetition(out, page, inside, &rest);
    add_cohesion(out, page, &rest);
    add_templates(out, page, &rest);
    add_anchors(out, page, inside, &rest);
    add_wording(out, page, &rest);
}
