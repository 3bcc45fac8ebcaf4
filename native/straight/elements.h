/* Elements: which are known, and the rules of the WHATWG's tree construction that each falls under. */

/* Bits: special and formatting elements, those that end a scope, those that are taken out with all that they hold,
   those without an end tag, those that an end tag further out implies the end of. */
enum { SPECIAL = 1, FORMATTING = 2, SCOPING = 4, REMOVED = 8, VOID = 16, IMPLIED = 32 };

/* What a start tag does in the body. */
enum {
  ORDINARY, PLAIN_VOID, METADATA, BLOCK, HEADING, PREFORMATTED, TABLE_START, SELECT_START, FOREIGN, ITEM, TERM, RULE,
  BUTTON_START, OPTIONS, RUBY_BASE, RUBY_TEXT, FORM_START, INPUT_START, IMAGE_START, RAW_TEXT, LINK_START, NO_BREAK,
  FORMAT, MARKED, TEMPLATE_START, ROOT, BODY_START, STRAY, UNTOLD
};

/* What an end tag does in the body: up to END_ITEM it takes its element from the stack, where that is the topmost. */
enum { ANY, END_BLOCK, END_PARAGRAPH, END_HEADING, END_ITEM, END_PAGE, END_FORM, END_FORMAT, END_MARKED, END_BREAK };

