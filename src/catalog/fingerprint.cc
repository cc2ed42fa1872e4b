#include "catalog/fingerprint.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/uuid.h"

namespace daybook {

namespace {

constexpr std::string_view kVersion = "1-";
constexpr char kVariable = '#';
// Longer quotes are text that somebody wrote, and their end may be anywhere.
constexpr std::size_t kMaxQuoted = 200;
// From this size on, letters and digits mixed are an id rather than a name with a number in it.
constexpr std::size_t kMinMixedId = 16;
// Commits are told by seven.
constexpr std::size_t kMinHexId = 7;
constexpr std::size_t kHashedBytes = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word(char c) { return is_digit(c) || is_letter(c); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_slash(char c) { return c == '/' || c == '\\'; }

// Quotes that open otherwise than they close; their bytes count as letters elsewhere.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kQuotePairs = {
    {{"«", "»"}, {"‹", "›"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}}};

bool has_digit(std::string_view word) { return std::ranges::any_of(word, is_digit); }
bool is_all_hex(std::string_view word) { return std::ranges::all_of(word, is_hex); }

bool is_id(std::string_view word) {
  if (!has_digit(word)) return false;
  const bool is_pointer = word.size() > 2 && (word.starts_with("0x") || word.starts_with("0X"));
  if (is_pointer && is_all_hex(word.substr(2))) return true;
  return word.size() >= kMinMixedId || (word.size() >= kMinHexId && is_all_hex(word));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string run() && {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        take_blanks();
      } else if (const std::size_t end = whole_end(); end > at_) {
        put_variable(end);
      } else if (is_sign()) {
        ++at_;
      } else if (is_word(text_[at_])) {
        take_word();
      } else {
        out_ += text_[at_++];
      }
    }
    return std::string(trim(out_));
  }

 private:
  void put_variable(std::size_t end) {
    out_ += kVariable;
    at_ = end;
  }

