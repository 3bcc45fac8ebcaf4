/* A first look at each line by itself: networks see only lines near those that may be body, and short pages whole.
   A line may be body by any of some weighted sums of its features, which are whole numbers and so exact. */

typedef struct {
    uint32_t count;        /* sums of a line */
    uint32_t features;
    const float *weights;  /* [sums][features], whole numbers */
    const float *least;    /* [sums], from which on a line may be body */
    uint32_t reach;        /* how many lines from one that may be body networks still look */
    uint32_t short_page;   /* up to how many lines a page has that they see whole */
} Rule;

typedef struct {
    const Rule *rule;
    float *sums;     /* [sums][lines of the page] */
    float *same;     /* [sums], what all its lines have in common */
    int32_t *number; /* [lines + 1], room */
} Gate;

/* Begin with a page of `count` lines. */
static Gate open_gate(const Rule *rule, uint32_t count, Arena *arena) {
    return (Gate){
        rule, TAKE_CLEARED(arena, float, rule->count * count), TAKE_CLEARED(arena, float, rule->count),
        TAKE(arena, int32_t, count + 1),
    };
}

/* Add the next column of features. */
static void weigh(Gate *gate, uint32_t row, const float *restrict column, uint32_t count) {
    for (uint32_t sum = 0; sum < gate->rule->count; sum++) {
        float weight = gate->rule->weights[sum * gate->rule->features + row], *restrict sums = gate->sums + sum * count;
        if (weight == 0) continue;
        for (uint32_t i = 0; i < count; i++) sums[i] += weight * column[i];
    }
}

/* Add a column that is the same for all lines. */
static void weigh_same(Gate *gate, uint32_t row, float value) {
    for (uint32_t sum = 0; sum < gate->rule->count; sum++)
        gate->same[sum] += value * gate->rule->weights[sum * gate->rule->features + row];
}

static int may_be_body(const Gate *gate, uint32_t line, uint32_t count) {
    for (uint32_t sum = 0; sum < gate->rule->count; sum++)
        if (gate->sums[sum * count + line] + gate->same[sum] >= gate->rule->least[sum]) return 1;
    return 0;
}

/* Which of the page's lines networks see, a flag a line. Returns how many. */
static uint32_t lines_near(Gate *gate, uint32_t count, uint8_t *near) {
    uint32_t reach = gate->rule->reach, found = 0;
    gate->number[0] = 0;
    for (uint32_t i = 0; i < count; i++) gate->number[i + 1] = gate->number[i] + may_be_body(gate, i, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = i < reach ? 0 : i - reach, past = count - i <= reach ? count : i + reach + 1;
        near[i] = count <= gate->rule->short_page || gate->number[past] > gate->number[first];
        found += near[i];
    }
    return found;
}
