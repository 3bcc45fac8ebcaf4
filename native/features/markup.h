/* Features of lines from the marks of an HTML page. */

enum { MOST_GROUPS = 64, MOST_CONTAINERS = 3000, FAR_CONTAINER = 60, FLAG_LEVELS = 2 };

/* The marks of a batch, [4][marks] in order of their starts, outer before inner. Behind the groups that are flagged
   come links, paths and all else. */
typedef struct {
    uint32_t count;
    const int32_t *begin, *stop, *code, *group;
} Marks;

/* Marks of a page as spans of its lines. */
typedef struct {
    Marks marks;
    int32_t *first, *past;        /* [marks], the first line a mark touches, and past the last */
    int32_t *linked, *characters; /* [lines], characters in links; all of them */
    int32_t *path;                /* [lines], number of the line's path among the page's */
    int32_t path_count;
    int32_t *prose, *prose_sums; /* [lines], [lines + 1]: words of prose out of links, at most 200 a line */
    uint8_t *flags[MOST_GROUPS]; /* [lines]: 0 outside, 1 in a mark with most of the prose, 2 in a narrower one */
} Spans;

/* How many of `sorted` are below `value`; the first `known` of them are. Near ones are found in few steps. */
static uint32_t count_below(const int32_t *sorted, uint32_t count, int32_t value, uint32_t known) {
    uint32_t first = known, step = 1, past;
    while (first + step <= count && sorted[first + step - 1] < value) {
        first += step;
        step *= 2;
    }
    past = first + step <= count ? first + step - 1 : count;
    while (first < past) {
        uint32_t middle = (first + past) / 2;
        if (sorted[middle] < value) first = middle + 1;
        else past = middle;
    }
    return first;
}

/* Characters of each line that stand in links. Links do not overlap but on pages that are broken. */
static void count_linked(Spans *spans, uint32_t lines, const int32_t *start, const int32_t *end, int32_t link,
                         Arena rest) {
    uint32_t count = 0, at = 0;
    int32_t *begins = TAKE(&rest, int32_t, spans->marks.count), *stops = TAKE(&rest, int32_t, spans->marks.count);
    int32_t *sums = TAKE(&rest, int32_t, spans->marks.count + 1), reached = INT32_MIN;
    sums[0] = 0;
    for (uint32_t i = 0; i < spans->marks.count; i++) {
        if (spans->marks.group[i] != link) continue;
        begins[count] = greater(spans->marks.begin[i], reached);
        reached = stops[count] = greater(spans->marks.stop[i], reached);
        sums[count + 1] = sums[count] + greater(stops[count] - begins[count], 0);
        count++;
    }
    FOR_LINES(i, lines) {
        int32_t places[2] = {start[i], end[i]}, before[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            while (at < count && begins[at] <= places[side]) at++;
            if (at)
                before[side] = sums[at - 1] + greater(lesser(places[side], stops[at - 1]) - begins[at - 1], 0);
        }
        spans->linked[i] = before[1] - before[0];
        spans->characters[i] = end[i] - start[i];
    }
}

/* Number the paths of lines 0, 1, 2 …; where several stand over a line the last counts, and no path is one as well.
   `numbers` ([codes], all -1, and so they are left) is room. */
static void number_paths(Spans *spans, uint32_t lines, int32_t path, int32_t *numbers) {
    const Marks *marks = &spans->marks;
    int32_t without = -1;
    __builtin_memset(spans->path, 0xFF, lines * sizeof(int32_t));
    for (uint32_t i = 0; i < marks->count; i++)
        if (marks->group[i] == path)
            for (int32_t line = spans->first[i]; line < spans->past[i]; line++) spans->path[line] = marks->code[i];
    spans->path_count = 0;
    FOR_LINES(i, lines) {
        int32_t *number = spans->path[i] < 0 ? &without : &numbers[spans->path[i]];
        if (*number < 0) *number = spans->path_count++;
        spans->path[i] = *number;
    }
    for (uint32_t i = 0; i < marks->count; i++) numbers[marks->code[i]] = -1;
}

