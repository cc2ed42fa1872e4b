#include "query/summary_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/zone.h"

namespace daybook {
namespace {

constexpr std::size_t kMaxBy = 8;
constexpr std::size_t kMaxMeasures = 200;

constexpr std::array<Aggregate, 8> kUsual = {Aggregate::kCount, Aggregate::kAvg, Aggregate::kMin,
                                             Aggregate::kMax,   Aggregate::kSum, Aggregate::kP50,
                                             Aggregate::kP95,   Aggregate::kP99};

Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }

bool can_group(Type type) {
  return type != Type::kList && type != Type::kMap && type != Type::kJson && type != Type::kSecret;
}

// The declared fields of one use, to name in messages.
std::string names_of(const Collection& collection, bool Field::*use) {
  std::vector<std::string> names;
  for (const Field& field : collection.fields) {
    if (field.*use) names.push_back(field.name);
  }
  return names.empty() ? "it has none" : "it has " + join(names, ", ");
}

Result<FieldRef> parse_by(const Collection& collection, std::string_view word) {
  DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, word));
  const bool is_facet = !ref.is_id() && collection.fields[ref.field].is_facet &&
                        can_group(field_of(collection, ref).type);
  if (is_facet) return ref;
  return invalid("'" + std::string(word) + "' is not a facet of " + collection.full_name() + "; " +
                 names_of(collection, &Field::is_facet));
}

Result<void> add_all_by(const Collection& collection, std::string_view words, Summary& summary) {
  for (const std::string_view word : split(words, ',')) {
    DAYBOOK_ASSIGN(FieldRef ref, parse_by(collection, trim(word)));
    if (std::find(summary.by.begin(), summary.by.end(), ref) != summary.by.end()) {
      return invalid("'" + std::string(trim(word)) + "' is named twice");
    }
    summary.by.push_back(std::move(ref));
  }
  if (summary.by.size() > kMaxBy) return invalid("at most " + std::to_string(kMaxBy) + " fields");
  return {};
}

void add_measure(const Collection& collection, Aggregate aggregate, const FieldRef& ref,
                 Summary& summary) {
  Measure measure;
  measure.name = field_name(collection, ref) + "." + std::string(aggregate_name(aggregate));
  measure.aggregate = aggregate;
  measure.field = ref;
  const auto& measures = summary.measures;
  if (std::find(measures.begin(), measures.end(), measure) == measures.end()) {
    summary.measures.push_back(std::move(measure));
  }
}

bool is_number(Type type) { return type == Type::kInt || type == Type::kFloat; }

Error no_measure(const Collection& collection, std::string_view word) {
  return invalid("'" + std::string(word) + "' is not a measure of " + collection.full_name() +
                 "; " + names_of(collection, &Field::is_measure));
}

// A declared measure, with all that is usually asked of one.
Result<void> add_usual(const Collection& collection, const FieldRef& ref, std::string_view word,
                       Summary& summary) {
  if (ref.is_id() || !collection.fields[ref.field].is_measure) return no_measure(collection, word);
  std::vector<FieldRef> refs = {ref};
  if (field_of(collection, ref).type == Type::kMap) {
    refs.clear();
    for (const std::string& key : collection.fields[ref.field].keys) {
      refs.push_back({ref.field, key});
    }
    if (refs.empty()) {
      return invalid("'" + std::string(word) +
                     "' is a map; say which of its entries: " + std::string(word) + ".<key>");
    }
  }
  for (const FieldRef& each : refs) {
    if (!is_number(field_of(collection, each).type)) return no_measure(collection, word);
    for (const Aggregate aggregate : kUsual) add_measure(collection, aggregate, each, summary);
  }
  return {};
}

// What people may be counted by, but not looked at one by one.
bool may_show(const Collection& collection, Aggregate aggregate, const FieldRef& ref) {
  if (aggregate == Aggregate::kDistinct || aggregate == Aggregate::kCount) return true;
  if (ref.is_id()) return false;
  const Field& field = collection.fields[ref.field];
  return field.is_measure || field.is_facet;
}

