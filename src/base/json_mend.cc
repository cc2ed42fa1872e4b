#include "base/json_mend.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/text.h"

namespace daybook::json {
namespace {

constexpr std::string_view kReplacement = "\\ufffd";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool ends_token(char c) { return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':'; }

std::string name_of(char c) {
  if (std::isprint(static_cast<unsigned char>(c)) != 0) return std::string("'") + c + "'";
  return "byte 0x" + hex(std::string_view(&c, 1));
}

// Whether the text of a number, whose form is known to be right, has a value we can hold.
bool in_range(std::string_view number) {
  const char* end = number.data() + number.size();
  if (number.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t i = 0;
    std::uint64_t u = 0;
    return std::from_chars(number.data(), end, i).ec == std::errc() ||
           std::from_chars(number.data(), end, u).ec == std::errc();
  }
  // from_chars does not tell too large from too small, and what is too small reads as zero.
  return std::isfinite(std::strtod(std::string(number).c_str(), nullptr));
}

// Reads a document token by token. `at_` is the next byte to read, everything before `copied_` has
// been taken over to `out_`.
class Mender {
 public:
  Mender(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  Result<std::string> run() {
    while (expect_ != Expect::kNothing) DAYBOOK_TRY(step());
    skip_space();
    if (at_ < text_.size()) return unexpected("the end");
    out_.append(text_.substr(copied_));
    return std::move(out_);
  }

 private:
  enum class Expect { kValue, kValueOrEnd, kName, kNameOrEnd, kCommaOrEnd, kNothing };

  // What reading a string found out about its bytes.
  struct String {
    std::optional<Spoiled> spoiled;
    std::string repaired;  // the text without the bad parts; only when spoiled
  };

  Result<void> step() {
    skip_space();
    switch (expect_) {
      case Expect::kValue:
        return value();
      case Expect::kValueOrEnd:
        return peek() == ']' ? close() : value();
      case Expect::kName:
        return name();
      case Expect::kNameOrEnd:
        return peek() == '}' ? close() : name();
      case Expect::kCommaOrEnd:
        return comma_or_end();
      case Expect::kNothing:
        break;
    }
    return {};
  }

  Result<void> value() {
    const char c = peek();
    if (c == '{' || c == '[') return open(c);
    if (c == '"') return string_value();
    if (c == '-' || is_digit(c)) return number();
    return word();
  }

  Result<void> open(char bracket) {
    if (open_.size() == max_depth_) {
      return Error(Code::kTooLarge,
                   place("more than " + std::to_string(max_depth_) + " levels of nesting"));
    }
    open_.push_back(bracket);
    ++at_;
    expect_ = bracket == '{' ? Expect::kNameOrEnd : Expect::kValueOrEnd;
    return {};
  }

  Result<void> close() {
    open_.pop_back();
    ++at_;
    after_value();
    return {};
  }

  void after_value() { expect_ = open_.empty() ? Expect::kNothing : Expect::kCommaOrEnd; }

  Result<void> comma_or_end() {
    const bool in_object = open_.back() == '{';
    if (at_ < text_.size() && peek() == (in_object ? '}' : ']')) return close();
    if (peek() != ',') return unexpected(in_object ? "',' or '}'" : "',' or ']'");
    ++at_;
    expect_ = in_object ? Expect::kName : Expect::kValue;
    return {};
  }

  Result<void> name() {
    if (peek() != '"') return unexpected("a name in double quotes");
    const std::size_t begin = at_;
    DAYBOOK_ASSIGN(const String string, read_string());
    if (string.spoiled) replace(begin, mark(*string.spoiled, string.repaired));
    skip_space();
    if (peek() != ':') return unexpected("':'");
    ++at_;
    expect_ = Expect::kValue;
    return {};
  }

  Result<void> string_value() {
    const std::size_t begin = at_;
    DAYBOOK_ASSIGN(const String string, read_string());
    if (string.spoiled) replace(begin, mark(*string.spoiled, {}));
    after_value();
    return {};
  }

  Result<void> number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    if (text_.substr(at_).starts_with("Infinity")) return word_value(begin, "Infinity");
    if (peek() == '0') {
      ++at_;
    } else {
      DAYBOOK_TRY(digits());
    }
    if (peek() == '.') {
      ++at_;
      DAYBOOK_TRY(digits());
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      DAYBOOK_TRY(digits());
    }
    if (at_ < text_.size() && !ends_token(peek())) return unexpected("the end of a number");
    if (!in_range(text_.substr(begin, at_ - begin))) replace(begin, mark(Spoiled::kRange, {}));
    after_value();
    return {};
  }

