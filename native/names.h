/* Names of elements and attributes, in small letters. */

static inline byte lowered(byte letter) { return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter; }

/* Letters A to Z of sixteen bytes as small ones. */
static inline v128_t lowered_16(v128_t bytes) {
  v128_t is_capital = wasm_u8x16_lt(wasm_i8x16_sub(bytes, wasm_i8x16_splat('A')), wasm_i8x16_splat(26));
  return wasm_v128_or(bytes, wasm_v128_and(is_capital, wasm_i8x16_splat(32)));
}

/* The name of so many bytes, sixteen at most, that these begin with, and zeros behind it. */
static inline v128_t short_name(v128_t bytes, uint32_t length) {
  static const byte ones_then_zeros[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                           255, 255, 255, 255, 255, 255, 255, 255};
  return wasm_v128_and(lowered_16(bytes), wasm_v128_load(ones_then_zeros + 16 - length));
}
