#include "cli/read_json.h"

#include <string_view>

#include "cli/lines.h"

namespace daybook::cli {

namespace {

bool is_space(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Follows brackets and strings through the bytes of one value.
class Nesting {
 public:
  void add(char c) {
    if (in_string_) {
      if (is_escaped_)
        is_escaped_ = false;
      else if (c == '\\')
        is_escaped_ = true;
      else if (c == '"')
        in_string_ = false;
      return;
    }
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
  }
  // Whether a bracket or string that began is closed again.
  bool is_closed() const { return depth_ <= 0 && !in_string_; }

 private:
  int depth_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
};

}  // namespace

Result<int> JsonReader::peek() {
  while (at_ == buffer_.size() && !at_end_) {
    buffer_.clear();
    at_ = 0;
    DAYBOOK_ASSIGN(const bool more, input_.read(buffer_));
    at_end_ = !more;
  }
  if (at_ == buffer_.size()) return -1;
  return static_cast<unsigned char>(buffer_[at_]);
}

void JsonReader::take() {
  if (buffer_[at_] == '\n') ++line_;
  ++at_;
}

// Up to the next value: blanks, commas between elements, the array's own brackets.
Result<void> JsonReader::skip_between() {
  for (;;) {
    DAYBOOK_ASSIGN(const int c, peek());
    const bool opens = c == '[' && !is_begun_;
    const bool closes = c == ']' && in_array_;
    if (opens) in_array_ = true;
    if (closes) in_array_ = false;
    if (!opens && !closes && !is_space(c) && c != ',') return {};
    if (!is_space(c)) is_begun_ = true;
    take();
  }
}

Result<void> JsonReader::read_value(Record& record) {
  Nesting nesting;
  const int first = buffer_[at_];
  const bool is_nested = first == '{' || first == '[' || first == '"';
  for (bool is_first = true;; is_first = false) {
    DAYBOOK_ASSIGN(const int c, peek());
    if (c < 0) {
      if (!nesting.is_closed()) record.problem = "breaks off before it is closed";
      return {};
    }
    if (!is_nested && !is_first && (is_space(c) || c == ',' || c == ']')) return {};
    nesting.add(static_cast<char>(c));
    if (record.json.size() < kMaxLineBytes)
      record.json += static_cast<char>(c);
    else
      record.problem = "is longer than a row may be";
    take();
    if (is_nested && nesting.is_closed()) return {};
  }
}

Result<bool> JsonReader::next(Record& record) {
  DAYBOOK_TRY(skip_between());
  DAYBOOK_ASSIGN(const int c, peek());
  if (c < 0) return false;
  is_begun_ = true;
  record.line = line_;
  DAYBOOK_TRY(read_value(record));
  return true;
}

}  // namespace daybook::cli