/* Lay the marks of a page over its lines. Returns whether any of them touches a line. */
static int lay_marks(Spans *spans, const Page *page, const int32_t *start, const int32_t *end, const Tables *tables,
                     int32_t *numbers, Arena *arena) {
    uint32_t count = spans->marks.count, lines = page->count;
    int any = 0;
    spans->first = TAKE(arena, int32_t, count);
    spans->past = TAKE(arena, int32_t, count);
    spans->linked = line_column(arena, page);
    spans->characters = line_column(arena, page);
    spans->path = line_column(arena, page);
    spans->prose = line_column(arena, page);
    spans->prose_sums = TAKE(arena, int32_t, lines + 1);
    for (uint32_t i = 0; i < count; i++) {
        int is_behind = i && spans->marks.begin[i] >= spans->marks.begin[i - 1];
        uint32_t known = is_behind ? (uint32_t)spans->first[i - 1] : 0;
        /* Lines that end where a mark begins are before it; lines that begin before its end it touches. */
        spans->first[i] = (int32_t)count_below(end, lines, spans->marks.begin[i] + 1, known);
        spans->past[i] = (int32_t)count_below(start, lines, spans->marks.stop[i], (uint32_t)spans->first[i]);
        any |= spans->past[i] > spans->first[i];
    }
    count_linked(spans, lines, start, end, (int32_t)tables->group_count, *arena);
    number_paths(spans, lines, (int32_t)tables->group_count + 1, numbers);
    FOR_LINES(i, lines) {
        int is_prose = page->prose[i] && spans->linked[i] * 2ll < spans->characters[i];
        spans->prose[i] = is_prose ? lesser(page->words[i], 200) : 0;
    }
    sum_up(spans->prose_sums, spans->prose, lines);
    return any;
}

/* A column for each group of marks. */
static void add_groups(Columns *out, Spans *spans, const Tables *tables, Arena *arena) {
    uint32_t lines = out->count, room = lines + 1, count = spans->marks.count;
    for (uint32_t group = 0; group < tables->group_count; group++) spans->flags[group] = TAKE(arena, uint8_t, lines);
    Arena rest = *arena;
    /* How many more marks of a group begin than end at a line: all of them, and the narrow ones. */
    int32_t *changes = TAKE_CLEARED(&rest, int32_t, tables->group_count * FLAG_LEVELS * room);
    uint8_t *some = TAKE_CLEARED(&rest, uint8_t, tables->group_count);
    const int32_t *sums = spans->prose_sums;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t group = (uint32_t)spans->marks.group[i];
        if (group >= tables->group_count) continue;
        int32_t first = spans->first[i], past = spans->past[i], *own = changes + group * FLAG_LEVELS * room;
        some[group] = 1;
        int is_wide = (sums[past] - sums[first]) * 2 > sums[lines];
        own[first]++, own[past]--;
        if (!is_wide) own[room + first]++, own[room + past]--;
    }
    for (uint32_t group = 0; group < tables->group_count; group++) {
        const int32_t *own = changes + group * FLAG_LEVELS * room;
        int32_t all = 0, narrow = 0;
        if (!some[group] && !out->names) {
            __builtin_memset(spans->flags[group], 0, lines);
            add_same(out, "", 0);
            continue;
        }
        FOR_LINES(i, lines) {
            all += own[i], narrow += own[room + i];
            spans->flags[group][i] = narrow > 0 ? 2 : all > 0;
        }
        const char *name = out->names ? name_at(tables->names, tables->category_count + group) : "";
        add_flags(out, "in %s", name, spans->flags[group]);
    }
}

static void add_links(Columns *out, const Spans *spans, Arena *arena) {
    uint32_t lines = out->count;
    int32_t *percent = TAKE(arena, int32_t, lines), *unlinked = TAKE(arena, int32_t, lines);
    FOR_LINES(i, lines) {
        percent[i] = (int32_t)(spans->linked[i] * 100ll / greater(spans->characters[i], 1));
        unlinked[i] = spans->characters[i] - spans->linked[i];
    }
    add(out, "percent linked", percent);
    add_beside(out, "percent linked", percent, LIST(-2, -1, 1, 2));
    add_around(out, "percent linked", percent, LIST(3, 10));
    add(out, "unlinked characters", unlinked);
    capped(unlinked, lines, 400, unlinked);
    add_around(out, "unlinked characters", unlinked, LIST(3));
}

/* Elements with several lines. Number 0 is the whole page; the others come in order, the outer before the inner. */
typedef struct {
    int32_t count;
    int32_t *first, *past;
    int32_t *inner, *outer, *depth; /* [lines]: the innermost one, the one around that, how many there are */
    int32_t *mass, *own;            /* [containers]: prose in it, and in no other inside it */
} Containers;

