/* Whether bytes are UTF-8 (RFC 3629): no more bytes than a character needs, no surrogates, nothing above U+10FFFF. */

/* How many bytes follow a first byte, and the least and the most that the second may be; 0 follow what is no first. */
static uint32_t follow(byte first, byte *least, byte *most) {
  *least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  *most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

/* Behind UTF-8 without zeros and carriage returns: what stands there is one of these, or no UTF-8. Behind the page stand
   zeros, which follow no first byte. */
static const byte *skip_utf8(const byte *at) {
  for (;;) {
    at = skip_common(at);
    if (*at < 0x80) return at;
    while (*at >= 0x80) {
      byte least, most;
      uint32_t count = follow(*at, &least, &most);
      if (!count || at[1] < least || at[1] > most) return at;
      for (uint32_t i = 2; i <= count; i++)
        if ((at[i] & 0xC0) != 0x80) return at;
      at += count + 1;
    }
  }
}
