// Value: what one field of one row holds. A plain value; null until set.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"

namespace daybook {

// The declared type of a field and what its Value holds when it is not null:
enum class Type {
  kText,    // std::string
  kUuid,    // std::string, canonical 36 characters in lower case
  kInt,     // std::int64_t
  kFloat,   // double, finite
  kBool,    // bool
  kTime,    // Instant
  kDate,    // Date
  kChoice,  // std::string, one of the declared ones unless open
  kJson,    // Json
  kList,    // List of the element type
  kMap,     // Map of text to the element type
  kSecret,  // std::string, hashed or encrypted; never answered
};

std::string_view type_name(Type type);

// Minified JSON text of any shape.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
  auto operator<=>(const Json&) const = default;
};

class Value;
struct MapEntry;
using List = std::vector<Value>;
using Map = std::vector<MapEntry>;  // sorted by key, each key once

class Value {
 public:
  using Data = std::variant<std::monostate, bool, std::int64_t, double, Instant, Date, std::string,
                            Json, List, Map>;

  // Defined below, where MapEntry is complete.
  Value();
  Value(bool v);              // NOLINT: implicit
  Value(std::int64_t v);      // NOLINT: implicit
  Value(int v);               // NOLINT: implicit
  Value(double v);            // NOLINT: implicit
  Value(Instant v);           // NOLINT: implicit
  Value(Date v);              // NOLINT: implicit
  Value(std::string v);       // NOLINT: implicit
  Value(std::string_view v);  // NOLINT: implicit
  Value(const char* v);       // NOLINT: implicit
  Value(Json v);              // NOLINT: implicit
  Value(List v);              // NOLINT: implicit
  Value(Map v);               // NOLINT: implicit

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  // Only when it holds a T.
  template <typename T>
  const T& get() const {
    return std::get<T>(data_);
  }
  const Data& data() const { return data_; }

  // int or float as a double; only for those.
  double number() const;
  bool is_number() const;

  bool operator==(const Value& other) const;

 private:
  Data data_;
};

struct MapEntry {
  std::string key;
  Value value;
  bool operator==(const MapEntry&) const = default;
};

inline Value::Value() = default;
inline Value::Value(bool v) : data_(v) {}
inline Value::Value(std::int64_t v) : data_(v) {}
inline Value::Value(int v) : data_(std::int64_t{v}) {}
inline Value::Value(double v) : data_(v) {}
inline Value::Value(Instant v) : data_(v) {}
inline Value::Value(Date v) : data_(v) {}
inline Value::Value(std::string v) : data_(std::move(v)) {}
inline Value::Value(std::string_view v) : data_(std::string(v)) {}
inline Value::Value(const char* v) : data_(std::string(v)) {}
inline Value::Value(Json v) : data_(std::move(v)) {}
inline Value::Value(List v) : data_(std::move(v)) {}
inline Value::Value(Map v) : data_(std::move(v)) {}

// One total order for sorting, min, max and range filters, the same on every store: null first,
// then false < true, numbers by value (int and float mixed), instants, dates, text by bytes, json,
// lists and maps element by element. Values of different kinds order by kind.
std::strong_ordering compare(const Value& a, const Value& b);

// A canonical text that tells any two different values apart; for hashes and group keys. Appends.
void append_canonical(const Value& value, std::string& out);

// For tests and messages: null, 12, 1.5, "text", 2025-12-05T14:00:00Z, [..], {..}.
std::string debug_text(const Value& value);

// The entry of a map, or null.
const Value* find_key(const Map& map, std::string_view key);

}  // namespace daybook