/* Sort `order` by `key` (0 to `most`), and leave what has the same key in order. */
static void sort_by(const int32_t *key, int32_t most, int32_t *order, uint32_t count, Arena rest) {
    int32_t *places = TAKE_CLEARED(&rest, int32_t, (uint32_t)most + 2), *before = TAKE(&rest, int32_t, count);
    __builtin_memcpy(before, order, count * sizeof(int32_t));
    for (uint32_t i = 0; i < count; i++) places[key[order[i]] + 1]++;
    for (int32_t value = 0; value < most; value++) places[value + 1] += places[value];
    for (uint32_t i = 0; i < count; i++) order[places[key[before[i]]]++] = before[i];
}

/* Marks that hold several lines, sorted by their first line and the longest first; of the same lines the first mark
   alone, and no more than MOST_CONTAINERS, the first ones. Returns how many. */
static uint32_t find_containers(const Spans *spans, uint32_t lines, int32_t link, int32_t *order, Arena rest) {
    uint32_t marks = spans->marks.count, count = 0, distinct = 0;
    int32_t *remains = TAKE(&rest, int32_t, marks), kept = 0;
    uint8_t *is_first = TAKE_CLEARED(&rest, uint8_t, marks);
    for (uint32_t i = 0; i < marks; i++) {
        int32_t group = spans->marks.group[i];
        remains[i] = (int32_t)lines - spans->past[i];
        if (spans->past[i] - spans->first[i] > 1 && group != link && group != link + 1) order[count++] = (int32_t)i;
    }
    sort_by(remains, (int32_t)lines, order, count, rest);
    sort_by(spans->first, (int32_t)lines, order, count, rest);
    for (uint32_t i = 0; i < count; i++) {
        int32_t mark = order[i], before = i ? order[i - 1] : mark;
        is_first[mark] = !i || spans->first[mark] != spans->first[before] || spans->past[mark] != spans->past[before];
    }
    for (uint32_t i = 0; i < marks; i++)
        if (is_first[i] && kept++ >= MOST_CONTAINERS) is_first[i] = 0;
    for (uint32_t i = 0; i < count; i++)
        if (is_first[order[i]]) order[distinct++] = order[i];
    return distinct;
}

static Containers containers_of(const Spans *spans, uint32_t lines, int32_t link, Arena *arena) {
    Containers found = {0};
    int32_t *order = TAKE(arena, int32_t, spans->marks.count);
    uint32_t count = find_containers(spans, lines, link, order, *arena);
    found.count = (int32_t)count + 1;
    found.first = TAKE(arena, int32_t, count + 1);
    found.past = TAKE(arena, int32_t, count + 1);
    found.mass = TAKE(arena, int32_t, count + 1);
    found.own = TAKE_CLEARED(arena, int32_t, count + 1);
    found.inner = TAKE_CLEARED(arena, int32_t, lines);
    found.outer = TAKE_CLEARED(arena, int32_t, lines);
    found.depth = TAKE_CLEARED(arena, int32_t, lines);
    found.first[0] = 0;
    found.past[0] = (int32_t)lines;
    for (int32_t index = 1; index < found.count; index++) {
        int32_t mark = order[index - 1], first = spans->first[mark], past = spans->past[mark];
        int32_t around = found.inner[first];
        found.first[index] = first;
        found.past[index] = past;
        for (int32_t line = first; line < past; line++) {
            found.outer[line] = around;
            found.inner[line] = index;
            found.depth[line]++;
        }
    }
    for (int32_t i = 0; i < found.count; i++)
        found.mass[i] = spans->prose_sums[found.past[i]] - spans->prose_sums[found.first[i]];
    FOR_LINES(i, lines) found.own[found.inner[i]] += spans->prose[i];
    return found;
}

static float quotient(double part, double whole) { return (float)(part / whole); }

