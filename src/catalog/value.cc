#include "catalog/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/bug.h"
#include "base/json.h"

namespace daybook {

namespace {

// The sign of a - b, exact for every pair of an int64 and a finite double.
std::strong_ordering compare_mixed(std::int64_t a, double b) {
  if (b >= 9223372036854775808.0) return std::strong_ordering::less;
  if (b < -9223372036854775808.0) return std::strong_ordering::greater;
  const auto whole = static_cast<std::int64_t>(b);  // towards zero
  if (a != whole) return a <=> whole;
  const double rest = b - static_cast<double>(whole);
  if (rest > 0) return std::strong_ordering::less;
  return rest < 0 ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::strong_ordering compare_doubles(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::strong_ordering reversed(std::strong_ordering order) { return 0 <=> order; }

std::strong_ordering compare_numbers(const Value& a, const Value& b) {
  const auto* left = a.get_if<std::int64_t>();
  const auto* right = b.get_if<std::int64_t>();
  if (left != nullptr && right != nullptr) return *left <=> *right;
  if (left != nullptr) return compare_mixed(*left, b.get<double>());
  if (right != nullptr) return reversed(compare_mixed(*right, a.get<double>()));
  return compare_doubles(a.get<double>(), b.get<double>());
}

std::strong_ordering compare_lists(const List& a, const List& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (const auto order = compare(a[i], b[i]); order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::strong_ordering compare_maps(const Map& a, const Map& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (const auto order = a[i].key <=> b[i].key; order != 0) return order;
    if (const auto order = compare(a[i].value, b[i].value); order != 0) return order;
  }
  return a.size() <=> b.size();
}

// Where a kind stands in the order of kinds; ints and floats share a place.
std::size_t rank(const Value& value) {
  constexpr std::size_t kInt = 2;
  constexpr std::size_t kFloat = 3;
  const std::size_t index = value.data().index();
  return index == kFloat ? kInt : index;
}

// Length-prefixed, so that no text can end early or run into the next.
void append_text(char mark, std::string_view text, std::string& out) {
  out += mark;
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

template <typename Number>
void append_number(char mark, Number number, std::string& out) {
  std::array<char, 40> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out += mark;
  out.append(digits.data(), end);
  out += ';';
}

struct Canonical {
  std::string& out;

  void operator()(std::monostate) const { out += 'n'; }
  void operator()(bool v) const { out += v ? 't' : 'f'; }
  void operator()(std::int64_t v) const { append_number('i', v, out); }
  void operator()(double v) const { append_number('d', v == 0 ? 0.0 : v, out); }  // -0 equals 0
  void operator()(Instant v) const { append_number('T', micros(v), out); }
  void operator()(Date v) const {
    append_number('D', static_cast<std::int64_t>(v.time_since_epoch().count()), out);
  }
  void operator()(const std::string& v) const { append_text('s', v, out); }
  void operator()(const Json& v) const { append_text('j', v.text, out); }
  void operator()(const List& v) const {
    append_number('l', v.size(), out);
    for (const Value& element : v) append_canonical(element, out);
  }
  void operator()(const Map& v) const {
    append_number('m', v.size(), out);
    for (const MapEntry& entry : v) {
      append_text('k', entry.key, out);
      append_canonical(entry.value, out);
    }
  }
};

std::string shortest(double v) {
  std::string out;
  json::Writer(out).value(v);
  return out;
}

struct Debug {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return shortest(v); }
  std::string operator()(Instant v) const { return format_instant(v); }
  std::string operator()(Date v) const { return format_date(v); }
  std::string operator()(const std::string& v) const { return json::quote(v); }
  std::string operator()(const Json& v) const { return v.text; }
  std::string operator()(const List& v) const {
    std::string out = "[";
    for (const Value& element : v) {
      if (out.size() > 1) out += ", ";
      out += debug_text(element);
    }
    return out + "]";
  }
  std::string operator()(const Map& v) const {
    std::string out = "{";
    for (const MapEntry& entry : v) {
      if (out.size() > 1) out += ", ";
      out += entry.key + ": " + debug_text(entry.value);
    }
    return out + "}";
  }
};

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kText:
      return "text";
    case Type::kUuid:
      return "uuid";
    case Type::kInt:
      return "int";
    case Type::kFloat:
      return "float";
    case Type::kBool:
      return "bool";
    case Type::kTime:
      return "time";
    case Type::kDate:
      return "date";
    case Type::kChoice:
      return "choice";
    case Type::kJson:
      return "json";
    case Type::kList:
      return "list";
    case Type::kMap:
      return "map";
    case Type::kSecret:
      return "secret";
  }
  bug("a type without a name");
}

double Value::number() const {
  if (const auto* whole = get_if<std::int64_t>()) return static_cast<double>(*whole);
  return get<double>();
}

bool Value::is_number() const {
  return std::holds_alternative<std::int64_t>(data_) || std::holds_alternative<double>(data_);
}

bool Value::operator==(const Value& other) const { return data_ == other.data_; }

std::strong_ordering compare(const Value& a, const Value& b) {
  if (rank(a) != rank(b)) return rank(a) <=> rank(b);
  if (a.is_number()) return compare_numbers(a, b);
  if (const auto* v = a.get_if<bool>()) return *v <=> b.get<bool>();
  if (const auto* v = a.get_if<Instant>()) return *v <=> b.get<Instant>();
  if (const auto* v = a.get_if<Date>()) return *v <=> b.get<Date>();
  if (const auto* v = a.get_if<std::string>()) return *v <=> b.get<std::string>();
  if (const auto* v = a.get_if<Json>()) return *v <=> b.get<Json>();
  if (const auto* v = a.get_if<List>()) return compare_lists(*v, b.get<List>());
  if (const auto* v = a.get_if<Map>()) return compare_maps(*v, b.get<Map>());
  return std::strong_ordering::equal;  // null and null
}

void append_canonical(const Value& value, std::string& out) {
  std::visit(Canonical{out}, value.data());
}

std::string debug_text(const Value& value) { return std::visit(Debug{}, value.data()); }

const Value* find_key(const Map& map, std::string_view key) {
  const auto at = std::lower_bound(
      map.begin(), map.end(), key,
      [](const MapEntry& entry, std::string_view wanted) { return entry.key < wanted; });
  return at != map.end() && at->key == key ? &at->value : nullptr;
}

}  // namespace daybook
