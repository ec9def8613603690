// Sixteen bytes at a time: SSE2 on x86-64, NEON on arm64, plain C elsewhere.
//
// Each function reads sixteen bytes from any address and answers with sixteen bits, bit i for
// byte i. They are static inline, so that Swift's importer inlines them into its loops.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Which bytes of a block are what JSON is divided by, a bit each.
typedef struct {
  uint64_t quotes, commas, brackets, backslashes;
} leeway_marks;

#if defined(__SSE2__)
#include <emmintrin.h>

/// Which bytes of a and b are equal.
static inline uint32_t leeway_equal16(const uint8_t *a, const uint8_t *b) {
  __m128i left = _mm_loadu_si128((const __m128i *)a);
  __m128i right = _mm_loadu_si128((const __m128i *)b);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(left, right));
}

/// Which bytes of a string need a closer look: quote, backslash, control (below 0x20), not ASCII.
static inline uint32_t leeway_special16(const uint8_t *bytes) {
  __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  // As signed numbers, bytes from 0x80 on are negative: one comparison finds them and the controls.
  __m128i outside = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), outside));
}

/// Which bytes are not '0' to '9'.
static inline uint32_t leeway_nondigit16(const uint8_t *bytes) {
  __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  // Moved so that '0' is the smallest signed byte, −128: digits are those below −118.
  __m128i moved = _mm_add_epi8(block, _mm_set1_epi8((char)(0x80 - '0')));
  __m128i digit = _mm_cmplt_epi8(moved, _mm_set1_epi8(-118));
  return (uint32_t)_mm_movemask_epi8(digit) ^ 0xFFFFu;
}

/// Which bytes are quotes, commas, brackets of objects and arrays, backslashes.
///
/// Among the brackets are Y, y, _ and DEL, which are rare outside strings.
static inline leeway_marks leeway_marks16(const uint8_t *bytes) {
  __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  // An array's brackets are an object's but for one bit, opening ones closing ones but for two.
  __m128i folded = _mm_or_si128(block, _mm_set1_epi8(0x26));
  __m128i brackets = _mm_cmpeq_epi8(folded, _mm_set1_epi8(0x7F));
  leeway_marks marks;
  marks.quotes = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
  marks.commas = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(',')));
  marks.brackets = (uint32_t)_mm_movemask_epi8(brackets);
  marks.backslashes = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
  return marks;
}

/// Whether there is a quote in sixty-four bytes.
static inline int leeway_hasquote64(const uint8_t *bytes) {
  __m128i found = _mm_setzero_si128();
  for (int i = 0; i < 64; i += 16) {
    __m128i block = _mm_loadu_si128((const __m128i *)(bytes + i));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
  }
  return _mm_movemask_epi8(found) != 0;
}

#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>

/// NEON has no movemask: weigh each lane with its bit and add up the halves.
static inline uint32_t leeway_mask16(uint8x16_t lanes) {
  static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t weighed = vandq_u8(lanes, vld1q_u8(bits));
  return (uint32_t)vaddv_u8(vget_low_u8(weighed)) |
         (uint32_t)vaddv_u8(vget_high_u8(weighed)) << 8;
}

/// Which bytes of a and b are equal.
static inline uint32_t leeway_equal16(const uint8_t *a, const uint8_t *b) {
  return leeway_mask16(vceqq_u8(vld1q_u8(a), vld1q_u8(b)));
}

/// Which bytes of a string need a closer look: quote, backslash, control (below 0x20), not ASCII.
static inline uint32_t leeway_special16(const uint8_t *bytes) {
  uint8x16_t block = vld1q_u8(bytes);
  uint8x16_t quote = vceqq_u8(block, vdupq_n_u8('"'));
  uint8x16_t backslash = vceqq_u8(block, vdupq_n_u8('\\'));
  uint8x16_t outside = vcltq_s8(vreinterpretq_s8_u8(block), vdupq_n_s8(0x20));
  return leeway_mask16(vorrq_u8(vorrq_u8(quote, backslash), outside));
}

/// Which bytes are not '0' to '9'.
static inline uint32_t leeway_nondigit16(const uint8_t *bytes) {
  uint8x16_t moved = vsubq_u8(vld1q_u8(bytes), vdupq_n_u8('0'));
  return leeway_mask16(vcgtq_u8(moved, vdupq_n_u8(9)));
}

/// Which bytes are quotes, commas, brackets of objects and arrays, backslashes.
///
/// Among the brackets are Y, y, _ and DEL, which are rare outside strings.
static inline leeway_marks leeway_marks16(const uint8_t *bytes) {
  uint8x16_t block = vld1q_u8(bytes);
  // An array's brackets are an object's but for one bit, opening ones closing ones but for two.
  uint8x16_t brackets = vceqq_u8(vorrq_u8(block, vdupq_n_u8(0x26)), vdupq_n_u8(0x7F));
  leeway_marks marks;
  marks.quotes = leeway_mask16(vceqq_u8(block, vdupq_n_u8('"')));
  marks.commas = leeway_mask16(vceqq_u8(block, vdupq_n_u8(',')));
  marks.brackets = leeway_mask16(brackets);
  marks.backslashes = leeway_mask16(vceqq_u8(block, vdupq_n_u8('\\')));
  return marks;
}

