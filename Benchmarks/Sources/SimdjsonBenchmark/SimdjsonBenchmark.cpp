#include "SimdjsonBenchmark.h"

#include <cstring>
#include <simdjson.h>
#include <string_view>
#include <vector>

using namespace simdjson;

namespace {

/// The fields in the order in which the generator writes them.
const std::string_view names[] = {
    "amount",   "income",   "age",     "balance", "tenure",   "utilisation", "inquiries",
    "debt_ratio", "limit",  "delinquent", "accounts", "velocity", "distance", "hour",
    "basket",   "discount", "visits",  "risk",    "country",  "channel",     "device",
    "segment",  "currency", "merchant", "returning", "verified"};
constexpr int numbers = 18, categories = 24, fields = 26;

/// What is read of one event: 18 numbers, 6 categories, 2 booleans, time, model, version.
struct Event {
  double number[numbers];
  std::string_view category[categories - numbers];
  bool boolean[fields - categories];
  std::string_view time, model, version;

  double checksum() const {
    double sum = 0;
    for (double value : number) sum += value;
    for (auto value : category) sum += double(value.size());
    for (bool value : boolean) sum += value;
    return sum + double(time.size() + model.size() + version.size());
  }
};

/// Takes the value of a field by its index in names.
template <typename Value>
inline bool take(Event &event, int field, Value &&value) {
  if (field < numbers) return value.get_double().get(event.number[field]) == SUCCESS;
  if (field < categories) {
    return value.get_string().get(event.category[field - numbers]) == SUCCESS;
  }
  return value.get_bool().get(event.boolean[field - categories]) == SUCCESS;
}

struct Find {
  bool read(ondemand::document_reference document, Event &event) {
    ondemand::object object;
    if (document.get_object().get(object)) return false;
    if (object.find_field_unordered("ts").get_string().get(event.time)) return false;
    if (object.find_field_unordered("model").get_string().get(event.model)) return false;
    if (object.find_field_unordered("version").get_string().get(event.version)) return false;
    ondemand::object features;
    if (object.find_field_unordered("features").get_object().get(features)) return false;
    for (int field = 0; field < fields; field++) {
      if (!take(event, field, features.find_field_unordered(names[field]))) return false;
    }
    return true;
  }
};

/// The index of a key in names, or -1: by length and first letter, then one comparison.
int indexOf(std::string_view key) {
  switch (key.size() << 8 | (key.empty() ? 0 : uint8_t(key[0]))) {
#define FIELD(i, length, letter)     \
  case (length) << 8 | (letter):      \
    if (key == names[i]) return i;    \
    break
    FIELD(0, 6, 'a'); FIELD(2, 3, 'a'); FIELD(3, 7, 'b');
    FIELD(4, 6, 't'); FIELD(5, 11, 'u'); FIELD(6, 9, 'i'); FIELD(7, 10, 'd');
    FIELD(8, 5, 'l'); FIELD(10, 8, 'a'); FIELD(11, 8, 'v');
    FIELD(13, 4, 'h'); FIELD(14, 6, 'b');
    FIELD(16, 6, 'v'); FIELD(17, 4, 'r'); FIELD(1, 6, 'i');
    FIELD(20, 6, 'd'); FIELD(21, 7, 's');
    FIELD(23, 8, 'm'); FIELD(24, 9, 'r');
#undef FIELD
  }
  for (int field : {9, 12, 15, 18, 19, 22, 25}) {
    if (key == names[field]) return field;
  }
  return -1;
}

struct Iterate {
  bool read(ondemand::document_reference document, Event &event) {
    ondemand::object object;
    if (document.get_object().get(object)) return false;
    for (auto member : object) {
      std::string_view key;
      if (member.unescaped_key().get(key)) return false;
      if (key == "ts") {
        if (member.value().get_string().get(event.time)) return false;
      } else if (key == "model") {
        if (member.value().get_string().get(event.model)) return false;
      } else if (key == "version") {
        if (member.value().get_string().get(event.version)) return false;
      } else if (key == "features") {
        ondemand::object features;
        if (member.value().get_object().get(features)) return false;
        for (auto feature : features) {
          std::string_view name;
          if (feature.unescaped_key().get(name)) return false;
          int field = indexOf(name);
          if (field >= 0 && !take(event, field, feature.value())) return false;
        }
      }
    }
    return true;
  }
};

/// Guesses that a key is the one that followed the last one in the event before, and compares its
/// raw bytes with that one only; where the guess is wrong it switches on the key.
struct Learned {
  struct Known {
    std::string_view name;
    int field;
    int next = 0;
  };
  std::vector<Known> outer, inner;

