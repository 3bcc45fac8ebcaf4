/* What networks over lines do between their matrix products, which numpy works out in the same memory, 1.4 times as fast
   as would be done here: broadsheet.labelling.network says what is handed over. */

#include <stddef.h>

#include "common.h"
#include "arena.h"

#define MOST_HIDDEN 255.0f

/* Values become whole numbers: those of the lines for a convolution, the sums of one for the mix, or those of the lines
   for what sees no neighbours. */
enum { FOR_CONVOLUTION, FOR_MIX, FOR_OTHERS }; /* as _Kind */

typedef struct {
    const float *scale, *bias; /* [rows] */
    const float *mixed;        /* [rows], the scale of a mix that is added to values first, or 0 */
    uint32_t kind, dilation;   /* how many lines from one those are that its convolution sees */
} Step;

/* Rows are the channels of all networks, one network after the other. */
typedef struct {
    const int32_t *edges; /* [pages + 1], lines before each page */
    uint32_t room;        /* behind all that was handed over */
    const Step *next;
    uint32_t networks, channels, lines, pages;
    float *values, *sums, *spare; /* [rows][lines] */
    float *beside;                /* [networks][3][channels][lines]: the line before, the line itself, the line after */
} Record;

static Record record;

/* Where the record is. */
EXPORT(where)
const Record *where(void) { return &record; }

/* Make room for lines. */
EXPORT(make_room)
void make_room(void) {
    Arena arena = {record.room};
    uint32_t size = record.networks * record.channels * record.lines;
    record.values = TAKE(&arena, float, size);
    record.sums = TAKE(&arena, float, size);
    record.spare = TAKE(&arena, float, size);
    record.beside = TAKE(&arena, float, 3 * size);
}

static void to_whole(const float *values, float *whole, uint32_t count, float scale, float bias) {
    for (uint32_t i = 0; i < count; i++) {
        float value = __builtin_elementwise_nearbyint(values[i] * scale + bias);
        value = value < 0 ? 0 : value;
        whole[i] = value > MOST_HIDDEN ? MOST_HIDDEN : value;
    }
}

static void add_mixed(float *restrict values, const float *restrict mixed, uint32_t count, float scale) {
    for (uint32_t i = 0; i < count; i++) values[i] += mixed[i] * scale;
}

/* Lay what each line has beside the lines `dilation` further down and further up, 0 where the page ends. */
static void spread(const float *restrict own, float *restrict before, float *restrict after, int32_t dilation) {
    int32_t lines = (int32_t)record.lines;
    for (int32_t i = dilation; i < lines; i++) before[i] = own[i - dilation];
    for (int32_t i = dilation; i < lines; i++) after[i - dilation] = own[i];
    for (uint32_t page = 0; page < record.pages; page++) {
        int32_t first = record.edges[page], past = record.edges[page + 1];
        int32_t reached = past - first < dilation ? past - first : dilation;
        for (int32_t i = 0; i < reached; i++) before[first + i] = after[past - 1 - i] = 0;
    }
}

/* Take the next step. */
EXPORT(step)
void step(void) {
    const Step *step = record.next++;
    uint32_t rows = record.networks * record.channels, lines = record.lines, third = record.channels * lines;
    for (uint32_t row = 0; row < rows; row++) {
        float *values = record.values + row * lines, *sums = record.sums + row * lines, scale = step->scale[row];
        float *spare = record.spare + row * lines, *before = record.beside + row * lines, bias = step->bias[row];
        before += row / record.channels * 2 * third;
        if (step->mixed) add_mixed(values, spare, lines, step->mixed[row]);
        if (step->kind == FOR_MIX) to_whole(sums, sums, lines, scale, bias);
        if (step->kind == FOR_OTHERS) to_whole(values, spare, lines, scale, bias);
        if (step->kind == FOR_CONVOLUTION) {
            to_whole(values, before + third, lines, scale, bias);
            spread(before + third, before, before + 2 * third, (int32_t)step->dilation);
        }
    }
}