  void take_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    out_ += ' ';
  }

  // Behind what begins here and is a variable whatever stands in it; here where nothing does.
  std::size_t whole_end() const { return std::max({quoted_end(), paired_end(), temporary_end()}); }

  std::size_t paired_end() const {
    for (const auto& [open, close] : kQuotePairs) {
      if (text_.substr(at_, open.size()) != open) continue;
      const std::size_t begin = at_ + open.size();
      const std::string_view rest = text_.substr(begin, kMaxQuoted);
      const std::size_t size = rest.substr(0, rest.find('\n')).find(close);
      if (size != std::string_view::npos) return begin + size + close.size();
    }
    return at_;
  }

  // Behind a directory for temporary files, or the name of one with a number in it.
  std::size_t temporary_end() const {
    constexpr std::string_view kEnds = " \t\r\n\"'`:,;()[]{}<>";
    const std::string_view before = text_.substr(0, at_);
    if (!before.ends_with("/tmp/") && !before.ends_with("\\Temp\\")) return at_;
    std::size_t end = at_;
    while (end < text_.size() && !is_slash(text_[end]) &&
           kEnds.find(text_[end]) == std::string_view::npos) {
      ++end;
    }
    const bool is_directory = end < text_.size() && is_slash(text_[end]);
    return is_directory || has_digit(text_.substr(at_, end - at_)) ? end : at_;
  }

  // A sign of a number rather than a dash between two things.
  bool is_sign() const {
    constexpr std::string_view kBefore = " \t\n([{=:,<>";
    if (text_[at_] != '-' && text_[at_] != '+') return false;
    const bool is_apart = at_ == 0 || kBefore.find(text_[at_ - 1]) != std::string_view::npos;
    return is_apart && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
  }

  // Behind a quoted text that begins here; here where none does. An apostrophe inside a word quotes
  // nothing.
  std::size_t quoted_end() const {
    const char quote = text_[at_];
    if (!is_quote(quote) || (at_ > 0 && is_word(text_[at_ - 1]))) return at_;
    const std::string_view rest = text_.substr(at_ + 1, kMaxQuoted);
    for (std::size_t i = 0; i < rest.size() && rest[i] != '\n'; ++i) {
      const std::size_t behind = at_ + 1 + i + 1;
      if (rest[i] == quote && (behind == text_.size() || !is_word(text_[behind]))) return behind;
    }
    return at_;
  }

  std::size_t word_end(std::size_t begin) const {
    while (begin < text_.size() && is_word(text_[begin])) ++begin;
    return begin;
  }

  std::size_t end_of(std::size_t begin, bool (*belongs)(char)) const {
    while (begin < text_.size() && belongs(text_[begin])) ++begin;
    return begin;
  }

  // Behind an e-mail address, a UUID, an IPv6 or hardware address, a time, or a number with an
  // exponent that begins here.
  std::size_t value_end() const {
    return std::max({mail_end(), uuid_end(), colon_end(), time_end(), exponent_end()});
  }

  // Behind a pattern in which 0 stands for any digit; `at` where it does not fit.
  std::size_t behind(std::size_t at, std::string_view pattern) const {
    const std::string_view text = text_.substr(at, pattern.size());
    const bool fits = std::ranges::equal(
        text, pattern, [](char c, char like) { return like == '0' ? is_digit(c) : c == like; });
    return fits ? at + pattern.size() : at;
  }

  // Behind a date, and the time of day behind it.
  std::size_t time_end() const {
    std::size_t end = behind(at_, "0000-00-00");
    if (end == at_) return at_;
    const bool has_joint = end < text_.size() && (text_[end] == 'T' || text_[end] == ' ');
    const std::size_t minute = has_joint ? behind(end + 1, "00:00") : 0;
    if (has_joint && minute > end + 1) end = clock_end(minute);
    return word_end(end) == end ? end : at_;
  }

  // Behind the seconds, their fraction and the offset, as far as they are there.
  std::size_t clock_end(std::size_t minute) const {
    std::size_t end = behind(minute, ":00");
    const bool has_fraction = end > minute && end + 1 < text_.size() &&
                              (text_[end] == '.' || text_[end] == ',') && is_digit(text_[end + 1]);
    if (has_fraction) end = end_of(end + 1, is_digit);
    for (const std::string_view offset : {"Z", "+00:00", "-00:00", "+0000", "-0000"}) {
      if (const std::size_t with = behind(end, offset); with > end) return with;
    }
    return end;
  }

  std::size_t exponent_end() const {
    std::size_t end = end_of(at_, is_digit);
    if (end == at_) return at_;
    if (const std::size_t point = behind(end, ".0"); point > end) end = end_of(point, is_digit);
    if (end == text_.size() || (text_[end] != 'e' && text_[end] != 'E')) return at_;
    ++end;
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    const std::size_t exponent = end_of(end, is_digit);
    return exponent > end && word_end(exponent) == exponent ? exponent : at_;
  }

  std::size_t mail_end() const {
    constexpr auto kIsPart = [](char c) {
      return is_word(c) || c == '.' || c == '-' || c == '+' || c == '_';
    };
    const std::size_t sign = end_of(at_, kIsPart);
    if (sign == text_.size() || text_[sign] != '@') return at_;
    std::size_t end = end_of(sign + 1, kIsPart);
    while (end > sign && !is_word(text_[end - 1])) --end;
    const bool has_dot = text_.substr(sign, end - sign).find('.') != std::string_view::npos;
    return has_dot ? end : at_;
  }

  std::size_t uuid_end() const {
    constexpr std::size_t kUuidSize = 36;
    const std::string_view text = text_.substr(at_, kUuidSize);
    if (text.size() < kUuidSize || word_end(at_ + kUuidSize) > at_ + kUuidSize) return at_;
    return parse_uuid(ascii_lower(text)) ? at_ + kUuidSize : at_;
  }

  std::size_t colon_end() const {
    const std::size_t end = end_of(at_, [](char c) { return is_hex(c) || c == ':'; });
    const std::string_view text = text_.substr(at_, end - at_);
    const bool is_address = std::ranges::count(text, ':') >= 2 && has_digit(text);
    return is_address && word_end(end) == end ? end : at_;
  }

  void take_word() {
    if (const std::size_t end = value_end(); end > at_) {
      put_variable(end);
      return merge_number();
    }
    const std::size_t end = word_end(at_);
    const std::string_view word = text_.substr(at_, end - at_);
    const bool is_identity =
        at_ > 0 && text_[at_ - 1] == '@' && is_all_hex(word) && has_digit(word);
    if (is_id(word) || is_identity) return put_variable(end);
    for (; at_ < end; ++at_) put_letter_or_number();
    merge_number();
  }

  // Digits in a row are one variable, wherever in a word they stand.
  void put_letter_or_number() {
    const char c = text_[at_];
    if (!is_digit(c)) {
      out_ += c;
    } else if (out_.empty() || out_.back() != kVariable) {
      out_ += kVariable;
    }
  }

  // "#.#.#.#", "#:#:#" and "#-#-#" are one variable: versions, addresses, times and ids have as
  // many parts as they like.
  void merge_number() {
    const std::size_t size = out_.size();
    const auto is_joint = [](char c) { return c == '.' || c == ':' || c == '-' || c == ','; };
    if (size >= 3 && out_[size - 1] == kVariable && is_joint(out_[size - 2]) &&
        out_[size - 3] == kVariable) {
      out_.resize(size - 2);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string without_variables(std::string_view text) { return Reader(text).run(); }

std::string fingerprint(const Grouping& group, const Row& row) {
  constexpr char kBetween = '\x1f';
  std::string all;
  for (const std::size_t field : group.of) {
    const Value& value = row.values[field];
    const auto* text = value.get_if<std::string>();
    append_canonical(text != nullptr ? Value(without_variables(*text)) : value, all);
    all += kBetween;
  }
  const Sha256 digest = sha256(all);
  return std::string(kVersion) +
         hex(std::string_view(reinterpret_cast<const char*>(digest.data()), kHashedBytes));
}

}  // namespace daybook