/* Place against one container. */
static void add_container(Columns *out, const Containers *found, const char *name, int32_t best) {
    int32_t *values = out->spare, first = found->first[best], past = found->past[best];
    FOR_LINES(i, out->count) values[i] = between((int32_t)i - first, -FAR_CONTAINER, 200);
    add_named(out, "lines after start of %s", name, 0, values);
    FOR_LINES(i, out->count) values[i] = between(past - 1 - (int32_t)i, -FAR_CONTAINER, 200);
    add_named(out, "lines before end of %s", name, 0, values);
    FOR_LINES(i, out->count) values[i] = (int32_t)i >= first && (int32_t)i < past;
    add_named(out, "in %s", name, 0, values);
    FOR_LINES(i, out->count) values[i] = found->inner[i] == best;
    add_named(out, "in %s itself", name, 0, values);
}

/* Place against the deepest container with most of the prose, and the one with most of its own; of several the last. */
static void add_main(Columns *out, const Containers *found, int32_t total) {
    int32_t deepest = 0, richest = 0, size = INT32_MAX, most = 0;
    for (int32_t i = 0; i < found->count; i++) {
        int32_t lines = found->past[i] - found->first[i];
        if (found->mass[i] >= 0.6 * total && lines <= size) deepest = i, size = lines;
        if (found->own[i] > 0 && found->own[i] >= most) richest = i, most = found->own[i];
    }
    add_container(out, found, "main container", deepest);
    add_container(out, found, "container of most prose", richest);
}

/* Quotients of what containers have, of the container of each line. */
static void add_of_containers(Columns *out, const char *name, const int32_t *container, const int32_t *part,
                              int32_t total) {
    float *column = next_column(out);
    FOR_LINES(i, out->count) column[i] = quotient(part[container[i]], total);
    finish(out, name, "", 0);
}

/* Shares of the page's prose around the line, and what its containers are like. */
static void add_containers(Columns *out, const Page *page, const Spans *spans, int32_t link, Arena *arena) {
    Containers found = containers_of(spans, page->count, link, arena);
    int32_t total = greater(spans->prose_sums[page->count], 1), *size = TAKE(arena, int32_t, page->count);
    int32_t *links = TAKE(arena, int32_t, page->count + 1), *characters = TAKE(arena, int32_t, page->count + 1);
    int32_t *first = TAKE(arena, int32_t, page->count), *past = TAKE(arena, int32_t, page->count);
    int32_t *part = out->spare;
    sum_up(links, spans->linked, page->count);
    sum_up(characters, spans->characters, page->count);
    FOR_LINES(i, page->count) {
        first[i] = found.first[found.inner[i]];
        past[i] = found.past[found.inner[i]];
        size[i] = past[i] - first[i];
    }
    add(out, "depth", found.depth);
    add_of_containers(out, "share of prose in container", found.inner, found.mass, total);
    add_of_containers(out, "share of prose in container itself", found.inner, found.own, total);
    add_of_containers(out, "share of prose in outer container", found.outer, found.mass, total);
    add(out, "lines of container", size);
    FOR_LINES(i, page->count) part[i] = page->word_sums[past[i]] - page->word_sums[first[i]];
    add_shares(out, "words a line of container", "", 0, part, size);
    FOR_LINES(i, page->count) {
        part[i] = links[past[i]] - links[first[i]];
        size[i] = characters[past[i]] - characters[first[i]];
    }
    add_shares(out, "links of container", "", 0, part, size);
    FOR_LINES(i, page->count) part[i] = lesser((int32_t)i - first[i], FAR_CONTAINER);
    add(out, "lines into container", part);
    FOR_LINES(i, page->count) part[i] = lesser(past[i] - (int32_t)i - 1, FAR_CONTAINER);
    add(out, "lines to end of container", part);
    add_main(out, &found, total);
}

/* What lines of the same path have together, a value a path. */
typedef struct {
    int32_t *lines, *prose, *words, *sentences, *linked, *characters;
} Paths;

static Paths sum_paths(const Page *page, const Spans *spans, Arena *arena) {
    Paths sums;
    int32_t **columns = (int32_t **)&sums;
    for (uint32_t i = 0; i < sizeof(sums) / sizeof(*columns); i++)
        columns[i] = TAKE_CLEARED(arena, int32_t, (uint32_t)spans->path_count);
    FOR_LINES(i, page->count) {
        int32_t path = spans->path[i];
        sums.lines[path]++;
        sums.prose[path] += spans->prose[i];
        sums.words[path] += page->words[i];
        sums.sentences[path] += page->ends_sentence[i];
        sums.linked[path] += spans->linked[i];
        sums.characters[path] += spans->characters[i];
    }
    return sums;
}

