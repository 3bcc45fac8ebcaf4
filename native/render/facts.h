/* What the page states of itself, and where. */

/* Put a value behind those before it, with a zero behind, which stands in no page; JSON as it is, others without
   references. Whether there is one. */
static int put_value(Page *page, Span value, int is_json) {
  byte *to = page->values + page->values_bytes;
  if (!value.length || value.length >= page->values_capacity - page->values_bytes) return 0; /* none is stated thrice */
  int32_t bytes = value.length;
  if (is_json) copy(to, value.start, bytes);
  else bytes = read_value(value, to, LONGEST_STATED, 0);
  to[bytes] = 0;
  page->values_bytes += bytes + 1;
  return 1;
}

static void add_fact(Page *page, int32_t kind, int32_t start, int32_t end, const Span *values, int32_t count) {
  if (page->facts_count == page->fact_capacity) return; /* no page that is read has so many */
  int32_t *row = page->facts[page->facts_count++], found = 0;
  for (int32_t i = 0; i < count; i++) found += put_value(page, values[i], kind == JSON_FACT);
  row[0] = kind;
  row[1] = start;
  row[2] = end;
  row[3] = found;
}

static Span stating(const Attributes *attributes, int32_t which) {
  return attributes->stating >> which & 1 ? attributes->values[which] : (Span){0, 0};
}

static Span either(Span one, Span other) { return one.length ? one : other; }

static void state_meta(Page *page, const Attributes *attributes) {
  Span values[4] = {either(stating(attributes, CONTENT), stating(attributes, VALUE)), stating(attributes, PROPERTY),
                    stating(attributes, NAME), stating(attributes, ITEMPROP)};
  if (values[0].length && (values[1].length || values[2].length || values[3].length))
    add_fact(page, META_FACT, page->length, 0, values, 4);
}

static int is_canonical(const Attributes *attributes) {
  byte rel[SCRATCH];
  return stating(attributes, HREF).length &&
         has_word(rel, read_lowered(stating(attributes, REL), rel), "canonical", 9);
}

/* What an element other than meta, title and script states with its attributes. */
static void state_element(Page *page, int32_t which, const Attributes *attributes) {
  Span language = stating(attributes, LANG), href = stating(attributes, HREF);
  Span values[2] = {either(stating(attributes, DATETIME), stating(attributes, CONTENT)), stating(attributes, ITEMPROP)};
  if (which == ROOT && language.length) add_fact(page, LANGUAGE_FACT, page->length, 0, &language, 1);
  else if (which == LINK && is_canonical(attributes)) add_fact(page, CANONICAL_FACT, page->length, 0, &href, 1);
  else if (values[0].length && (which == TIME || values[1].length))
    add_fact(page, which == TIME ? TIME_FACT : ITEM_FACT, page->length, 0, values, 2);
}

static int is_json(const Attributes *attributes) {
  byte type[SCRATCH];
  return contains(type, read_lowered(attributes->values[TYPE], type), "ld+json", 7);
}

static int is_by_author(const Attributes *attributes) {
  byte rel[SCRATCH];
  return attributes->values[REL].length && has_word(rel, read_lowered(attributes->values[REL], rel), "author", 6);
}

/* State what an element states, and set down in `open` what it will when it ends. Whether it is of those that may. */
static int state(Page *page, int32_t which, const Attributes *attributes, Open *open) {
  if (which == META) state_meta(page, attributes);
  if (which == META || which == TITLE || which == SCRIPT) return which == META;
  if (which == LINK || which == ROOT || which == TIME) {
    state_element(page, which, attributes);
    return 1;
  }
  if (attributes->values[ITEMPROP].length) {
    state_element(page, which, attributes);
    open->fact = SPAN_FACT;
    open->names = attributes->values[ITEMPROP];
    return 1;
  }
  if (!is_by_author(attributes)) return 0;
  open->fact = AUTHOR_FACT;
  return 1;
}
