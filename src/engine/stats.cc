#include "engine/stats.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/rights.h"

namespace daybook {

namespace {

constexpr std::size_t kDefaultGroups = 1'000;
constexpr std::size_t kMaxGroups = 10'000;
constexpr std::size_t kDefaultTop = 10;
constexpr std::size_t kMaxTop = 1'000;

// The aggregate of a field as the expression language says it: "avg(duration_ms)".
Expression call(std::string_view aggregate, std::string_view field) {
  Expression argument;
  argument.kind = Expression::Kind::kField;
  argument.name = field;
  Expression expression;
  expression.kind = Expression::Kind::kCall;
  expression.name = aggregate;
  expression.args.push_back(std::move(argument));
  return expression;
}

Result<void> add_figures(const Collection& collection, const std::string& text,
                         Statistics& statistics) {
  for (const std::string_view part : split(text, ',')) {
    const std::string field(trim(part));
    if (std::ranges::find(statistics.of, field) != statistics.of.end()) {
      return Error(Code::kInvalid, "of: '" + field + "' is named twice");
    }
    for (const Aggregate figure : kFigures) {
      const std::string name(aggregate_name(figure));
      DAYBOOK_ASSIGN(Measure measure,
                     bind_measure(collection, field + "." + name, call(name, field), {}));
      statistics.summary.measures.push_back(std::move(measure));
    }
    statistics.of.push_back(field);
  }
  return {};
}

// What a word of `order=` names: "bucket", "endpoint", "count", "response_time_ms.p95".
Result<GroupOrder> parse_group_order(const Summary& summary, std::string_view word) {
  GroupOrder order;
  order.descending = word.starts_with('-');
  if (order.descending) word.remove_prefix(1);
  if (word == "bucket" && summary.every) {
    order.what = GroupOrder::What::kBucket;
    return order;
  }
  std::vector<std::string> names;
  if (summary.every) names.emplace_back("bucket");
  for (std::size_t i = 0; i < summary.by.size(); ++i) {
    names.push_back(field_name(*summary.collection, summary.by[i]));
    if (names.back() != word) continue;
    order.index = i;
    return order;
  }
  for (std::size_t i = 0; i < summary.measures.size(); ++i) {
    names.push_back(summary.measures[i].name);
    if (names.back() != word) continue;
    order.what = GroupOrder::What::kMeasure;
    order.index = i;
    return order;
  }
  return Error(Code::kInvalid,
               "order: groups have no '" + std::string(word) + "'; they have " + join(names, ", "));
}

Result<std::vector<GroupOrder>> parse_group_orders(const Summary& summary,
                                                   const std::optional<std::string>& text) {
  std::vector<GroupOrder> orders;
  if (!text) {
    if (summary.every) return orders;  // by bucket, then by key
    orders.push_back({GroupOrder::What::kMeasure, 0, true});
    return orders;
  }
  for (const std::string_view word : split(*text, ',')) {
    DAYBOOK_ASSIGN(const GroupOrder order, parse_group_order(summary, trim(word)));
    orders.push_back(order);
  }
  return orders;
}

// Collection, window and budget of a summary, with the count as its first measure.
Result<Summary> begin_summary(Question& question, Instant now) {
  Summary summary;
  summary.collection = &question.collection;
  summary.now = now;
  summary.budget = std::move(question.budget);
  DAYBOOK_ASSIGN(summary.window,
                 window_of(question.collection, question.words.take_window(), last_day(), now));
  if (summary.window) summary.zone = summary.window->zone;
  summary.measures.push_back({"count", Aggregate::kCount, std::nullopt, {}});
  return summary;
}

Result<void> take_every(Words& words, Summary& summary) {
  const auto text = words.take("every");
  if (!text) return {};
  if (!summary.collection->is_journal()) {
    return Error(Code::kInvalid, "every: " + summary.collection->full_name() +
                                     " is a register; its rows have no time to make buckets of");
  }
  auto step = parse_step(*text);
  if (!step.ok()) return std::move(step).error().with_context("every");
  summary.every = *step;
  return {};
}

Result<Groups> ask(Engine& engine, const Summary& summary) {
  SlowLog slow("summarize", *summary.collection);
  DAYBOOK_ASSIGN(Groups groups, engine.store().summarize(summary));
  slow.note(groups.cost);
  return groups;
}

Filter has_value(const FieldRef& ref) { return negate(equals(ref, Value())); }

}  // namespace

Result<Statistics> stats(Engine& engine, Question question) {
  const Collection& collection = question.collection;
  Words& words = question.words;
  Statistics statistics;
  Summary& summary = statistics.summary;
  DAYBOOK_ASSIGN(summary, begin_summary(question, engine.now()));
  DAYBOOK_TRY(take_every(words, summary));
  if (const auto by = words.take("by")) {
    DAYBOOK_ASSIGN(summary.by, parse_facets(collection, *by));
  }
  if (const auto of = words.take("of")) DAYBOOK_TRY(add_figures(collection, *of, statistics));
  DAYBOOK_ASSIGN(summary.order, parse_group_orders(summary, words.take("order")));
  summary.limit = words.take_limit(kDefaultGroups, kMaxGroups);
  summary.filter =
      both(visible_rows(question.principal, collection), words.take_filter(collection));
  DAYBOOK_TRY(words.finish());
  DAYBOOK_ASSIGN(statistics.groups, ask(engine, summary));
  return statistics;
}

Result<TopValues> top(Engine& engine, Question question) {
  const Collection& collection = question.collection;
  Words& words = question.words;
  DAYBOOK_ASSIGN(Summary summary, begin_summary(question, engine.now()));
  const auto field = words.take("field");
  summary.limit = words.take_limit(kDefaultTop, kMaxTop);
  summary.filter =
      both(visible_rows(question.principal, collection), words.take_filter(collection));
  DAYBOOK_TRY(words.finish());
  if (!field)
    return Error(Code::kInvalid, "field is missing: the field whose values are asked for");
  DAYBOOK_ASSIGN(std::vector<FieldRef> by, parse_facets(collection, *field));
  if (by.size() != 1) return Error(Code::kInvalid, "field: one field, not " + *field);
  summary.filter = both(std::move(summary.filter), has_value(by[0]));

  DAYBOOK_ASSIGN(const Groups all, ask(engine, summary));
  summary.by = std::move(by);
  summary.order.push_back({GroupOrder::What::kMeasure, 0, true});
  DAYBOOK_ASSIGN(const Groups groups, ask(engine, summary));

  const double total = all.groups.empty() ? 0 : all.groups[0].measures[0].number();
  TopValues values{summary.window, {}};
  for (const Group& group : groups.groups) {
    const auto count = group.measures[0].get<std::int64_t>();
    values.items.push_back({group.key[0], count, static_cast<double>(count) / total});
  }
  return values;
}

}  // namespace daybook