/// Whether there is a quote in sixty-four bytes.
static inline int leeway_hasquote64(const uint8_t *bytes) {
  uint8x16_t found = vdupq_n_u8(0);
  for (int i = 0; i < 64; i += 16) {
    found = vorrq_u8(found, vceqq_u8(vld1q_u8(bytes + i), vdupq_n_u8('"')));
  }
  return vmaxvq_u8(found) != 0;
}

#else

/// Which bytes of a and b are equal.
static inline uint32_t leeway_equal16(const uint8_t *a, const uint8_t *b) {
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)(a[i] == b[i]) << i;
  return mask;
}

/// Which bytes of a string need a closer look: quote, backslash, control (below 0x20), not ASCII.
static inline uint32_t leeway_special16(const uint8_t *bytes) {
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) {
    uint8_t byte = bytes[i];
    mask |= (uint32_t)(byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80) << i;
  }
  return mask;
}

/// Which bytes are not '0' to '9'.
static inline uint32_t leeway_nondigit16(const uint8_t *bytes) {
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)((uint8_t)(bytes[i] - '0') > 9) << i;
  return mask;
}

/// Which bytes are quotes, commas, brackets of objects and arrays, backslashes.
///
/// Among the brackets are Y, y, _ and DEL, which are rare outside strings.
static inline leeway_marks leeway_marks16(const uint8_t *bytes) {
  leeway_marks marks = {0, 0, 0, 0};
  for (int i = 0; i < 16; i++) {
    uint8_t byte = bytes[i];
    marks.quotes |= (uint64_t)(byte == '"') << i;
    marks.commas |= (uint64_t)(byte == ',') << i;
    marks.brackets |= (uint64_t)((byte | 0x26) == 0x7F) << i;
    marks.backslashes |= (uint64_t)(byte == '\\') << i;
  }
  return marks;
}

/// Whether there is a quote in sixty-four bytes.
static inline int leeway_hasquote64(const uint8_t *bytes) {
  for (int i = 0; i < 64; i++) {
    if (bytes[i] == '"') return 1;
  }
  return 0;
}

#endif

/// The same of sixty-four bytes; of those without a quote no backslash but the last matters, which
/// may escape a quote behind them.
static inline leeway_marks leeway_marks64(const uint8_t *bytes) {
  leeway_marks parts[4];
  for (int i = 0; i < 4; i++) parts[i] = leeway_marks16(bytes + 16 * i);
  leeway_marks marks = {0, 0, 0, 0};
  marks.commas = parts[0].commas | parts[1].commas << 16 | parts[2].commas << 32 |
                 parts[3].commas << 48;
  marks.brackets = parts[0].brackets | parts[1].brackets << 16 | parts[2].brackets << 32 |
                   parts[3].brackets << 48;
  if (leeway_hasquote64(bytes) || bytes[63] == '\\') {
    marks.quotes = parts[0].quotes | parts[1].quotes << 16 | parts[2].quotes << 32 |
                   parts[3].quotes << 48;
    marks.backslashes = parts[0].backslashes | parts[1].backslashes << 16 |
                        parts[2].backslashes << 32 | parts[3].backslashes << 48;
  }
  return marks;
}

/// The index of the lowest set bit of a mask that is not 0.
///
/// Swift's trailingZeroBitCount answers for 0 too, which costs two instructions on x86-64.
static inline intptr_t leeway_first(uint32_t mask) { return __builtin_ctz(mask); }

/// The index of the lowest set bit of a word that is not 0.
static inline intptr_t leeway_first64(uint64_t word) { return __builtin_ctzll(word); }

/// Eight bytes from any address, the first one lowest.
static inline uint64_t leeway_load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

/// Four bytes from any address, the first one lowest.
static inline uint32_t leeway_load32(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  return word;
}

/// Two bytes from any address, the first one lowest.
static inline uint32_t leeway_load16(const uint8_t *bytes) {
  uint16_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap16(word);
#endif
  return word;
}

/// The first newline in count bytes, or NULL.
static inline const uint8_t *leeway_newline(const uint8_t *bytes, intptr_t count) {
  return (const uint8_t *)memchr(bytes, '\n', (size_t)count);
}

/// Copies count bytes.
///
/// Up to fifteen more are copied, which must be readable and are overwritten: of short runs of any
/// length a few copies of a fixed size are sooner done than a call.
static inline void leeway_copy16(uint8_t *to, const uint8_t *from, intptr_t count) {
  uint8_t *end = to + count;
  do {
    memcpy(to, from, 16);
    to += 16;
    from += 16;
  } while (to < end);
}

/// Whether so many bytes are the same.
static inline int leeway_equal(const uint8_t *a, const uint8_t *b, intptr_t count) {
  return memcmp(a, b, (size_t)count) == 0;
}

/// The same as copying, of sixteen bytes or less.
static inline void leeway_move16(uint8_t *to, const uint8_t *from) { memcpy(to, from, 16); }

/// The same of runs that may be long.
static inline void leeway_copy(uint8_t *to, const uint8_t *from, intptr_t count) {
  if (count <= 128) {
    leeway_copy16(to, from, count);
  } else {
    memcpy(to, from, (size_t)count);
  }
}
