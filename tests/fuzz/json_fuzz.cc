// Any bytes: the parser refuses them, or what it read can be walked, written and read again as the
// same values.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bug.h"
#include "base/json.h"
#include "base/text.h"

namespace {

using daybook::json::Kind;
using daybook::json::Parser;
using daybook::json::Value;

bool is_number(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kFloat;
}

double number(const Value& value) {
  if (value.kind() == Kind::kInt) return static_cast<double>(value.as_int());
  if (value.kind() == Kind::kUint) return static_cast<double>(value.as_uint());
  return value.as_float();
}

bool is_same(const Value& a, const Value& b);

bool has_same_elements(const Value& a, const Value& b) {
  auto left = a.elements();
  auto right = b.elements();
  while (const auto element = left.next()) {
    const auto other = right.next();
    if (!other || !is_same(*element, *other)) return false;
  }
  return !right.next();
}

bool has_same_members(const Value& a, const Value& b) {
  auto left = a.members();
  auto right = b.members();
  while (const auto member = left.next()) {
    const auto other = right.next();
    if (!other || member->first != other->first) return false;
    const bool has_nul = member->first.find('\0') != std::string_view::npos;
    if (!has_nul && !is_same(member->second, other->second)) return false;
  }
  return !right.next();
}

// Whether `b` is what `a` was written as: whole doubles come back as integers, the unreadable as
// null.
bool is_same(const Value& a, const Value& b) {
  if (a.kind() == Kind::kUnreadable) return b.kind() == Kind::kNull && !a.reason().empty();
  if (a.kind() == Kind::kFloat) return is_number(b.kind()) && number(a) == number(b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull:
    case Kind::kUnreadable:
    case Kind::kFloat:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kInt:
      return a.as_int() == b.as_int();
    case Kind::kUint:
      return a.as_uint() == b.as_uint();
    case Kind::kString:
      return a.as_string() == b.as_string() &&
             daybook::find_invalid_utf8(a.as_string()) == std::string_view::npos;
    case Kind::kArray:
      return a.size() == b.size() && has_same_elements(a, b);
    case Kind::kObject:
      return a.size() == b.size() && has_same_members(a, b);
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Parser parser;
  static Parser again;
  const auto value = parser.parse({reinterpret_cast<const char*>(data), size});
  if (!value.ok()) return 0;
  std::string written;
  value->write(written);
  const auto reread = again.parse(written);
  if (!reread.ok()) daybook::bug("cannot read what was written: " + reread.error().message());
  if (!is_same(*value, *reread)) daybook::bug("read something else than was written: " + written);
  return 0;
}
