/* Character references, and characters as the serialiser writes them. */

enum { LONGEST_NAME = 8, CHARACTER_SLOTS = 1024 };

/* A character that has a name; `is_short` where that is a reference without a semicolon too. */
typedef struct {
  char name[LONGEST_NAME + 1]; /* with zeros behind it */
  uint16_t code;
  byte is_short;
} Character;

#define SHORT(name, code) {#name, code, 1},
#define LONG(name, code) {#name, code, 0},
static const Character characters[] = {CHARACTERS(SHORT, LONG)};
static uint16_t character_slots[CHARACTER_SLOTS]; /* numbers from 1 on */

/* What numbers from 128 to 159 stand for, as in Windows-1252. */
static const uint16_t numbered[32] = {8364, 129, 8218, 402,  8222, 8230, 8224, 8225, 710, 8240, 352,
                                      8249, 338, 141,  381,  143,  144,  8216, 8217, 8220, 8221, 8226,
                                      8211, 8212, 732, 8482, 353,  8250, 339,  157,  382,  376};

static uint64_t packed_name(const byte *name, uint32_t length) {
  uint64_t packed = 0;
  __builtin_memcpy(&packed, name, 8);
  return length < 8 ? packed & ((1ull << 8 * length) - 1) : packed;
}

static uint32_t character_slot_of(uint64_t name) { return (uint32_t)((name * 0x9E3779B97F4A7C15ull) >> 54); }

static void make_character_slots(void) {
  for (uint32_t i = 0; i < sizeof(characters) / sizeof(*characters); i++) {
    uint32_t slot = character_slot_of(packed_name((const byte *)characters[i].name, 8));
    while (character_slots[slot]) slot = (slot + 1) % CHARACTER_SLOTS;
    character_slots[slot] = (uint16_t)(i + 1);
  }
}

/* The character of a name, or 0. */
static APART const Character *character_of(const byte *name, uint32_t length) {
  if (length > LONGEST_NAME) return 0;
  uint64_t packed = packed_name(name, length);
  for (uint32_t slot = character_slot_of(packed);; slot = (slot + 1) % CHARACTER_SLOTS) {
    if (!character_slots[slot]) return 0;
    const Character *found = &characters[character_slots[slot] - 1];
    if (packed_name((const byte *)found->name, 8) == packed) return found;
  }
}

/* A reference: how many bytes it is written with, and the character that it is. */
typedef struct {
  uint32_t length, code;
} Reference;

/* Where no reference begins, an ampersand. */
static const Reference AMPERSAND = {1, '&'};

static Reference number_at(const byte *at) {
  const byte *digits = at + 2;
  int is_hexadecimal = lowered(*digits) == 'x';
  if (is_hexadecimal) digits++;
  const byte *digit = digits;
  uint32_t code = 0;
  for (;; digit++) {
    byte value = lowered(*digit);
    if (is_digit(value)) code = code * (is_hexadecimal ? 16 : 10) + value - '0';
    else if (is_hexadecimal && value >= 'a' && value <= 'f') code = code * 16 + value - 'a' + 10;
    else break;
    if (code > 0x10FFFF) code = 0x110000;
  }
  if (digit == digits) return AMPERSAND;
  if (code >= 128 && code < 160) code = numbered[code - 128];
  if (!code || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  return (Reference){(uint32_t)(digit - at) + (*digit == ';'), code};
}

/* The longest name that is a reference without a semicolon and begins what stands there. */
static Reference short_name_at(const byte *at, uint32_t length, int is_value) {
  for (uint32_t size = length < 6 ? length : 6; size >= 2; size--) {
    const Character *found = character_of(at + 1, size);
    if (!found || !found->is_short) continue;
    byte next = at[1 + size];
    if (is_value && (next == '=' || is_digit(next) || is_letter(next))) return AMPERSAND;
    return (Reference){1 + size, found->code};
  }
  return AMPERSAND;
}

/* What the ampersand at a place begins, in a value or in text. */
static APART Reference reference_at(Page *page, const byte *at, int is_value) {
  if (at[1] == '#') return number_at(at);
  uint32_t length = 0;
  while (is_letter(at[1 + length]) || is_digit(at[1 + length])) length++;
  if (!length) return AMPERSAND;
  if (at[1 + length] != ';') return short_name_at(at, length, is_value);
  const Character *found = character_of(at + 1, length);
  if (found) return (Reference){length + 2, found->code};
  give_up(page, REFERENCE); /* one of two thousand other names, or none */
  return AMPERSAND;
}

/* Whether a reference at a place may be a blank. */
static int may_be_blank(const byte *at) {
  return *at == '&' && (at[1] == '#' || at[1] == 'T' || at[1] == 'N');
}

static byte *put_code(byte *to, uint32_t code) {
  if (code < 0x80) {
    *to++ = (byte)code;
    return to;
  }
  if (code < 0x800) {
    *to++ = (byte)(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      *to++ = (byte)(0xE0 | code >> 12);
    } else {
      *to++ = (byte)(0xF0 | code >> 18);
      *to++ = (byte)(0x80 | (code >> 12 & 63));
    }
    *to++ = (byte)(0x80 | (code >> 6 & 63));
  }
  *to++ = (byte)(0x80 | (code & 63));
  return to;
}

/* Put a few bytes, of which there is room for sixteen at least. */
static byte *put(byte *to, const char *string) {
  while (*string) *to++ = (byte)*string++;
  return to;
}

/* Put a character as it is written in a value or in text. */
static byte *put_character(byte *to, uint32_t code, int is_value) {
  if (code == '&') return put(to, "&amp;");
  if (code == '<') return put(to, "&lt;");
  if (code == '>') return put(to, "&gt;");
  if (code == 0xA0) return put(to, "&nbsp;");
  if (code == '"' && is_value) return put(to, "&quot;");
  return put_code(to, code);
}