/* Quotients of what paths have, of the path of each line. */
static void add_of_paths(Columns *out, const char *name, const int32_t *path, const int32_t *part,
                         const int32_t *whole) {
    float *column = next_column(out);
    FOR_LINES(i, out->count) column[i] = quotient(part[path[i]], whole[path[i]]);
    finish(out, name, "", 0);
}

/* Place against the lines of the path that most of the page's prose has. */
static void add_main_path(Columns *out, const uint8_t *is_main, Arena *arena) {
    int32_t *values = TAKE(arena, int32_t, out->count), *sums = TAKE(arena, int32_t, out->count + 1);
    widened(is_main, out->count, values);
    sum_up(sums, values, out->count);
    add_since(out, "lines since main path", "", is_main);
    add_until(out, "lines until main path", "", is_main);
    add(out, "lines of main path before", sums);
    FOR_LINES(i, out->count) out->spare[i] = sums[out->count] - sums[i + 1];
    add(out, "lines of main path after", out->spare);
    add_around(out, "main path", values, LIST(3, 10));
}

/* Shares of the page's prose under the line's own path, and what lines of that path are like. */
static void add_paths(Columns *out, const Page *page, const Spans *spans, Arena *arena) {
    Paths sums = sum_paths(page, spans, arena);
    uint8_t *flags = line_flags(arena, page);
    int32_t total = greater(spans->prose_sums[page->count], 1), best = 0, *path = spans->path, *values = out->spare;
    int32_t *whole = line_column(arena, page);
    for (int32_t i = 0; i < spans->path_count; i++) best = greater(best, sums.prose[i]);
    add_of_containers(out, "share of prose of path", path, sums.prose, total);
    FOR_LINES(i, page->count) values[i] = sums.lines[path[i]];
    add(out, "lines of path", values);
    add_of_paths(out, "words a line of path", path, sums.words, sums.lines);
    add_of_paths(out, "sentences of path", path, sums.sentences, sums.lines);
    FOR_LINES(i, page->count) values[i] = sums.linked[path[i]], whole[i] = sums.characters[path[i]];
    add_shares(out, "links of path", "", 0, values, whole);
    FOR_LINES(i, page->count) flags[i] = best > 0 && sums.prose[path[i]] == best;
    add_flags(out, "main path", "", flags);
    add_of_containers(out, "share of prose of path against main", path, sums.prose, greater(best, 1));
    add_main_path(out, flags, arena);
    FOR_LINES(i, page->count) flags[i] = i == 0 || path[i] != path[i - 1];
    add_since(out, "lines of path in a run", "", flags);
    FOR_LINES(i, page->count)
        whole[i] = (int32_t)__builtin_elementwise_nearbyint(sums.prose[path[i]] * 100.0 / total);
    add_beside(out, "share of path", whole, LIST(-2, -1, 1, 2));
}

/* Place against headings and hints. */
static void add_hints(Columns *out, const Page *page, const Spans *spans, const Tables *tables, Arena *arena) {
    uint8_t *flags = line_flags(arena, page);
    for (uint32_t anchor = 0; anchor < tables->anchor_count; anchor++) {
        const int32_t *own = tables->anchors + 4 * anchor;
        const uint8_t *one = spans->flags[own[0]], *other = spans->flags[own[2]];
        FOR_LINES(i, page->count) flags[i] = one[i] >= own[1] || other[i] >= own[3];
        uint32_t place = tables->category_count + tables->group_count + anchor;
        const char *name = out->names ? name_at(tables->names, place) : "";
        add_since(out, "lines since %s", name, flags);
        add_until(out, "lines until %s", name, flags);
        add_before(out, "lines of %s before", name, flags);
        add_words_since(out, name, flags, page->word_sums);
    }
}

/* All groups of features of marks. Where no mark touches a line they are all 0. */
static void add_markup(Columns *out, const Page *page, Spans *spans, const Tables *tables, Arena arena) {
    add_same(out, "has marks", 1);
    add_groups(out, spans, tables, &arena);
    Arena rest = arena;
    add_links(out, spans, &rest);
    rest = arena;
    add_containers(out, page, spans, (int32_t)tables->group_count, &rest);
    rest = arena;
    add_paths(out, page, spans, &rest);
    rest = arena;
    add_hints(out, page, spans, tables, &rest);
}
