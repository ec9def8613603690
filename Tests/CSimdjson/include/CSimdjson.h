// simdjson's DOM parser behind plain C: the oracle of the decoder's tests. No exception crosses.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct leeway_dom leeway_dom;

enum leeway_dom_outcome {
  leeway_dom_object = 0,     // JSON, an object
  leeway_dom_other = 1,      // JSON, something else
  leeway_dom_refused = 2,    // not JSON
  leeway_dom_number = 3,     // refused for a number, perhaps only for its size
  leeway_dom_depth = 4,      // nested too deeply
  leeway_dom_encoding = 5,   // not UTF-8
};

enum leeway_dom_kind {
  leeway_dom_missing = 0,
  leeway_dom_null = 1,
  leeway_dom_false = 2,
  leeway_dom_true = 3,
  leeway_dom_double = 4,
  leeway_dom_string = 5,
  leeway_dom_composite = 6,
};

/// A parser, or NULL.
leeway_dom *leeway_dom_create(size_t depth_max);
void leeway_dom_destroy(leeway_dom *dom);

/// Parses one value; answers with an outcome.
int leeway_dom_parse(leeway_dom *dom, const uint8_t *bytes, size_t count);

/// The value at a path of keys in the last value parsed, of keys that come twice the last one.
/// Answers with a kind; the text is the parser's and good until the next parse.
int leeway_dom_value(leeway_dom *dom, const char *const *keys, const size_t *lengths, size_t count,
                     double *number, const char **text, size_t *length);

#ifdef __cplusplus
}
#endif
