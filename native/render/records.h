/* What a page is read from and into: names and what they say, attributes, elements, lines, tabs, marks. */

typedef uint32_t hash;

enum { NOTHING = -1 };

/* What an element's name says, as a number of readers/elements.py: bits 0-1 newlines around it, then one bit each, then
   from bit 16 on which element it is, and from bit 24 on its mark. */
enum {
  GAP = 3, NO_TEXT = 1 << 2, MARKED = 1 << 3, LESS_MARKED = 1 << 4, ENTRY = 1 << 5, CONTAINER = 1 << 6, APART = 1 << 7,
  SEEN_WHOLE = 1 << 8, VOID = 1 << 9, RAW = 1 << 10, UNNAMED = 1 << 11
};
enum { OTHER, BREAK, CELL, ROW, PREFORMATTED, META, LINK, ROOT, TITLE, TIME, SCRIPT };

/* What a class name says: bits 0-7 its mark or 0, bit 8 that it hides, bit 9 that it is shown whatever else it says,
   bit 10 that it says nothing of a list around an entry. */
enum { HINT = 255, UNSEEN = 1 << 8, SHOWN = 1 << 9, OF_REGION = 1 << 10 };

/* What a page states: the kinds of rows of `facts`. */
enum { META_FACT, LANGUAGE_FACT, CANONICAL_FACT, TIME_FACT, ITEM_FACT, TITLE_FACT, JSON_FACT, SPAN_FACT, AUTHOR_FACT };

enum {
  LONGEST_CELL = 80, MOST_MARKS = 100000, MOST_HINTS = 4, MOST_NAMES = 16, LONGEST_NAMES = 200, LONGEST_VALUE = 300,
  LONGEST_STATED = 2000, /* code points of a value of a fact */
  MOST_STATING = 40, /* attributes of an element that may state something */
  MOST_SPANS = 400,
  SCRATCH = 4 * LONGEST_VALUE + 32, FACT_COLUMNS = 4,
  PATH_SLOTS = 2048, NEAR = 16, /* where paths are looked up, and how many slots from one on */
  CACHED = 2048, /* sets of names of elements whose meaning is remembered, each of so many bytes at most: */
  REMEMBERED = 256
};

typedef struct {
  int32_t offset, length, value;
} Slot;

/* Names and what they say, by `place_of`; as many slots as `mask` + 1, those of length 0 free. `known`: bits of the
   places of all names in wider rows than of slots, by which most of what is looked up is refused. */
enum { KNOWN_WORDS = 256 };
typedef struct {
  const Slot *slots;
  const byte *names;
  const uint32_t *known;
  hash mask;
} Table;

/* Attributes that are read, in order of their lengths. */
enum {
  ID, REL, ROLE, TYPE, NAME, LANG, HREF, CLASS, STYLE, VALUE, HIDDEN, CONTENT, ITEMPROP, PROPERTY, DATETIME, TEST_ID,
  ATTRIBUTES
};
static const char ATTRIBUTE_NAMES[ATTRIBUTES][16] = {/* with zeros behind */
    "id", "rel", "role", "type", "name", "lang", "href", "class", "style", "value", "hidden", "content", "itemprop",
    "property", "datetime", "data-testid"};
/* The first of each length, up to the longest. */
enum { LONGEST_ATTRIBUTE = 11 };
static const byte FIRST_OF_LENGTH[LONGEST_ATTRIBUTE + 2] = {
    ID, ID, ID, REL, ROLE, CLASS, HIDDEN, CONTENT, ITEMPROP, TEST_ID, TEST_ID, TEST_ID, ATTRIBUTES};
/* Those that say what an element is, in the order in which they do. */
enum { NAMING = 5 };
static const byte NAMING_ATTRIBUTES[NAMING] = {CLASS, ID, ITEMPROP, ROLE, TEST_ID};

typedef struct {
  Span values[ATTRIBUTES]; /* `start` is 0 where there is none */
  uint32_t stating;        /* bits of those that are early enough to state something */
} Attributes;

/* What the names of an element say, and the names: `lengths` of each, and their bytes one after the other. */
typedef struct {
  int32_t lengths[NAMING];
  int32_t is_unseen, is_shown, count;
  int32_t hints[MOST_HINTS]; /* values of the table of class names */
  byte names[REMEMBERED + 16];
} Said;

typedef struct {
  int32_t is_inert, element, start, lines;
  hash path;
  Span names; /* of a fact that ends with the element: its itemprop */
  int32_t fact, is_counted;
  int32_t mark, marks; /* the first of its rows of marks, and how many it has */
} Open;

/* A tab between two cells. */
typedef struct {
  int32_t position, byte_position;
  int32_t is_taken, is_newline; /* its cell has ended; with a line of its own */
  hash path;                    /* of that line */
} Tab;

/* A row of marks: `code` is the place of a tag, or behind all tags that of the path of a run of lines. */
typedef struct {
  int32_t start, end, code;
} Mark;

typedef struct {
  int32_t begin, before; /* where the line begins, and where the text before it ends */
  hash path;
} Line;

/* All of a page that is read: inputs, outputs, and where the reading stands. */
typedef struct {
  const byte *at, *end;
  Table elements, names;
  byte *text, *values;
  Mark *rows; /* in the order in which elements begin; `end` is NOTHING where there is no mark after all */
  Line *lines_found;
  int32_t (*separators)[2], (*facts)[FACT_COLUMNS];
  Open *open;
  Tab *tabs;
  int32_t capacity, text_capacity, fact_capacity, values_capacity, values_bytes;
  int32_t bytes, length, rows_count, lines_count, separators_count, facts_count, depth, tabs_count, spans;
  int32_t hidden, gap, is_spaced, is_tabbed, closed_apart, preformatted, lines, row, container_start, container_end;
  hash path;
  int32_t is_full;
} Page;
