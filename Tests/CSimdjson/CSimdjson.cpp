#include "CSimdjson.h"

#include <new>
#include <simdjson.h>
#include <string_view>

using namespace simdjson;

struct leeway_dom {
  dom::parser parser;
  dom::element element;
  size_t depth_max;
};

extern "C" leeway_dom *leeway_dom_create(size_t depth_max) {
  leeway_dom *dom = new (std::nothrow) leeway_dom();
  if (dom) dom->depth_max = depth_max;
  return dom;
}

extern "C" void leeway_dom_destroy(leeway_dom *dom) { delete dom; }

extern "C" int leeway_dom_parse(leeway_dom *dom, const uint8_t *bytes, size_t count) {
  try {
    if (dom->parser.allocate(count < 1024 ? 1024 : count, dom->depth_max)) {
      return leeway_dom_refused;
    }
    switch (dom->parser.parse(bytes, count, true).get(dom->element)) {
    case SUCCESS: return dom->element.is_object() ? leeway_dom_object : leeway_dom_other;
    case NUMBER_ERROR: return leeway_dom_number;
    case DEPTH_ERROR: return leeway_dom_depth;
    case UTF8_ERROR: return leeway_dom_encoding;
    default: return leeway_dom_refused;
    }
  } catch (...) {
    return leeway_dom_refused;
  }
}

extern "C" int leeway_dom_value(leeway_dom *dom, const char *const *keys, const size_t *lengths,
                                size_t count, double *number, const char **text, size_t *length) {
  try {
    dom::element value = dom->element;
    for (size_t depth = 0; depth < count; depth++) {
      dom::array array;
      if (!value.get_array().get(array)) {
        std::string_view key(keys[depth], lengths[depth]);
        size_t index = 0;
        for (char digit : key) {
          if (digit < '0' || digit > '9' || index > 100000) return leeway_dom_missing;
          index = 10 * index + size_t(digit - '0');
        }
        if (key.empty() || (key.size() > 1 && key[0] == '0')) return leeway_dom_missing;
        if (array.at(index).get(value)) return leeway_dom_missing;
        continue;
      }
      dom::object object;
      if (value.get_object().get(object)) return leeway_dom_missing;
      bool found = false;
      for (auto field : object) {
        if (field.key == std::string_view(keys[depth], lengths[depth])) {
          value = field.value;
          found = true;
        }
      }
      if (!found) return leeway_dom_missing;
    }
    switch (value.type()) {
    case dom::element_type::NULL_VALUE: return leeway_dom_null;
    case dom::element_type::BOOL: return bool(value) ? leeway_dom_true : leeway_dom_false;
    case dom::element_type::STRING: {
      std::string_view view = value.get_string().value();
      *text = view.data();
      *length = view.size();
      return leeway_dom_string;
    }
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return value.get_double().get(*number) ? leeway_dom_missing : leeway_dom_double;
    default: return leeway_dom_composite;
    }
  } catch (...) {
    return leeway_dom_missing;
  }
}
