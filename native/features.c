/* Features of the lines of news pages: broadsheet.labelling.features says what is handed over. */

#include <stddef.h>

#include "common.h"
#include "arena.h"
#include "features/words.h"
#include "features/gate.h"
#include "features/columns.h"
#include "features/page.h"
#include "features/text.h"
#include "features/markup.h"

/* A batch of pages. */
typedef struct {
    uint32_t pages, lines, has_marks;
    const uint32_t *code;         /* [codes]: a newline and the text, page after page, and a newline */
    const int32_t *span;          /* [2][lines]: start and end of each line in the codes */
    const int32_t *original;      /* [2][lines]: start and end in the text of its page, which marks refer to */
    const int32_t *page_line;     /* [pages + 1], lines before each page */
    const int32_t *page_code;     /* [pages + 1], codes before each page */
    const int32_t *mark;          /* [4][marks]: begin, stop, code of the tag, group */
    const int32_t *page_mark;     /* [pages + 1], marks before each page */
} Batch;

/* Fail where spans would lead out of the codes, or marks out of the tags and groups. */
static void check(const Batch *batch, uint32_t tags) {
    const int32_t *start = batch->span, *end = batch->span + batch->lines;
    for (uint32_t page = 0; page < batch->pages; page++) {
        int32_t place = batch->page_code[page];
        for (int32_t line = batch->page_line[page]; line < batch->page_line[page + 1]; line++) {
            if (start[line] <= place || end[line] < start[line]) __builtin_trap();
            place = end[line] - 1;
        }
        if (place >= batch->page_code[page + 1]) __builtin_trap();
    }
    int32_t marks = batch->page_mark[batch->pages];
    const int32_t *code = batch->mark + 2 * marks, *group = batch->mark + 3 * marks;
    for (int32_t mark = 0; mark < marks; mark++)
        if ((uint32_t)code[mark] >= tags || group[mark] < 0) __builtin_trap();
}

static uint32_t longest_line(const Batch *batch) {
    int32_t longest = 0;
    for (uint32_t line = 0; line < batch->lines; line++)
        longest = greater(longest, batch->span[batch->lines + line] - batch->span[line]);
    return (uint32_t)longest;
}

static Page page_of(const Batch *batch, uint32_t number) {
    uint32_t first = (uint32_t)batch->page_line[number];
    Page page = {.count = (uint32_t)batch->page_line[number + 1] - first};
    page.start = batch->span + first;
    page.end = batch->span + batch->lines + first;
    return page;
}

static Marks marks_of(const Batch *batch, uint32_t number) {
    int32_t all = batch->page_mark[batch->pages], first = batch->page_mark[number];
    const int32_t *begin = batch->mark + first;
    uint32_t count = (uint32_t)(batch->page_mark[number + 1] - first);
    return (Marks){count, begin, begin + all, begin + 2 * all, begin + 3 * all};
}

/* Columns of marks for a page without. */
static void add_no_marks(Columns *out) {
    while (out->row < out->features) add_same(out, "", 0);
}

/* What columns of marks would add to the sums of lines if there were any, where no page of the batch has marks. */
static void weigh_no_marks(Columns *out) {
    for (; out->row < out->features; out->row++) {
        float value = 0;
        scale(out, &value, 1);
        weigh_same(out->gate, out->row, value);
    }
}

/* All columns of one page. */
static void add_page_of(Columns *out, const Batch *batch, uint32_t number, const Tables *tables,
                        const uint16_t *wording, Words *words, int32_t *numbers, Arena arena) {
    Page page = page_of(batch, number);
    int32_t begin = batch->page_code[number];
    out->sums = TAKE(&arena, int32_t, page.count + 1);
    out->spare = TAKE(&arena, int32_t, page.count);
    make_room(&arena, &page, tables, (uint32_t)(batch->page_code[number + 1] - begin));
    read_page(&page, batch->code, begin, words, tables, wording);
    add_text(out, &page, tables, arena);
    if (!batch->has_marks) {
        if (out->scaling) weigh_no_marks(out);
        return;
    }
    Spans spans = {.marks = marks_of(batch, number)};
    const int32_t *start = batch->original + batch->page_line[number], *end = start + batch->lines;
    if (lay_marks(&spans, &page, start, end, tables, numbers, &arena) || out->names)
        add_markup(out, &page, &spans, tables, arena);
    else
        add_no_marks(out);
}

/* Copy the lines flagged in `near` of each row of a page's columns behind one another. As a loop, since runs are short
   and a call that copies memory takes as long as a hundred values. */
__attribute__((no_builtin("memcpy", "memmove")))
static void copy_lines(const Columns *columns, uint32_t rows, const uint8_t *near, float *out, uint32_t stride) {
    for (uint32_t first = 0, past; first < columns->count; first = past) {
        for (past = first + 1; past < columns->count && near[past] == near[first]; past++) {}
        if (!near[first]) continue;
        for (uint32_t row = 0; row < rows; row++) {
            const float *restrict from = columns->table + (uint64_t)row * columns->count + first;
            float *restrict to = out + (uint64_t)row * stride;
            for (uint32_t i = 0; i < past - first; i++) to[i] = from[i];
        }
        out += past - first;
    }
}

