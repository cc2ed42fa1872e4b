#include "engine/stats.h"

#include <utility>

#include "query/all_samples.h"
#include "query/summary_words.h"

namespace daybook {

namespace {

constexpr std::size_t kDefaultGroups = 1'000;
constexpr std::size_t kMaxGroups = 10'000;
constexpr std::size_t kDefaultTop = 10;
constexpr std::size_t kMaxTop = 1'000;

SummaryWords take_summary_words(Words& words) {
  SummaryWords said;
  said.by = words.take("by");
  said.of = words.take("of");
  said.every = words.take("every");
  said.order = words.take("order");
  return said;
}

// The words of window, limit and filter, which every summary understands.
Result<void> take_rest(Question& question, Instant now, std::size_t limit, std::size_t max_limit,
                       Summary& summary) {
  Words& words = question.words;
  DAYBOOK_ASSIGN(summary.window,
                 window_of(question.collection(), words.take_window(), last_day(), now));
  if (summary.window) summary.zone = summary.window->zone;
  summary.now = now;
  summary.limit = words.take_limit(limit, max_limit);
  Filter asked = words.take_filter(question.collection());
  DAYBOOK_TRY(words.finish());
  DAYBOOK_TRY(question.sight.check(asked));
  DAYBOOK_TRY(question.sight.check(summary));
  summary.filter = both(question.sight.rows(), std::move(asked));
  summary.budget = std::move(question.budget);
  return fit_to_samples(summary);
}

Filter has_value(const FieldRef& ref) { return negate(equals(ref, Value())); }

}  // namespace

Result<Statistics> stats(Engine& engine, Question question) {
  const SummaryWords words = take_summary_words(question.words);
  Statistics statistics;
  Summary& summary = statistics.summary;
  DAYBOOK_ASSIGN(summary, parse_summary(question.collection(), words));
  if (!words.order && !summary.every) {
    summary.order.push_back({GroupOrder::What::kMeasure, 0, true});
  }
  DAYBOOK_TRY(take_rest(question, engine.now(), kDefaultGroups, kMaxGroups, summary));
  DAYBOOK_ASSIGN(statistics.groups, ask(engine, summary, statistics.inquiries));
  return statistics;
}

Result<TopValues> top(Engine& engine, Question question) {
  const auto field = question.words.take("field");
  if (!field)
    return Error(Code::kInvalid, "field is missing: the field whose values are asked for");
  auto parsed = parse_summary(question.collection(), {.by = field});
  if (!parsed.ok()) return std::move(parsed).error().with_context("field");
  Summary summary = *std::move(parsed);
  if (summary.by.size() != 1) return Error(Code::kInvalid, "field: one field, not " + *field);
  DAYBOOK_TRY(take_rest(question, engine.now(), kDefaultTop, kMaxTop, summary));
  summary.filter = both(std::move(summary.filter), has_value(summary.by[0]));
  summary.order.push_back({GroupOrder::What::kMeasure, 0, true});
  TopValues values{summary.window, {}, {}};
  DAYBOOK_ASSIGN(const Groups groups, ask(engine, summary, values.inquiries));

  summary.by.clear();
  summary.order.clear();
  DAYBOOK_ASSIGN(const Groups all, ask(engine, summary, values.inquiries));
  const double total = all.groups[0].measures[0].number();
  for (const Group& group : groups.groups) {
    const auto count = group.measures[0].get<std::int64_t>();
    values.items.push_back({group.key[0], count, static_cast<double>(count) / total});
  }
  return values;
}

}  // namespace daybook
