/* Columns of a table of features, made one after the other for the lines of one page. Asked for names instead, the same
   functions write down what each column is called, so that a name stands where its values are made. */

typedef struct {
    float *table;         /* [features][lines] */
    uint32_t row;         /* of the next column */
    uint32_t count;       /* lines */
    const float *scaling; /* [3][features]: half, scale and bias of each, or 0 for features as they are */
    Gate *gate;           /* where features are scaled */
    uint32_t features;
    int32_t *sums;   /* [lines + 1], room */
    int32_t *spare;  /* [lines], room */
    char *names;     /* where names are written, each ended by 0, or 0 */
    char *names_end; /* past the room for them */
} Columns;

enum { MOST_INPUT = 124, FAR_LINES = 99 };

/* Functions that are called for many columns, which would make the module large. */
#define NEVER_INLINED __attribute__((noinline))

#define LIST(...) (const int32_t[]){__VA_ARGS__}, sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t)
#define FOR_LINES(i, count) for (uint32_t i = 0, past_ = (count); i < past_; i++)

static inline int32_t lesser(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t greater(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int32_t between(int32_t value, int32_t least, int32_t most) {
    return greater(lesser(value, most), least);
}

/* The number of a quotient rounded down; `whole` is above 0. */
static inline int32_t quotient_below(int32_t part, int32_t whole) {
    return part / whole - (part % whole < 0);
}

static void write_letter(Columns *out, char letter) {
    if (out->names < out->names_end) *out->names++ = letter;
}

static void write_number(Columns *out, int32_t number) {
    int32_t unit = 1;
    while (number / unit >= 10) unit *= 10;
    for (; unit; unit /= 10) write_letter(out, (char)('0' + number / unit % 10));
}

/* The name of a column: in `pattern`, %s stands for `name`, %d for `number`, %+ for the number with its sign. */
static void write_name(Columns *out, const char *pattern, const char *name, int32_t number) {
    for (; *pattern; pattern++) {
        if (*pattern != '%') {
            write_letter(out, *pattern);
            continue;
        }
        pattern++;
        if (*pattern == '+') write_letter(out, number < 0 ? '-' : '+');
        if (*pattern == 's')
            for (const char *letter = name; *letter; letter++) write_letter(out, *letter);
        else
            write_number(out, number < 0 ? -number : number);
    }
    write_letter(out, 0);
}

/* Name number `number` of those that stand one after the other. */
static const char *name_at(const char *names, uint32_t number) {
    for (; number; number--)
        while (*names++) {}
    return names;
}

/* Features as whole numbers: x / (|x| + half), shifted and scaled to what is usual on pages. */
static void to_whole(float *restrict values, uint32_t count, float half, float scale, float bias) {
    FOR_LINES(i, count) {
        float value = values[i] / (__builtin_fabsf(values[i]) + half);
        value = __builtin_elementwise_nearbyint(value * scale + bias);
        value = value < -MOST_INPUT ? -MOST_INPUT : value;
        values[i] = value > MOST_INPUT ? MOST_INPUT : value;
    }
}

/* Where the values of the next column go. */
static float *next_column(Columns *out) { return out->table + (uint64_t)out->row * out->count; }

/* Make values of the next column whole, if they are to be. */
static inline void scale(const Columns *out, float *values, uint32_t count) {
    if (!out->scaling) return;
    const float *half = out->scaling + out->row;
    to_whole(values, count, half[0], half[out->features], half[2 * out->features]);
}

/* Finish the next column, whose values have been written. */
NEVER_INLINED static void finish(Columns *out, const char *pattern, const char *name, int32_t number) {
    float *column = next_column(out);
    if (out->names) write_name(out, pattern, name, number);
    scale(out, column, out->count);
    if (out->scaling) weigh(out->gate, out->row, column, out->count);
    out->row++;
}

NEVER_INLINED static void add_named(Columns *out, const char *pattern, const char *name, int32_t number,
                                    const int32_t *values) {
    float *column = next_column(out);
    FOR_LINES(i, out->count) column[i] = (float)values[i];
    finish(out, pattern, name, number);
}

static void add(Columns *out, const char *name, const int32_t *values) { add_named(out, name, "", 0, values); }

NEVER_INLINED static void add_flags(Columns *out, const char *pattern, const char *name, const uint8_t *flags) {
    float *column = next_column(out);
    FOR_LINES(i, out->count) column[i] = (float)flags[i];
    finish(out, pattern, name, 0);
}

/* A value that all lines of the page have. */
NEVER_INLINED static void add_same(Columns *out, const char *name, float value) {
    float *column = next_column(out);
    if (out->names) write_name(out, name, "", 0);
    scale(out, &value, 1);
    if (out->scaling) weigh_same(out->gate, out->row, value);
    FOR_LINES(i, out->count) column[i] = value;
    out->row++;
}

static float share(int32_t part, int32_t whole) { return (float)part / (float)greater(whole, 1); }

/* Quotients, 0 where the whole is 0. */
NEVER_INLINED static void add_shares(Columns *out, const char *pattern, const char *name, int32_t number,
                                     const int32_t *part, const int32_t *whole) {
    float *column = next_column(out);
    FOR_LINES(i, out->count) column[i] = share(part[i], whole[i]);
    finish(out, pattern, name, number);
}

/* Sums of the first 0, 1, 2 … values; they wrap, and so do their differences. */
NEVER_INLINED static void sum_up(int32_t *sums, const int32_t *values, uint32_t count) {
    uint32_t sum = 0;
    sums[0] = 0;
    FOR_LINES(i, count) sums[i + 1] = (int32_t)(sum += (uint32_t)values[i]);
}

static int32_t sum_of(const int32_t *values, uint32_t count) {
    int32_t sum = 0;
    FOR_LINES(i, count) sum += values[i];
    return sum;
}

/* Sums of a value over up to `width` lines before and after each line, a pair of columns for each width. */
static void add_sums(Columns *out, const char *before, const char *after, const char *name, const int32_t *values,
                     const int32_t *widths, uint32_t number) {
    int32_t count = (int32_t)out->count, *sums = out->sums;
    sum_up(sums, values, out->count);
    for (uint32_t w = 0; w < number; w++) {
        int32_t width = widths[w], head = lesser(width, count), tail = greater(count - width, 0);
        float *column = next_column(out);
        for (int32_t i = 0; i < head; i++) column[i] = (float)sums[i];
        for (int32_t i = head; i < count; i++) column[i] = (float)(sums[i] - sums[i - width]);
        finish(out, before, name, width);
        column = next_column(out);
        for (int32_t i = 0; i < tail; i++) column[i] = (float)(sums[i + 1 + width] - sums[i + 1]);
        for (int32_t i = tail; i < count; i++) column[i] = (float)(sums[count] - sums[i + 1]);
        finish(out, after, name, width);
    }
}

static void add_around(Columns *out, const char *name, const int32_t *values, const int32_t *widths, uint32_t number) {
    add_sums(out, "%s in %d before", "%s in %d after", name, values, widths, number);
}

/* The value of lines `steps` further down, `fill` past the ends of the page. */
NEVER_INLINED static void write_shifted(Columns *out, const int32_t *values, int32_t by, float fill) {
    int32_t count = (int32_t)out->count;
    int32_t first = between(-by, 0, count), past = between(count - by, 0, count);
    float *column = next_column(out);
    for (int32_t i = 0; i < first; i++) column[i] = fill;
    for (int32_t i = first; i < past; i++) column[i] = (float)values[i + by];
    for (int32_t i = greater(first, past); i < count; i++) column[i] = fill;
}

static void add_beside(Columns *out, const char *name, const int32_t *values, const int32_t *steps, uint32_t number) {
    for (uint32_t s = 0; s < number; s++) {
        write_shifted(out, values, steps[s], -1);
        finish(out, "%s at %+", name, steps[s]);
    }
}

/* Lines since the last flagged one before (0: the line before), 99 if there is none. */
NEVER_INLINED static void lines_since(const uint8_t *flags, uint32_t count, int32_t *since) {
    int32_t distance = FAR_LINES;
    FOR_LINES(i, count) {
        since[i] = distance;
        distance = flags[i] ? 0 : lesser(distance + 1, FAR_LINES);
    }
}

static void add_since(Columns *out, const char *pattern, const char *name, const uint8_t *flags) {
    lines_since(flags, out->count, out->spare);
    add_named(out, pattern, name, 0, out->spare);
}

/* Lines until the next flagged one (0: the line after), 99 if there is none. */
static void add_until(Columns *out, const char *pattern, const char *name, const uint8_t *flags) {
    int32_t distance = FAR_LINES, *until = out->spare;
    for (uint32_t i = out->count; i-- > 0;) {
        until[i] = distance;
        distance = flags[i] ? 0 : lesser(distance + 1, FAR_LINES);
    }
    add_named(out, pattern, name, 0, until);
}

/* How many of the lines before it in the page are flagged. */
static void add_before(Columns *out, const char *pattern, const char *name, const uint8_t *flags) {
    int32_t number = 0;
    FOR_LINES(i, out->count) {
        out->spare[i] = number;
        number += flags[i];
    }
    add_named(out, pattern, name, 0, out->spare);
}

/* Words between each line and the last flagged one before; `sums` are those of the words. */
static void add_words_since(Columns *out, const char *name, const uint8_t *flags, const int32_t *sums) {
    lines_since(flags, out->count, out->spare);
    FOR_LINES(i, out->count) out->spare[i] = sums[i] - sums[greater((int32_t)i - 1 - out->spare[i], 0)];
    add_named(out, "words since %s", name, 0, out->spare);
}