Result<void> add_single(const Collection& collection, Aggregate aggregate, const FieldRef& ref,
                        std::string_view word, Summary& summary) {
  if (aggregate == Aggregate::kRate)
    return invalid("'" + std::string(word) + "' needs a condition");
  DAYBOOK_TRY(check_measure(collection, aggregate, ref));
  if (!may_show(collection, aggregate, ref)) return no_measure(collection, word);
  add_measure(collection, aggregate, ref, summary);
  return {};
}

Result<void> add_of(const Collection& collection, std::string_view word, Summary& summary) {
  const std::size_t dot = word.rfind('.');
  const auto aggregate =
      dot == std::string_view::npos ? std::nullopt : find_aggregate(word.substr(dot + 1));
  if (aggregate && !collection.find_field(word)) {
    DAYBOOK_ASSIGN(const FieldRef ref, find_field(collection, word.substr(0, dot)));
    return add_single(collection, *aggregate, ref, word, summary);
  }
  DAYBOOK_ASSIGN(const FieldRef ref, find_field(collection, word));
  return add_usual(collection, ref, word, summary);
}

Result<void> add_all_of(const Collection& collection, std::string_view words, Summary& summary) {
  for (const std::string_view word : split(words, ',')) {
    DAYBOOK_TRY(add_of(collection, trim(word), summary));
  }
  if (summary.measures.size() > kMaxMeasures) {
    return invalid("at most " + std::to_string(kMaxMeasures) + " measures");
  }
  return {};
}

Result<void> set_every(const Collection& collection, std::string_view word, Summary& summary) {
  if (!collection.is_journal()) {
    return invalid(collection.full_name() + " is a register and has no time to cut into buckets");
  }
  DAYBOOK_ASSIGN(summary.every, parse_step(word));
  return {};
}

std::string orderable(const Summary& summary) {
  std::vector<std::string> names;
  if (summary.every) names.emplace_back("bucket");
  for (const FieldRef& ref : summary.by) names.push_back(field_name(*summary.collection, ref));
  for (const Measure& measure : summary.measures) names.push_back(measure.name);
  return join(names, ", ");
}

Result<GroupOrder> parse_order_key(const Summary& summary, std::string_view word) {
  GroupOrder key;
  key.descending = word.starts_with('-');
  const std::string_view name = word.substr(key.descending ? 1 : 0);
  if (name == "bucket" && summary.every) {
    key.what = GroupOrder::What::kBucket;
    return key;
  }
  for (key.index = 0; key.index < summary.by.size(); ++key.index) {
    if (field_name(*summary.collection, summary.by[key.index]) == name) return key;
  }
  key.what = GroupOrder::What::kMeasure;
  for (key.index = 0; key.index < summary.measures.size(); ++key.index) {
    if (summary.measures[key.index].name == name) return key;
  }
  return invalid("groups cannot be ordered by '" + std::string(utf8_prefix(name, 80)) +
                 "'; expected one of " + orderable(summary));
}

Result<void> set_order(std::string_view words, Summary& summary) {
  for (const std::string_view word : split(words, ',')) {
    DAYBOOK_ASSIGN(GroupOrder key, parse_order_key(summary, trim(word)));
    summary.order.push_back(key);
  }
  return {};
}

Result<void> named(std::string_view parameter, Result<void> result) {
  if (result.ok()) return result;
  return std::move(result).error().with_context(parameter);
}

}  // namespace

Result<Summary> parse_summary(const Collection& collection, const SummaryWords& words) {
  Summary summary;
  summary.collection = &collection;
  summary.measures.push_back({"count", Aggregate::kCount, std::nullopt, Filter{}});
  if (words.by) DAYBOOK_TRY(named("by", add_all_by(collection, *words.by, summary)));
  if (words.of) DAYBOOK_TRY(named("of", add_all_of(collection, *words.of, summary)));
  if (words.every) DAYBOOK_TRY(named("every", set_every(collection, *words.every, summary)));
  if (words.order) DAYBOOK_TRY(named("order", set_order(*words.order, summary)));
  return summary;
}

}  // namespace daybook
