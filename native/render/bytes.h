/* Bytes: comparing, finding, checksums, looking names up. Behind what is given as a Span, and behind where it is copied
   to, stand ROOM bytes at least that may be read and written. */

enum { ROOM = 16 };

static int is_equal(const byte *one, const byte *other, int32_t length) {
  for (int32_t i = 0; i < length; i++)
    if (one[i] != other[i]) return 0;
  return 1;
}

static int is_same(const byte *one, const byte *other, int32_t length) {
  for (int32_t i = 0; i < length; i += 16) {
    uint32_t same = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(one + i), wasm_v128_load(other + i)));
    if (length - i < 16) same |= 0xFFFFu << (length - i);
    if ((same & 0xFFFF) != 0xFFFF) return 0;
  }
  return 1;
}

/* Copy, sixteen bytes at a time, as most of what is copied is short. */
static void copy(byte *to, const byte *from, int32_t length) {
  for (int32_t i = 0; i < length; i += 16) wasm_v128_store(to + i, wasm_v128_load(from + i));
}

static int begins_with(const byte *at, const byte *end, const char *what, int32_t length) {
  return end - at >= length && is_equal(at, (const byte *)what, length);
}

static void copy_lowered(byte *to, const byte *from, int32_t length) {
  for (int32_t i = 0; i < length; i += 16) wasm_v128_store(to + i, lowered_16(wasm_v128_load(from + i)));
}

/* The first byte of that value, or the end; sixteen at a time. */
static const byte *find(const byte *at, const byte *end, byte value) {
  for (v128_t wanted = wasm_i8x16_splat((int8_t)value); end - at >= 16; at += 16) {
    uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(at), wanted));
    if (found) return at + __builtin_ctz(found);
  }
  while (at < end && *at != value) at++;
  return at;
}

/* Tables for a checksum of eight bytes at a time: of a byte that stands so many bytes before the end of eight. */
static hash crc[8][256];

static void make_crc(void) {
  for (hash i = 0; i < 256; i++) {
    hash value = i;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
    crc[0][i] = value;
  }
  for (int table = 1; table < 8; table++)
    for (hash i = 0; i < 256; i++) crc[table][i] = crc[0][crc[table - 1][i] & 255] ^ (crc[table - 1][i] >> 8);
}

/* CRC-32 of bytes after those of which `before` is the checksum, as zlib.crc32. */
static hash crc32(const byte *at, int32_t length, hash before) {
  hash value = ~before;
  for (; length >= 8; at += 8, length -= 8) {
    hash first, second;
    __builtin_memcpy(&first, at, 4);
    __builtin_memcpy(&second, at + 4, 4);
    first ^= value;
    value = crc[7][first & 255] ^ crc[6][first >> 8 & 255] ^ crc[5][first >> 16 & 255] ^ crc[4][first >> 24] ^
            crc[3][second & 255] ^ crc[2][second >> 8 & 255] ^ crc[1][second >> 16 & 255] ^ crc[0][second >> 24];
  }
  if (length >= 4) {
    hash last;
    __builtin_memcpy(&last, at, 4);
    last ^= value;
    value = crc[3][last & 255] ^ crc[2][last >> 8 & 255] ^ crc[1][last >> 16 & 255] ^ crc[0][last >> 24];
    at += 4;
    length -= 4;
  }
  for (int32_t i = 0; i < length; i++) value = crc[0][(value ^ at[i]) & 255] ^ (value >> 8);
  return ~value;
}

/* Where a name is looked for first: a number of its length and three of its bytes. */
static hash place_of(const byte *name, int32_t length) {
  return name[0] + 31u * name[length / 2] + 961u * name[length - 1] + 29791u * (hash)length;
}

/* What a table says of a name, or 0. */
static int32_t look_up(const Table *table, const byte *name, int32_t length) {
  if (length <= 0) return 0;
  hash place = place_of(name, length);
  if (!(table->known[place / 32 % KNOWN_WORDS] >> place % 32 & 1)) return 0;
  for (;; place++) {
    const Slot *slot = &table->slots[place & table->mask];
    if (slot->length == 0) return 0;
    if (slot->length == length && is_same(table->names + slot->offset, name, length)) return slot->value;
  }
}
