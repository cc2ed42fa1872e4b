// Whatever text a question is made of: it is refused with a sentence, or what was read from it
// holds.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bug.h"
#include "base/text.h"
#include "query/cursor.h"
#include "query/filter.h"
#include "query/sample_collection.h"
#include "query/search.h"
#include "query/summary_words.h"
#include "query/window.h"

namespace {

using namespace daybook;

void check(bool holds, std::string_view what) {
  if (!holds) bug(what);
}

void check_error(const Error& error) {
  check(!error.message().empty(), "an error without a sentence");
  check(error.code() == Code::kInvalid || error.code() == Code::kMalformed,
        "an error of another kind");
}

std::vector<Row> sample_rows(const Collection& collection) {
  Row full = sample_row(collection, "a", from_micros(1'764'943'200'000'000));
  set(collection, full, "endpoint", "The delivery failed: out of stock");
  set(collection, full, "method", "GET");
  set(collection, full, "status_code", 503);
  set(collection, full, "took_ms", 12.5);
  set(collection, full, "resolved", true);
  set(collection, full, "tags", List{Value("red"), Value("blue")});
  set(collection, full, "metrics", Map{{"cpu", Value(0.5)}});
  set(collection, full, "title", "Zürich, 日本");
  return {std::move(full), sample_row(collection, "b", from_micros(0))};
}

struct Samples {
  Collection journal = sample_journal();
  std::vector<Row> rows = sample_rows(journal);
};

void check_filter(const Samples& samples, const Filter& filter) {
  check(canonical_text(filter) == canonical_text(negate(negate(filter))),
        "two negations change a filter");
  const TimeRange range = time_range(filter, samples.journal.time_field);
  for (const Row& row : samples.rows) {
    const bool is_match = matches(filter, row);
    check(is_match != matches(negate(filter), row),
          "a row is in a filter and in its negation, or in none");
    const Instant time = row_time(samples.journal, row);
    check(!is_match || (range.start <= time && time < range.end),
          "a row matches outside of the range");
  }
}

void ask_expression(const Samples& samples, std::string_view text) {
  const auto expression = parse_expression(text);
  if (!expression.ok()) return check_error(expression.error());
  const auto filter = bind_filter(samples.journal, *expression, {{"method", Value("GET")}});
  if (!filter.ok()) check_error(filter.error());
  if (filter.ok()) check_filter(samples, *filter);
  const auto measure = bind_measure(samples.journal, "m", *expression, {});
  if (!measure.ok()) check_error(measure.error());
}

// "name=value"
void ask_clause(const Samples& samples, std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == text.npos) return;
  const auto filter = parse_clause(samples.journal, text.substr(0, sign), text.substr(sign + 1));
  if (!filter.ok()) return check_error(filter.error());
  check_filter(samples, *filter);
}

void ask_search(const Samples& samples, std::string_view text) {
  const auto query = parse_text_query(text, "english");
  if (!query.ok()) return check_error(query.error());
  const auto again = parse_text_query(format_text_query(*query), "english");
  check(again.ok() || format_text_query(*query).size() > kMaxTextQueryBytes,
        "an echo cannot be read");
  TextMatcher matcher(samples.journal, *query);
  std::vector<Hit> hits;
  for (const Row& row : samples.rows) {
    if (again.ok()) {
      check(matcher.matches(row) == TextMatcher(samples.journal, *again).matches(row),
            "an echo means something else");
    }
    if (matcher.matches(row)) hits.push_back({row, 0});
    check(find_invalid_utf8(snippet(samples.journal, *query, row, 20)) == text.npos,
          "a snippet cuts a character");
  }
  rank_hits(samples.journal, *query, hits);
}

void ask_cursor(std::string_view text) {
  const auto place = decode_cursor(text, "question");
  if (!place.ok()) return check_error(place.error());
  check(encode_cursor(*place, "question") == text, "a cursor has two spellings");
}

void ask_window(const std::vector<std::string_view>& words) {
  WindowWords said;
  std::optional<std::string>* const places[] = {
      &said.start, &said.end, &said.start_date, &said.end_date, &said.hours, &said.days, &said.tz};
  for (std::size_t i = 0; i < words.size() && i < std::size(places); ++i) {
    if (!words[i].empty()) *places[i] = std::string(words[i]);
  }
  const auto window = resolve_window(said, {}, Zone(), from_micros(1'764'943'200'000'000));
  if (!window.ok()) return check_error(window.error());
  if (*window) check((*window)->start <= (*window)->end, "a window ends before it starts");
}

void ask_summary(const Samples& samples, const std::vector<std::string_view>& words) {
  SummaryWords said;
  std::optional<std::string>* const places[] = {&said.by, &said.of, &said.every, &said.order};
  for (std::size_t i = 0; i < words.size() && i < std::size(places); ++i) {
    if (!words[i].empty()) *places[i] = std::string(words[i]);
  }
  const auto summary = parse_summary(samples.journal, said);
  if (!summary.ok()) return check_error(summary.error());
  GroupTable table(*summary);
  for (const Row& row : samples.rows) check(table.add(row).ok(), "two rows are too many");
  const Groups groups = std::move(table).finish();
  check(!groups.groups.empty() && groups.groups.size() <= samples.rows.size(),
        "rows are in no group");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Samples kSamples;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  switch (bytes[0] % 7) {
    case 0:
      ask_expression(kSamples, text);
      break;
    case 1:
      ask_clause(kSamples, text);
      break;
    case 2:
      ask_search(kSamples, text);
      break;
    case 3:
      ask_cursor(text);
      break;
    case 4:
      ask_window(split(text, '\n'));
      break;
    case 5:
      ask_summary(kSamples, split(text, '\n'));
      break;
    default: {
      const auto histogram = Histogram::decode(text);
      if (!histogram.ok()) check_error(histogram.error());
      const auto order = parse_order(kSamples.journal, text);
      if (!order.ok()) check_error(order.error());
    }
  }
  return 0;
}
