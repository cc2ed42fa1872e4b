// JSON (RFC 8259): reading through simdjson, writing to a string. The only home of the JSON
// library.
//
// A Parser keeps its buffers between documents and is for one thread at a time. Values borrow from
// the Parser's last document and die with the next parse.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace daybook::json {

enum class Kind { kNull, kBool, kInt, kUint, kFloat, kString, kArray, kObject, kUnreadable };

class Members;
class Elements;

// A borrowed value: 16 bytes, copied freely. kUint is only for integers above INT64_MAX.
class Value {
 public:
  Kind kind() const;
  // Only for the kind named.
  bool as_bool() const;
  std::int64_t as_int() const;
  std::uint64_t as_uint() const;
  double as_float() const;
  std::string_view as_string() const;
  Members members() const;
  Elements elements() const;
  // Of an object: the member, if it is there (the last one of equal names).
  std::optional<Value> find(std::string_view key) const;
  std::size_t size() const;  // of an array or object

  // For kUnreadable: why this value cannot be taken ("is not valid UTF-8", "is beyond 64 bits",
  // "must not be NaN or Infinity", "must not contain NUL"). Such a value spoils its own item only,
  // not the whole document.
  std::string_view reason() const;

  // The value as minified JSON text.
  void write(std::string& out) const;

 private:
  friend class Members;
  friend class Elements;
  friend class Parser;
  const void* document_ = nullptr;
  std::size_t index_ = 0;
};

// Forward iteration: while (auto m = members.next()) ...
class Members {
 public:
  std::optional<std::pair<std::string_view, Value>> next();

 private:
  friend class Value;
  const void* document_ = nullptr;
  std::size_t index_ = 0;
  std::size_t end_ = 0;
};

class Elements {
 public:
  std::optional<Value> next();

 private:
  friend class Value;
  const void* document_ = nullptr;
  std::size_t index_ = 0;
  std::size_t end_ = 0;
};

class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // One document. kMalformed names what was found at which byte (and line, when there are several).
  // Nesting beyond kMaxDepth is kTooLarge.
  Result<Value> parse(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

constexpr std::size_t kMaxDepth = 1024;

// Appends JSON text to a string the caller owns. Commas and quoting are its business; balance is
// the caller's.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& null();
  Writer& value(bool v);
  Writer& value(std::int64_t v);
  Writer& value(std::uint64_t v);
  Writer& value(int v) { return value(static_cast<std::int64_t>(v)); }
  // The shortest text that reads back as the same double, always with a '.' or exponent when it
  // is not whole; not finite becomes null.
  Writer& value(double v);
  Writer& value(std::string_view v);
  Writer& value(const char* v) { return value(std::string_view(v)); }
  Writer& value(const std::string& v) { return value(std::string_view(v)); }
  // Text that is JSON already.
  Writer& raw(std::string_view json);

 private:
  void comma();

  std::string& out_;
  bool needs_comma_ = false;
};

// `text` as a JSON string with its quotes.
std::string quote(std::string_view text);

}  // namespace daybook::json
