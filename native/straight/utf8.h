/* Whether bytes are UTF-8 (RFC 3629): no more bytes than a character needs, no surrogates, nothing above U+10FFFF. */

/* How many bytes follow a first byte, and the least and the most that the second may be; 0 follow what is no first. */
static uint32_t follow(byte first, byte *least, byte *most) {
  *least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  *most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

/* Behind the end stand zeros, which follow no first byte. */
static int is_utf8(const byte *at, const byte *end) {
  while (at < end) {
    while (at < end && !wasm_i8x16_bitmask(wasm_v128_load(at))) at += 16;
    if (at >= end) return 1;
    at += __builtin_ctz(wasm_i8x16_bitmask(wasm_v128_load(at)));
    while (*at >= 0x80) {
      byte least, most;
      uint32_t count = follow(*at, &least, &most);
      if (!count || at[1] < least || at[1] > most) return 0;
      for (uint32_t i = 2; i <= count; i++)
        if ((at[i] & 0xC0) != 0x80) return 0;
      at += count + 1;
    }
  }
  return 1;
}
