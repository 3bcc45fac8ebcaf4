/* What a page is read from and into: tags, open elements, what is set down for later. */

/* Why it cannot be told what a page is like; 0 where it can. */
enum {
  TOLD,
  CHARACTER,       /* U+0000 */
  ENCODING,        /* no UTF-8 */
  REFERENCE,       /* a name that is not known here, or a reference where it matters what it is */
  DECLARATION,     /* an instruction */
  BROKEN_OFF,      /* within a comment or the like */
  ATTRIBUTES,      /* more of a tag than there is room for */
  MERGED,          /* more tags that give html or body attributes than there is room for */
  FRAMES,          /* and other elements that need rules of their own */
  FOREIGN_CONTENT, /* HTML in SVG or MathML */
  REARRANGED,      /* elements that would have to be moved in formatting elements */
  FOSTERED,        /* what would have to be moved out of a table */
  DEEP,            /* more open elements than there is room for, or tags to be read again and again */
  FULL,            /* longer when written than there is room for */
  LATE,            /* more to be written later than there is room for */
  QUIRKS,          /* a table in a paragraph under a document type that is not known here */
  NO_MEMORY,
  ROWS,            /* more rows of what is seen than there is room for: for the moment */
  AGAIN            /* html or body have attributes that were not known when they began: for the moment */
};

enum {
  MOST_OPEN = 250,       /* far below the 512 at which the parser stops to nest */
  MOST_ACTIVE = 64,      /* active formatting elements and markers */
  MOST_ATTRIBUTES = 100, /* of a tag */
  MOST_TEMPLATES = 16,   /* one in the other */
  MOST_NOTES = 64,
  MOST_MERGED = 4,       /* tags that give html or body attributes that are read */
  MOST_GIVEN = 20        /* attributes given so, and of what is given any */
};

enum { SVG_SPACE = 1, MATH_SPACE };

typedef struct {
  Span name;
  byte which; /* an element, or OTHER */
  byte is_self_closing;
  int32_t count;
  Attribute attributes[MOST_ATTRIBUTES];
} Tag;

/* An element of the stack of open elements. A form may be taken from the stack before what stands in it: its place is
   kept until that has ended (`is_gone`), for nothing else to find. */
typedef struct {
  Span name;
  byte which, bits;
  byte is_foreign, is_point; /* SVG_SPACE or MATH_SPACE where it is not of HTML; whether what it holds is so again */
  byte is_seen, is_gone;
  int8_t active; /* its place among the active formatting elements, or -1 */
} Open;

/* An active formatting element, or a marker (`which` is OTHER). */
typedef struct {
  const byte *tag; /* where its name stands */
  byte which;
  int16_t place; /* on the stack, or -1 */
} Active;

/* What belongs behind what is still open: blanks between head and body, comments behind the body. */
typedef struct {
  Span blanks; /* `start` is 0 where it is a comment */
  int is_behind_root;
} Note;

enum {
  INITIAL, BEFORE_ROOT, BEFORE_HEAD, IN_HEAD, IN_HEAD_NOSCRIPT, AFTER_HEAD, IN_BODY, IN_TABLE, IN_CAPTION,
  IN_COLUMN_GROUP, IN_TABLE_BODY, IN_ROW, IN_CELL, IN_TEMPLATE, AFTER_BODY, AFTER_AFTER_BODY
};

/* The html or the body element: with all its attributes, and the later tags that gave it such as are read. */
typedef struct {
  Tag whole;
  uint32_t count;
  const byte *tags[MOST_MERGED];
} Merged;

enum { NO_FORM = -1, FORM_OFF_STACK = -2 };

/* All of a page that is read. */
typedef struct {
  const byte *start, *at;
  byte *out, *first, *last; /* where is written next; the room for it, to a few dozen bytes before its end */
  byte *text;               /* where the text begins that has been written since the last tag or comment */
  int reason, mode;
  uint32_t depth, hidden, paragraphs; /* open elements; those among them that are taken out; those that are p */
  int32_t form;                       /* its place on the stack */
  uint32_t active_count, notes_count, templates;
  int has_quirks, has_body, is_fostering;
  int64_t patience; /* how many bytes of tags may be read again */
  Merged root, body;
  int32_t given; /* attributes of later tags of these */
  byte *fresh; /* where the text of a pre begins that nothing has been seen in */
  byte template_modes[MOST_TEMPLATES];
  Open open[MOST_OPEN];
  Active active[MOST_ACTIVE];
  Note notes[MOST_NOTES];
  Tag tag, again;
} Page;

/* Say that it cannot be told. The page is read no further; what is written until that is noticed, is written over what
   has been. */
static APART void give_up(Page *page, int reason) {
  if (!page->reason) page->reason = reason;
  page->out = page->first;
}