  Learned() {
    outer = {{"", -1}, {"ts", 0}, {"model", 1}, {"version", 2}, {"features", 3},
             {"id", -1}, {"host", -1}, {"trace", -1}};
    inner.push_back({"", -1});
    for (int field = 0; field < fields; field++) inner.push_back({names[field], field});
    inner.push_back({"batch", -1});
  }

  static int find(std::vector<Known> &known, int previous, ondemand::raw_json_string key) {
    int guess = known[previous].next;
    const char *raw = key.raw();
    auto matches = [raw](const Known &one) {
      return memcmp(raw, one.name.data(), one.name.size()) == 0 && raw[one.name.size()] == '"';
    };
    if (guess && matches(known[guess])) return guess;
    if (known[1].field == 0 && known[1].name == names[0]) {
      // The features stand in the order of names, from 1 on.
      int field = indexOf(std::string_view(raw, strchr(raw, '"') - raw));
      return known[previous].next = field < 0 ? int(known.size()) - 1 : field + 1;
    }
    for (int index = 1; index < int(known.size()); index++) {
      if (matches(known[index])) return known[previous].next = index;
    }
    return 0;
  }

  bool read(ondemand::document_reference document, Event &event) {
    ondemand::object object;
    if (document.get_object().get(object)) return false;
    int previous = 0;
    for (auto member : object) {
      ondemand::raw_json_string key;
      if (member.key().get(key)) return false;
      previous = find(outer, previous, key);
      switch (outer[previous].field) {
      case 0: if (member.value().get_string().get(event.time)) return false; break;
      case 1: if (member.value().get_string().get(event.model)) return false; break;
      case 2: if (member.value().get_string().get(event.version)) return false; break;
      case 3: {
        ondemand::object features;
        if (member.value().get_object().get(features)) return false;
        int before = 0;
        for (auto feature : features) {
          ondemand::raw_json_string name;
          if (feature.key().get(name)) return false;
          before = find(inner, before, name);
          int field = inner[before].field;
          if (field >= 0 && !take(event, field, feature.value())) return false;
        }
      }
      }
    }
    return true;
  }
};

template <typename Way>
double readAll(const uint8_t *bytes, size_t count, size_t *rows) {
  ondemand::parser parser;
  ondemand::document_stream stream;
  if (parser.iterate_many(bytes, count, 1 << 20).get(stream)) return 0;
  Way way;
  double sum = 0;
  size_t lines = 0;
  for (auto document : stream) {
    Event event;
    ondemand::document_reference reference;
    if (std::move(document).get(reference) || !way.read(reference, event)) return 0;
    sum += event.checksum();
    lines++;
  }
  if (rows) *rows = lines;
  return sum;
}

}  // namespace

extern "C" double leeway_simdjson_read(const uint8_t *bytes, size_t count, int way, size_t *rows) {
  try {
    switch (way) {
    case leeway_simdjson_find: return readAll<Find>(bytes, count, rows);
    case leeway_simdjson_iterate: return readAll<Iterate>(bytes, count, rows);
    default: return readAll<Learned>(bytes, count, rows);
    }
  } catch (...) {
    return 0;
  }
}