/* The features of the lines of a batch, float[rows][lines]: as they are, where `scaling` is 0; else as whole numbers,
   and only of lines that pass the gate, which are flagged in `near`, the others' places left at the end of each row.
   Rows are `all` features, or those of text alone where no page has marks. Returns where they stand. */
EXPORT(features)
float *features(const uint32_t *code, const int32_t *span, const int32_t *original, const int32_t *page_line,
                const int32_t *page_code, const int32_t *mark, const int32_t *page_mark, uint8_t *near, char *room,
                const Tables *tables, const uint16_t *wording, const float *scaling, const Rule *rule, uint32_t pages,
                uint32_t lines, uint32_t rows, uint32_t all, uint32_t tags) {
    const Batch batch = {pages, lines, rows == all, code, span, original, page_line, page_code, mark, page_mark};
    Arena arena = {(uint32_t)(uintptr_t)room};
    check(&batch, tags);
    float *table = TAKE(&arena, float, rows * lines);
    int32_t *numbers = TAKE(&arena, int32_t, tags);
    for (uint32_t i = 0; i < tags; i++) numbers[i] = -1;
    Words words = room_for_words(&arena, longest_line(&batch));
    for (uint32_t page = 0, place = 0; page < pages; page++) {
        uint32_t first = (uint32_t)page_line[page], count = (uint32_t)page_line[page + 1] - first;
        if (!count) continue;
        Arena rest = arena;
        Gate gate = {0};
        if (scaling) gate = open_gate(rule, count, &rest);
        Columns out = {.count = count, .features = all, .scaling = scaling, .gate = &gate};
        out.table = TAKE(&rest, float, rows * count);
        add_page_of(&out, &batch, page, tables, wording, &words, numbers, rest);
        if (!scaling) __builtin_memset(near + first, 1, count);
        uint32_t found = scaling ? lines_near(&gate, count, near + first) : count;
        copy_lines(&out, rows, near + first, table + place, lines);
        place += found;
    }
    return table;
}

/* Names of the features, each ended by 0, those of text and then those of marks. Returns how many are of text. */
EXPORT(names)
uint32_t names(char *found, char *room, const Tables *tables, uint32_t size) {
    Arena arena = {(uint32_t)(uintptr_t)room};
    Columns out = {.names = found, .names_end = found + size, .sums = TAKE(&arena, int32_t, 1)};
    Page page = {0};
    Spans spans = {0};
    if (tables->category_count > MOST_CATEGORIES || tables->group_count > MOST_GROUPS) __builtin_trap();
    make_room(&arena, &page, tables, 0);
    page.word_sums[0] = 0;
    add_text(&out, &page, tables, arena);
    uint32_t count = out.row;
    lay_marks(&spans, &page, 0, 0, tables, 0, &arena);
    add_markup(&out, &page, &spans, tables, arena);
    return count;
}

/* Hashes of what lines are worded with: of each word, its stem, and the pair and triple that begin with it ([4][codes],
   and the line of each word), and at the edges of each line ([6][lines]); 0 where a phrase would cross the line's end.
   In the roles that they have there, or as they are in the lexicon. Returns how many words there are. */
EXPORT(hashes)
uint32_t hashes(const uint32_t *code, const int32_t *span, uint64_t *inside, int32_t *line_of, uint64_t *at_edges,
                char *room, const Tables *tables, uint32_t codes, uint32_t lines, uint32_t in_roles) {
    Arena arena = {(uint32_t)(uintptr_t)room};
    Words words = room_for_words(&arena, codes);
    uint64_t *columns[ROLES_INSIDE] = {words.hash, words.stem, words.pair, words.triple}, edges[ROLES_AT_EDGES];
    uint32_t count = 0;
    for (uint32_t line = 0; line < lines; line++) {
        int32_t kinds[KINDS] = {0}, start = span[line], end = span[lines + line];
        if (start < 0 || end > (int32_t)codes) __builtin_trap();
        read_words(tables, code, start, end, &words, kinds);
        hash_edges(&words, edges);
        for (uint32_t i = 0; i < words.count && count < codes; i++, count++) {
            line_of[count] = (int32_t)line;
            for (uint32_t role = 0; role < ROLES_INSIDE; role++)
                inside[role * codes + count] = in_roles ? in_role(columns[role][i], role) : columns[role][i];
        }
        for (uint32_t role = 0; role < ROLES_AT_EDGES; role++)
            at_edges[role * lines + line] = in_roles ? in_role(edges[role], ROLES_INSIDE + role) : edges[role];
    }
    return count;
}