  Result<void> digits() {
    if (!is_digit(peek())) return unexpected("a digit");
    while (is_digit(peek())) ++at_;
    return {};
  }

  Result<void> word() {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view known : {"true", "false", "null", "NaN", "Infinity"}) {
      if (rest.starts_with(known)) return word_value(at_, known);
    }
    return unexpected("a value");
  }

  Result<void> word_value(std::size_t begin, std::string_view known) {
    at_ += known.size();
    if (at_ < text_.size() && !ends_token(peek())) return unexpected("the end of a value");
    if (known == "NaN" || known == "Infinity") replace(begin, mark(Spoiled::kNotFinite, {}));
    after_value();
    return {};
  }

  // From the opening quote to behind the closing one.
  Result<String> read_string() {
    String string;
    const std::size_t begin = ++at_;
    std::size_t kept = begin;
    const auto spoil = [&](Spoiled why, std::size_t bad, std::size_t size) {
      if (!string.spoiled) string.spoiled = why;
      string.repaired.append(text_.substr(kept, bad - kept)).append(kReplacement);
      kept = bad + size;
    };
    while (peek() != '"') {
      if (at_ >= text_.size()) return unexpected("'\"'");
      const std::size_t here = at_;
      const auto byte = static_cast<unsigned char>(peek());
      if (byte == '\\') {
        DAYBOOK_ASSIGN(const bool pairs, escape());
        if (!pairs) spoil(Spoiled::kSurrogate, here, at_ - here);
      } else if (byte < 0x20) {
        return unexpected("an escape such as \\n");
      } else if (byte < 0x80) {
        ++at_;
      } else if (const std::size_t size = utf8_character_size(text_.substr(here)); size > 0) {
        at_ += size;
      } else {
        spoil(Spoiled::kUtf8, here, 1);
        ++at_;
      }
    }
    if (string.spoiled) string.repaired.append(text_.substr(kept, at_ - kept));
    ++at_;
    return string;
  }

  // Reads an escape; false for half of a surrogate pair.
  Result<bool> escape() {
    ++at_;
    if (peek() != 'u') {
      if (at_ >= text_.size() ||
          std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) {
        return unexpected("one of \" \\ / b f n r t u");
      }
      ++at_;
      return true;
    }
    DAYBOOK_ASSIGN(const unsigned first, unit());
    if (first < 0xD800 || first > 0xDFFF) return true;
    if (first > 0xDBFF || !text_.substr(at_).starts_with("\\u")) return false;
    const std::size_t before_second = at_++;
    DAYBOOK_ASSIGN(const unsigned second, unit());
    if (second >= 0xDC00 && second <= 0xDFFF) return true;
    at_ = before_second;
    return false;
  }

  // The four hexadecimal digits behind the 'u' at the current place.
  Result<unsigned> unit() {
    ++at_;
    unsigned value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (std::isxdigit(static_cast<unsigned char>(peek())) == 0) {
        return unexpected("four hexadecimal digits");
      }
      const char digit = static_cast<char>(peek() | 0x20);
      value = value * 16 + static_cast<unsigned>(is_digit(peek()) ? digit - '0' : digit - 'a' + 10);
    }
    return value;
  }

  static std::string mark(Spoiled why, std::string_view name) {
    return std::string("\"\\u0000") + static_cast<char>(why) + std::string(name) + '"';
  }

  void replace(std::size_t begin, const std::string& by) {
    out_.append(text_.substr(copied_, begin - copied_)).append(by);
    copied_ = at_;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  Error unexpected(const std::string& expected) const {
    const std::string found = at_ < text_.size() ? name_of(text_[at_]) : "end";
    return Error(Code::kMalformed, place("unexpected " + found) + ", expected " + expected);
  }

  // "line 3: <what> at byte 17", counting both from one; without the line when there is only one.
  std::string place(const std::string& what) const {
    const std::string_view before = text_.substr(0, at_);
    const std::size_t line_end = before.rfind('\n');
    const std::size_t line_begin = line_end == std::string_view::npos ? 0 : line_end + 1;
    const std::string at_byte = what + " at byte " + std::to_string(at_ - line_begin + 1);
    if (trim(text_).find('\n') == std::string_view::npos) return at_byte;
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    return "line " + std::to_string(line) + ": " + at_byte;
  }

  const std::string_view text_;
  const std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;
  std::string out_;
  std::string open_;  // the brackets we are inside of
  Expect expect_ = Expect::kValue;
};

}  // namespace

Result<std::string> mend(std::string_view text, std::size_t max_depth) {
  return Mender(text, max_depth).run();
}

}  // namespace daybook::json
