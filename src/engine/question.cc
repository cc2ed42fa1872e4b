#include "engine/question.h"

#include <charconv>

#include "base/text.h"
#include "query/cursor.h"

namespace daybook {
namespace {

// Before the cursor proper of a bookmark: start, end (microseconds) and zone, each ended by '~'.
constexpr char kSeparator = '~';

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string format_window(const std::optional<Window>& window) {
  if (!window) return {};
  return std::to_string(micros(window->start)) + kSeparator + std::to_string(micros(window->end)) +
         kSeparator + base64url(window->zone.name()) + kSeparator;
}

// The window that a bookmark begins with; takes it off.
Result<std::optional<Window>> take_window_text(std::string_view& text) {
  const Error malformed(Code::kMalformed, "the cursor is none of ours");
  const auto parts = split(text, kSeparator);
  if (parts.size() == 1) return std::optional<Window>();
  if (parts.size() != 4) return malformed;
  const auto start = parse_int(parts[0]);
  const auto end = parse_int(parts[1]);
  const auto zone_name = parse_base64url(parts[2]);
  if (!start || !end || !zone_name) return malformed;
  auto zone = Zone::find(*zone_name);
  if (!zone.ok()) return malformed;
  text = parts[3];
  return std::optional(Window{from_micros(*start), from_micros(*end), *std::move(zone)});
}

}  // namespace

Result<std::optional<Window>> window_of(const Collection& collection, const WindowWords& words,
                                        const WindowRule& rule, Instant now) {
  if (collection.is_journal()) return resolve_window(words, rule, Zone(), now);
  if (words.is_empty() && !words.tz) return std::optional<Window>();
  return Error(Code::kInvalid, collection.full_name() +
                                   " is a register: its rows have no time that a window could ask "
                                   "for; use a filter on one of its fields");
}

std::string canonical_text(const WindowWords& words) {
  std::string text;
  for (const auto* word : {&words.start, &words.end, &words.start_date, &words.end_date,
                           &words.hours, &words.days, &words.tz}) {
    text += word->value_or("") + "\n";
  }
  return text;
}

WindowRule last_day() {
  WindowRule rule;
  rule.kind = WindowRule::Kind::kHours;
  rule.default_value = 24;
  rule.max = 1'000'000;
  return rule;
}

std::string encode_bookmark(const Bookmark& bookmark, std::string_view question) {
  const std::string window = format_window(bookmark.window);
  return window + encode_cursor(bookmark.place, window + std::string(question));
}

Result<Bookmark> decode_bookmark(std::string_view text, std::string_view question) {
  Bookmark bookmark;
  DAYBOOK_ASSIGN(bookmark.window, take_window_text(text));
  const std::string whole = format_window(bookmark.window) + std::string(question);
  DAYBOOK_ASSIGN(bookmark.place, decode_cursor(text, whole));
  return bookmark;
}

}  // namespace daybook
