// XXH3 is used header-only, so that it is inlined and nothing has to be linked.
#pragma once
#include <stddef.h>
#include <stdint.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

// XXH3_64bits_withSeed is a macro-renamed static function under XXH_INLINE_ALL, which Swift
// cannot name; this gives it a name.
static inline uint64_t leeway_xxh3(const void *bytes, size_t count, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, count, seed);
}
