#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/text.h"

namespace daybook {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

// As much of what came as is worth repeating to its sender.
std::string shown(std::string_view text) {
  constexpr std::size_t kShownBytes = 40;
  const std::string_view prefix = utf8_prefix(text, kShownBytes);
  return '"' + std::string(prefix) + (prefix.size() < text.size() ? "...\"" : "\"");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes pieces off the front of a text; a failed take leaves ok() false for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take_if(char c) {
    if (front() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) { ok_ = take_if(c) && ok_; }

  // Exactly `count` digits.
  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  // One or more digits behind the point, as microseconds; what is finer is cut off.
  int fraction() {
    if (!is_digit(front())) return fail();
    int value = 0;
    int scale = 100'000;
    while (is_digit(front())) {
      value += (rest_.front() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Date> read_date(Reader& reader) {
  const int year = reader.digits(4);
  reader.need('-');
  const int month = reader.digits(2);
  reader.need('-');
  const int day = reader.digits(2);
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.ok() || !date.ok() || year == 0) return std::nullopt;
  return Date(date);
}

// The distance of local time from UTC; nothing at the end of the text means UTC.
std::optional<minutes> read_offset(Reader& reader) {
  if (reader.at_end() || reader.take_if('Z') || reader.take_if('z')) return minutes(0);
  const bool is_west = reader.front() == '-';
  if (!reader.take_if('+') && !reader.take_if('-')) return std::nullopt;
  const int hour = reader.digits(2);
  reader.need(':');
  const int minute = reader.digits(2);
  if (!reader.ok() || hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours(hour) + minutes(minute);
  return is_west ? -offset : offset;
}

std::optional<Instant> read_instant(Reader& reader) {
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  if (!reader.take_if('T') && !reader.take_if('t')) reader.need(' ');
  const int hour = reader.digits(2);
  reader.need(':');
  const int minute = reader.digits(2);
  reader.need(':');
  const int second = reader.digits(2);
  const int fraction = reader.take_if('.') ? reader.fraction() : 0;
  if (!reader.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto offset = read_offset(reader);
  if (!offset || !reader.at_end()) return std::nullopt;

  const Instant whole = *date + hours(hour) + minutes(minute) + seconds(second) - *offset;
  // A leap second ends a day of UTC.
  if (second == 60 && whole != std::chrono::floor<days>(whole)) return std::nullopt;
  return second == 60 ? whole : whole + microseconds(fraction);
}

char* put_digits(char* at, int value, int count) {
  for (int i = count; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + count;
}

char* put_date(char* at, Date date) {
  const year_month_day civil(date);
  at = put_digits(at, static_cast<int>(civil.year()), 4);
  *at++ = '-';
  at = put_digits(at, static_cast<int>(static_cast<unsigned>(civil.month())), 2);
  *at++ = '-';
  return put_digits(at, static_cast<int>(static_cast<unsigned>(civil.day())), 2);
}

struct Unit {
  std::string_view name;
  Duration size;
};

// Of format_duration, largest first; "y" is only read.
constexpr std::array<Unit, 8> kUnits = {{{"w", days(7)},
                                         {"d", days(1)},
                                         {"h", hours(1)},
                                         {"m", minutes(1)},
                                         {"s", seconds(1)},
                                         {"ms", milliseconds(1)},
                                         {"us", microseconds(1)},
                                         {"y", days(365)}}};
// The same for ISO 8601, in the order they must come; months have no fixed length.
constexpr std::array<Unit, 3> kIsoDateUnits = {{{"Y", days(365)}, {"W", days(7)}, {"D", days(1)}}};
constexpr std::array<Unit, 3> kIsoTimeUnits = {
    {{"H", hours(1)}, {"M", minutes(1)}, {"S", seconds(1)}}};

// count * unit, unless it is beyond what a Duration holds.
std::optional<Duration> multiply(std::int64_t count, Duration unit) {
  if (count > std::numeric_limits<std::int64_t>::max() / unit.count()) return std::nullopt;
  return count * unit;
}

std::optional<Duration> add(std::optional<Duration> a, std::optional<Duration> b) {
  if (!a || !b || a->count() > std::numeric_limits<std::int64_t>::max() - b->count()) {
    return std::nullopt;
  }
  return *a + *b;
}

// Takes a whole number off the front.
std::optional<std::int64_t> take_count(std::string_view& text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return count;
}

// One part of ISO 8601 after the other: numbers with units of one table, each at most once.
template <std::size_t N>
std::optional<Duration> take_iso(std::string_view& text, const std::array<Unit, N>& units) {
  std::optional<Duration> sum = Duration(0);
  std::size_t next = 0;
  while (!text.empty() && is_digit(text.front())) {
    const auto count = take_count(text);
    if (!count || text.empty()) return std::nullopt;
    while (next < N && units[next].name != text.substr(0, 1)) ++next;
    if (next == N) return std::nullopt;
    sum = add(sum, multiply(*count, units[next++].size));
    text.remove_prefix(1);
  }
  return sum;
}

std::optional<Duration> read_iso_duration(std::string_view text) {
  text.remove_prefix(1);  // the P
  if (text.empty()) return std::nullopt;
  auto sum = take_iso(text, kIsoDateUnits);
  if (text.empty()) return sum;
  if (text.front() != 'T' || text.size() == 1) return std::nullopt;
  text.remove_prefix(1);
  sum = add(sum, take_iso(text, kIsoTimeUnits));
  return text.empty() ? sum : std::nullopt;
}

std::optional<Duration> read_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == 'P') return read_iso_duration(text);
  const auto count = take_count(text);
  if (!count) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text == unit.name) return multiply(*count, unit.size);
  }
  return std::nullopt;
}

}  // namespace

Instant min_instant() { return Date(std::chrono::year(1) / 1 / 1); }
Instant max_instant() { return Date(std::chrono::year(10000) / 1 / 1) - microseconds(1); }

Result<Instant> parse_instant(std::string_view text) {
  Reader reader(text);
  const auto instant = read_instant(reader);
  if (!instant) {
    return Error(Code::kInvalid,
                 shown(text) + " is not an RFC 3339 time such as 2025-12-05T14:00:00Z");
  }
  if (*instant < min_instant() || *instant > max_instant()) {
    return Error(Code::kInvalid, shown(text) + " is outside of the years 1 to 9999 in UTC");
  }
  return *instant;
}

std::string format_instant(Instant t) {
  std::array<char, 32> text;
  const Date date = std::chrono::floor<days>(t);
  const std::chrono::hh_mm_ss time(t - date);
  char* at = put_date(text.data(), date);
  *at++ = 'T';
  at = put_digits(at, static_cast<int>(time.hours().count()), 2);
  *at++ = ':';
  at = put_digits(at, static_cast<int>(time.minutes().count()), 2);
  *at++ = ':';
  at = put_digits(at, static_cast<int>(time.seconds().count()), 2);
  if (const auto fraction = static_cast<int>(time.subseconds().count()); fraction != 0) {
    *at++ = '.';
    at = fraction % 1000 == 0 ? put_digits(at, fraction / 1000, 3) : put_digits(at, fraction, 6);
  }
  *at++ = 'Z';
  return {text.data(), at};
}

Result<Date> parse_date(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date || !reader.at_end()) {
    return Error(Code::kInvalid, shown(text) + " is not a date such as 2025-12-05");
  }
  return *date;
}

std::string format_date(Date date) {
  std::array<char, 10> text;
  return {text.data(), put_date(text.data(), date)};
}

Result<Duration> parse_duration(std::string_view text) {
  if (const auto duration = read_duration(text)) return *duration;
  return Error(Code::kInvalid, shown(text) + " is not a duration such as 90d, 36h, 500ms or P90D");
}

std::string format_duration(Duration duration) {
  if (duration.count() == 0) return "0s";
  std::string shortest;
  for (const Unit& unit : kUnits) {
    if (duration.count() % unit.size.count() != 0 || unit.name == "y") continue;
    std::string text = std::to_string(duration / unit.size).append(unit.name);
    if (shortest.empty() || text.size() < shortest.size()) shortest = std::move(text);
  }
  return shortest;
}

}  // namespace daybook