#define ELEMENTS(X) \
  X(A, "a", FORMATTING, LINK_START, END_FORMAT) \
  X(ADDRESS, "address", SPECIAL, BLOCK, END_BLOCK) \
  X(ANNOTATION_XML, "annotation-xml", 0, ORDINARY, ANY) \
  X(APPLET, "applet", SPECIAL | SCOPING, MARKED, END_MARKED) \
  X(AREA, "area", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(ARTICLE, "article", SPECIAL, BLOCK, END_BLOCK) \
  X(ASIDE, "aside", SPECIAL, BLOCK, END_BLOCK) \
  X(B, "b", FORMATTING, FORMAT, END_FORMAT) \
  X(BASE, "base", SPECIAL | VOID, METADATA, ANY) \
  X(BASEFONT, "basefont", SPECIAL | VOID, METADATA, ANY) \
  X(BGSOUND, "bgsound", SPECIAL | VOID, METADATA, ANY) \
  X(BIG, "big", FORMATTING, FORMAT, END_FORMAT) \
  X(BLOCKQUOTE, "blockquote", SPECIAL, BLOCK, END_BLOCK) \
  X(BODY, "body", SPECIAL, BODY_START, END_PAGE) \
  X(BR, "br", SPECIAL | VOID, PLAIN_VOID, END_BREAK) \
  X(BUTTON, "button", SPECIAL, BUTTON_START, END_BLOCK) \
  X(CAPTION, "caption", SPECIAL | SCOPING, STRAY, ANY) \
  X(CENTER, "center", SPECIAL, BLOCK, END_BLOCK) \
  X(CODE, "code", FORMATTING, FORMAT, END_FORMAT) \
  X(COL, "col", SPECIAL | VOID, STRAY, ANY) \
  X(COLGROUP, "colgroup", SPECIAL, STRAY, ANY) \
  X(COMMAND, "command", SPECIAL, ORDINARY, ANY) \
  X(DD, "dd", SPECIAL | IMPLIED, TERM, END_ITEM) \
  X(DESC, "desc", 0, ORDINARY, ANY) \
  X(DETAILS, "details", SPECIAL, BLOCK, END_BLOCK) \
  X(DIALOG, "dialog", 0, BLOCK, END_BLOCK) \
  X(DIR, "dir", SPECIAL, BLOCK, END_BLOCK) \
  X(DIV, "div", SPECIAL, BLOCK, END_BLOCK) \
  X(DL, "dl", SPECIAL, BLOCK, END_BLOCK) \
  X(DT, "dt", SPECIAL | IMPLIED, TERM, END_ITEM) \
  X(EM, "em", FORMATTING, FORMAT, END_FORMAT) \
  X(EMBED, "embed", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(FIELDSET, "fieldset", SPECIAL, BLOCK, END_BLOCK) \
  X(FIGCAPTION, "figcaption", SPECIAL, BLOCK, END_BLOCK) \
  X(FIGURE, "figure", SPECIAL, BLOCK, END_BLOCK) \
  X(FONT, "font", FORMATTING, FORMAT, END_FORMAT) \
  X(FOOTER, "footer", SPECIAL, BLOCK, END_BLOCK) \
  X(FOREIGNOBJECT, "foreignobject", 0, ORDINARY, ANY) \
  X(FORM, "form", SPECIAL, FORM_START, END_FORM) \
  X(FRAME, "frame", SPECIAL, STRAY, ANY) \
  X(FRAMESET, "frameset", SPECIAL, UNTOLD, ANY) \
  X(H1, "h1", SPECIAL, HEADING, END_HEADING) \
  X(H2, "h2", SPECIAL, HEADING, END_HEADING) \
  X(H3, "h3", SPECIAL, HEADING, END_HEADING) \
  X(H4, "h4", SPECIAL, HEADING, END_HEADING) \
  X(H5, "h5", SPECIAL, HEADING, END_HEADING) \
  X(H6, "h6", SPECIAL, HEADING, END_HEADING) \
  X(HEAD, "head", SPECIAL, STRAY, ANY) \
  X(HEADER, "header", SPECIAL, BLOCK, END_BLOCK) \
  X(HGROUP, "hgroup", SPECIAL, BLOCK, END_BLOCK) \
  X(HR, "hr", SPECIAL | VOID, RULE, ANY) \
  X(HTML, "html", SPECIAL | SCOPING, ROOT, END_PAGE) \
  X(I, "i", FORMATTING, FORMAT, END_FORMAT) \
  X(IFRAME, "iframe", SPECIAL | REMOVED, RAW_TEXT, ANY) \
  X(IMAGE, "image", SPECIAL, IMAGE_START, ANY) \
  X(IMG, "img", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(INPUT, "input", SPECIAL | VOID, INPUT_START, ANY) \
  X(ISINDEX, "isindex", SPECIAL, ORDINARY, ANY) \
  X(KEYGEN, "keygen", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(LI, "li", SPECIAL | IMPLIED, ITEM, END_ITEM) \
  X(LINK, "link", SPECIAL | VOID, METADATA, ANY) \
  X(LISTING, "listing", SPECIAL, PREFORMATTED, END_BLOCK) \
  X(MAIN, "main", SPECIAL, BLOCK, END_BLOCK) \
  X(MARQUEE, "marquee", SPECIAL | SCOPING, MARKED, END_MARKED) \
  X(MATH, "math", REMOVED, FOREIGN, ANY) \
  X(MENU, "menu", SPECIAL, BLOCK, END_BLOCK) \
  X(META, "meta", SPECIAL | VOID, METADATA, ANY) \
  X(MI, "mi", 0, ORDINARY, ANY) \
  X(MN, "mn", 0, ORDINARY, ANY) \
  X(MO, "mo", 0, ORDINARY, ANY) \
  X(MS, "ms", 0, ORDINARY, ANY) \
  X(MTEXT, "mtext", 0, ORDINARY, ANY) \
  X(NAV, "nav", SPECIAL, BLOCK, END_BLOCK) \
  X(NOBR, "nobr", FORMATTING, NO_BREAK, END_FORMAT) \
  X(NOEMBED, "noembed", SPECIAL | REMOVED, RAW_TEXT, ANY) \
  X(NOFRAMES, "noframes", SPECIAL, RAW_TEXT, ANY) \
  X(NOSCRIPT, "noscript", SPECIAL | REMOVED, ORDINARY, ANY) \
  X(OBJECT, "object", SPECIAL | SCOPING, MARKED, END_MARKED) \
  X(OL, "ol", SPECIAL, BLOCK, END_BLOCK) \
  X(OPTGROUP, "optgroup", IMPLIED, OPTIONS, ANY) \
  X(OPTION, "option", IMPLIED, OPTIONS, ANY) \
  X(P, "p", SPECIAL | IMPLIED, BLOCK, END_PARAGRAPH) \
  X(PARAM, "param", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(PLAINTEXT, "plaintext", SPECIAL, UNTOLD, ANY) \
  X(PRE, "pre", SPECIAL, PREFORMATTED, END_BLOCK) \
  X(RB, "rb", IMPLIED, RUBY_BASE, ANY) \
  X(RP, "rp", IMPLIED, RUBY_TEXT, ANY) \
  X(RT, "rt", IMPLIED, RUBY_TEXT, ANY) \
  X(RTC, "rtc", IMPLIED, RUBY_BASE, ANY) \
  X(RUBY, "ruby", 0, ORDINARY, ANY) \
  X(S, "s", FORMATTING, FORMAT, END_FORMAT) \
  X(SCRIPT, "script", SPECIAL, RAW_TEXT, ANY) \
  X(SEARCH, "search", SPECIAL, BLOCK, END_BLOCK) \
  X(SECTION, "section", SPECIAL, BLOCK, END_BLOCK) \
  X(SELECT, "select", SPECIAL | SCOPING, SELECT_START, END_BLOCK) \
  X(SELECTEDCONTENT, "selectedcontent", 0, UNTOLD, ANY) \
  X(SMALL, "small", FORMATTING, FORMAT, END_FORMAT) \
  X(SOURCE, "source", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(SPAN, "span", 0, ORDINARY, ANY) \
  X(STRIKE, "strike", FORMATTING, FORMAT, END_FORMAT) \
  X(STRONG, "strong", FORMATTING, FORMAT, END_FORMAT) \
  X(STYLE, "style", SPECIAL | REMOVED, RAW_TEXT, ANY) \
  X(SUB, "sub", 0, ORDINARY, ANY) \
  X(SUMMARY, "summary", SPECIAL, BLOCK, END_BLOCK) \
  X(SUP, "sup", 0, ORDINARY, ANY) \
  X(SVG, "svg", REMOVED, FOREIGN, ANY) \
  X(TABLE, "table", SPECIAL | SCOPING, TABLE_START, ANY) \
  X(TBODY, "tbody", SPECIAL, STRAY, ANY) \
  X(TD, "td", SPECIAL | SCOPING, STRAY, ANY) \
  X(TEMPLATE, "template", SPECIAL | SCOPING | REMOVED, TEMPLATE_START, ANY) \
  X(TEXTAREA, "textarea", SPECIAL, RAW_TEXT, ANY) \
  X(TFOOT, "tfoot", SPECIAL, STRAY, ANY) \
  X(TH, "th", SPECIAL | SCOPING, STRAY, ANY) \
  X(THEAD, "thead", SPECIAL, STRAY, ANY) \
  X(TITLE, "title", SPECIAL, RAW_TEXT, ANY) \
  X(TR, "tr", SPECIAL, STRAY, ANY) \
  X(TRACK, "track", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(TT, "tt", FORMATTING, FORMAT, END_FORMAT) \
  X(U, "u", FORMATTING, FORMAT, END_FORMAT) \
  X(UL, "ul", SPECIAL, BLOCK, END_BLOCK) \
  X(VAR, "var", 0, ORDINARY, ANY) \
  X(WBR, "wbr", SPECIAL | VOID, PLAIN_VOID, ANY) \
  X(XMP, "xmp", SPECIAL, RAW_TEXT, ANY)

#define NAMED(name, string, bits, start, end) name,
enum { OTHER, ELEMENTS(NAMED) KNOWN };

typedef struct {
  char name[16]; /* with zeros behind it */
  byte length, bits, start, end;
} Element;

#define DESCRIBED(name, string, bits, start, end) [name] = {string, sizeof(string) - 1, bits, start, end},
static const Element elements[KNOWN] = {ELEMENTS(DESCRIBED)};

enum { ELEMENT_SLOTS = 1024 };
static byte element_slots[ELEMENT_SLOTS];

/* Where a name with zeros behind it is looked for first; of 2,637 multipliers this was the first under which no two of
   the names share a place. */
static uint32_t slot_of(v128_t name) {
  uint64_t sum = wasm_u64x2_extract_lane(name, 0) + 31 * wasm_u64x2_extract_lane(name, 1);
  return (uint32_t)((sum * 0x17603E6B830C14D5ull) >> 54);
}

static void make_element_slots(void) {
  for (int which = OTHER + 1; which < KNOWN; which++) {
    uint32_t slot = slot_of(wasm_v128_load(elements[which].name));
    while (element_slots[slot]) slot = (slot + 1) % ELEMENT_SLOTS;
    element_slots[slot] = (byte)which;
  }
}

/* The element of a name in small letters with zeros behind it, or OTHER. */
static byte element_of(v128_t name) {
  for (uint32_t slot = slot_of(name);; slot = (slot + 1) % ELEMENT_SLOTS) {
    byte which = element_slots[slot];
    if (!which || wasm_i8x16_all_true(wasm_i8x16_eq(wasm_v128_load(elements[which].name), name))) return which;
  }
}

static Span name_of(byte which) { return (Span){(const byte *)elements[which].name, elements[which].length}; }

/* What render.c knows of each. */
static int32_t numbers[KNOWN];

static void make_numbers(void) {
  for (byte which = OTHER + 1; which < KNOWN; which++) numbers[which] = number_of(name_of(which));
}

static int is_heading(byte which) { return which >= H1 && which <= H6; }
