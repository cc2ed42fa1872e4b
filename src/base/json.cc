#include "base/json.h"

#include <cstring>
#include <string>

#include <simdjson.h>

#include "base/bug.h"
#include "base/json_mend.h"

namespace daybook::json {
namespace {

using simdjson::internal::tape_ref;
using simdjson::internal::tape_type;

// Set in the index of a value whose name is spoiled: then the value is, too.
constexpr std::size_t kNameSpoiled = std::size_t{1} << 63;
// The tape begins with a root word.
constexpr std::size_t kRootIndex = 1;
// simdjson counts the children of an array or object no further.
constexpr std::uint32_t kCountLimit = 0xFFFFFF;

tape_ref at(const void* document, std::size_t index) {
  return {static_cast<const simdjson::dom::document*>(document), index & ~kNameSpoiled};
}

bool has_nul(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '\0', text.size()) != nullptr;
}

// `text` has a NUL: its own, or that of a mark.
std::string_view reason_of(std::string_view text) {
  if (text.size() >= kMarkSize && text[0] == '\0') {
    switch (static_cast<Spoiled>(text[1])) {
      case Spoiled::kUtf8:
        return "is not valid UTF-8";
      case Spoiled::kSurrogate:
        return "has half of a surrogate pair";
      case Spoiled::kRange:
        return "is beyond 64 bits";
      case Spoiled::kNotFinite:
        return "must not be NaN or Infinity";
    }
  }
  return "must not contain NUL";
}

std::string_view name_reason_of(std::string_view name) {
  if (name.size() >= kMarkSize && name[0] == '\0') {
    switch (static_cast<Spoiled>(name[1])) {
      case Spoiled::kUtf8:
        return "has a name that is not valid UTF-8";
      case Spoiled::kSurrogate:
        return "has a name with half of a surrogate pair";
      case Spoiled::kRange:
      case Spoiled::kNotFinite:
        break;
    }
  }
  return "has a name with NUL";
}

bool has_mark(std::string_view name) {
  return name.size() >= kMarkSize && name[0] == '\0' &&
         (name[1] == static_cast<char>(Spoiled::kUtf8) ||
          name[1] == static_cast<char>(Spoiled::kSurrogate));
}

// The readable part of a spoiled name; behind the mark may stand what looks like another.
std::string_view shown_name(std::string_view name) {
  while (has_mark(name)) name.remove_prefix(kMarkSize);
  return name;
}

void write_value(const Value& value, Writer& out) {
  switch (value.kind()) {
    case Kind::kNull:
    case Kind::kUnreadable:
      out.null();
      return;
    case Kind::kBool:
      out.value(value.as_bool());
      return;
    case Kind::kInt:
      out.value(value.as_int());
      return;
    case Kind::kUint:
      out.value(value.as_uint());
      return;
    case Kind::kFloat:
      out.value(value.as_float());
      return;
    case Kind::kString:
      out.value(value.as_string());
      return;
    case Kind::kArray: {
      out.begin_array();
      auto elements = value.elements();
      while (const auto element = elements.next()) write_value(*element, out);
      out.end_array();
      return;
    }
    case Kind::kObject: {
      out.begin_object();
      auto members = value.members();
      while (const auto member = members.next())
        write_value(member->second, out.key(member->first));
      out.end_object();
      return;
    }
  }
}

}  // namespace

Kind Value::kind() const {
  if ((index_ & kNameSpoiled) != 0) return Kind::kUnreadable;
  const tape_ref ref = at(document_, index_);
  switch (ref.tape_ref_type()) {
    case tape_type::STRING:
      return has_nul(ref.get_string_view()) ? Kind::kUnreadable : Kind::kString;
    case tape_type::INT64:
      return Kind::kInt;
    case tape_type::UINT64:
      return Kind::kUint;
    case tape_type::DOUBLE:
      return Kind::kFloat;
    case tape_type::TRUE_VALUE:
    case tape_type::FALSE_VALUE:
      return Kind::kBool;
    case tape_type::NULL_VALUE:
      return Kind::kNull;
    case tape_type::START_ARRAY:
      return Kind::kArray;
    case tape_type::START_OBJECT:
      return Kind::kObject;
    case tape_type::ROOT:
    case tape_type::END_ARRAY:
    case tape_type::END_OBJECT:
      break;
  }
  bug("a JSON value that stands for no value");
}

