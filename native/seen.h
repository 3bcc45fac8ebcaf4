/* What straight.c and render.c tell each other of a page. What is pointed at stays until the page has been read.

   straight.c finds what is seen of a page, in order: where elements begin and end, and the text between. What it says is
   what the page would be written as by the serialiser, read by render.c. */

typedef uint8_t byte;

typedef struct {
  const byte *start;
  int32_t length;
} Span;

/* An attribute as it stands in a page. Behind it stand 16 bytes at least. */
typedef struct {
  Span name, value;
} Attribute;

/* A page that is to be read (UTF-8), with the room behind it, what names say, how long the page is, and how many rows of
   a kind there is to be room for at first. And why it could not be read: a `reason` of straight.c, or 0; where it was for
   want of memory `needed` are its pages, of 64 KiB, that it takes. */
typedef struct {
  byte *start, *room;
  const struct Names *names;
  uint32_t length, rows;
  int32_t reason;
  uint32_t needed;
} Reading;

Reading *what_to_read(void);

/* Begin a page of which so many bytes are read, some of them again and again, with room for so many rows of a kind in
   the memory from `room` on. Whether there is that. */
int begin_seen(uint64_t room, uint64_t bytes, uint64_t rows);

/* Set down what has been found. */
void end_seen(void);

/* Whether rows are missing that there was no room for: the page is to be read again. */
int is_seen_full(void);

/* What is known of the element of a name in small letters: a number of readers/elements.py. */
int32_t number_of(Span name);

/* Whether what an attribute says is read, of whatever element. */
int is_read(Span name);

/* An element begins, in whose tag these attributes stand; of one that holds text alone `content` is that. */
void see_start(int32_t number, Span name, const Attribute *attributes, int32_t count, Span content);

/* The element that began last, of those that have not ended, ends. */
void see_end(void);

/* All the text between two tags or comments, as the serialiser writes it; raw text as it is. */
void see_text(Span text, int is_raw);

/* A value of an attribute as the serialiser writes it. */
Span serialised(Span value);
