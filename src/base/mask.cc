#include "base/mask.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/mask_spans.h"

namespace daybook {
namespace mask {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_token_char(char c) {
  static constexpr auto kTable = [] {
    std::array<bool, 256> table{};
    for (const char letter : std::string_view("abcdefghijklmnopqrstuvwxyz"
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")) {
      table[static_cast<unsigned char>(letter)] = true;
    }
    return table;
  }();
  return kTable[static_cast<unsigned char>(c)];
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool starts_with_word(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  return std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char c) {
    return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  });
}

namespace {

// Sixteen bytes that are compared at once.
using Bytes = signed char __attribute__((vector_size(16)));

Bytes bytes_at(std::string_view text, std::size_t at) {
  Bytes bytes;
  std::memcpy(&bytes, text.data() + at, sizeof bytes);
  return bytes;
}

// What a named value or a URL's password cannot be without, or the blank that may follow a scheme:
// "Bearer ", "Basic ".
template <typename Chars>
auto is_mark(Chars before, Chars c) {
  const auto lower = before | 0x20;
  return (c == '=') | (c == ':') | (c == '%') | ((c == ' ') & ((lower == 'r') | (lower == 'c')));
}

// The first mark from `at` on, which is not 0; the text's size when there is none.
std::size_t next_mark(std::string_view text, std::size_t at) {
  constexpr std::size_t kStep = sizeof(Bytes);
  for (; at + kStep <= text.size(); at += kStep) {
    const auto marks = is_mark(bytes_at(text, at - 1), bytes_at(text, at));
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(marks);
    if ((halves[0] | halves[1]) != 0) break;
  }
  while (at < text.size() && !is_mark<int>(text[at - 1], text[at])) ++at;
  return at;
}

void find_at_marks(std::string_view text, Spans& spans) {
  for (std::size_t at = next_mark(text, 1); at < text.size(); at = next_mark(text, at + 1)) {
    const std::size_t before = spans.size();
    if (text[at] == ' ') {
      find_credentials(text, at + 1, spans);
    } else {
      find_named(text, at, spans);
    }
    if (spans.size() > before) at = std::max(at, spans.back().end - 1);
  }
}

// Spans that meet or overlap become one mask.
std::string without(std::string_view text, const Spans& spans) {
  std::string out;
  out.reserve(text.size());
  std::optional<std::size_t> done;
  for (const Span& span : spans) {
    if (!done || span.begin > *done) {
      out.append(text.substr(done.value_or(0), span.begin - done.value_or(0))).append(kMask);
    }
    done = std::max(done.value_or(0), span.end);
  }
  return out.append(text.substr(done.value_or(0)));
}

// What one look at the text finds.
std::optional<std::string> masked_once(std::string_view text) {
  Spans spans;
  find_at_marks(text, spans);
  find_tokens(text, spans);
  std::erase_if(spans, [&](const Span& span) {
    return text.substr(span.begin, span.end - span.begin) == kMask;
  });
  if (spans.empty()) return std::nullopt;
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  return without(text, spans);
}

}  // namespace
}  // namespace mask

// A mask is shorter than what it stands for, so that guesses reach further behind it: a text with
// secrets is looked at until nothing is found. Each look leaves less that is no mask.
std::optional<std::string> masked(std::string_view text) {
  constexpr int kMaxLooks = 16;  // a bound for texts that are made to need many
  std::optional<std::string> found = mask::masked_once(text);
  if (!found) return std::nullopt;
  for (int looks = 1; looks < kMaxLooks; ++looks) {
    auto more = mask::masked_once(*found);
    if (!more) break;
    found = std::move(more);
  }
  return found;
}

}  // namespace daybook