bool Value::as_bool() const { return at(document_, index_).is_true(); }
std::int64_t Value::as_int() const { return at(document_, index_).next_tape_value<std::int64_t>(); }
std::uint64_t Value::as_uint() const {
  return at(document_, index_).next_tape_value<std::uint64_t>();
}
double Value::as_float() const { return at(document_, index_).next_tape_value<double>(); }
std::string_view Value::as_string() const { return at(document_, index_).get_string_view(); }

Members Value::members() const {
  Members members;
  members.document_ = document_;
  members.index_ = index_ + 1;
  members.end_ = at(document_, index_).matching_brace_index() - 1;
  return members;
}

Elements Value::elements() const {
  Elements elements;
  elements.document_ = document_;
  elements.index_ = index_ + 1;
  elements.end_ = at(document_, index_).matching_brace_index() - 1;
  return elements;
}

std::optional<Value> Value::find(std::string_view key) const {
  std::optional<Value> found;
  auto all = members();
  while (auto member = all.next()) {
    if (member->first == key) found = member->second;
  }
  return found;
}

std::size_t Value::size() const {
  const tape_ref ref = at(document_, index_);
  if (ref.scope_count() < kCountLimit) return ref.scope_count();
  std::size_t count = 0;
  if (ref.tape_ref_type() == tape_type::START_OBJECT) {
    for (auto all = members(); all.next();) ++count;
  } else {
    for (auto all = elements(); all.next();) ++count;
  }
  return count;
}

std::string_view Value::reason() const {
  if ((index_ & kNameSpoiled) == 0) return reason_of(as_string());
  return name_reason_of(at(document_, (index_ & ~kNameSpoiled) - 1).get_string_view());
}

void Value::write(std::string& out) const {
  Writer writer(out);
  write_value(*this, writer);
}

std::optional<std::pair<std::string_view, Value>> Members::next() {
  if (index_ >= end_) return std::nullopt;
  std::string_view name = at(document_, index_).get_string_view();
  Value value;
  value.document_ = document_;
  value.index_ = index_ + 1;
  index_ = at(document_, value.index_).after_element();
  if (has_nul(name)) [[unlikely]] {
    name = shown_name(name);
    value.index_ |= kNameSpoiled;
  }
  return std::pair(name, value);
}

std::optional<Value> Elements::next() {
  if (index_ >= end_) return std::nullopt;
  Value value;
  value.document_ = document_;
  value.index_ = index_;
  index_ = at(document_, index_).after_element();
  return value;
}

struct Parser::State {
  simdjson::dom::parser parser;

  simdjson::error_code read(std::string_view text) {
    return parser.parse(text.data(), text.size()).error();
  }
};

static_assert(kMaxDepth == simdjson::DEFAULT_MAX_DEPTH);

Parser::Parser() : state_(std::make_unique<State>()) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Result<Value> Parser::parse(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  if (text.size() >= simdjson::SIMDJSON_MAXSIZE_BYTES) {
    return Error(Code::kTooLarge, "a JSON document must be smaller than 4 GiB");
  }
  simdjson::error_code error = state_->read(text);
  if (error == simdjson::MEMALLOC) return Error(Code::kUnavailable, "out of memory for JSON");
  if (error != simdjson::SUCCESS) {
    DAYBOOK_ASSIGN(const std::string mended, mend(text, kMaxDepth));
    error = state_->read(mended);
  }
  if (error != simdjson::SUCCESS) return Error(Code::kMalformed, simdjson::error_message(error));
  Value root;
  root.document_ = &state_->parser.doc;
  root.index_ = kRootIndex;
  return root;
}

}  // namespace daybook::json
