// Three simdjson On-Demand programs that read the fields of the generated events from memory.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/// How a program finds the fields.
enum leeway_simdjson_way {
  leeway_simdjson_find = 0,     // find_field_unordered for each field
  leeway_simdjson_iterate = 1,  // iterate over the members, switch on the key
  leeway_simdjson_learned = 2,  // iterate, guess the key from the order of the last event
};

/// Reads all lines of bytes (with 64 readable bytes after them) and returns a checksum of what was
/// read, or 0 when a line could not be read. rows, when not NULL, takes the number of lines.
double leeway_simdjson_read(const uint8_t *bytes, size_t count, int way, size_t *rows);

#ifdef __cplusplus
}
#endif
