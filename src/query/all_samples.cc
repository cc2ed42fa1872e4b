#include "query/all_samples.h"

#include <algorithm>
#include <optional>

#include "query/rollup_plan.h"

namespace daybook {

namespace {

std::optional<std::size_t> reason_field(const Collection& collection) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].derive == Derive::kFilter) return i;
  }
  return std::nullopt;
}

bool reads(const Filter& filter, std::size_t field) {
  switch (filter.kind) {
    case Filter::Kind::kTrue:
    case Filter::Kind::kFalse:
      return false;
    case Filter::Kind::kCompare:
    case Filter::Kind::kIn:
    case Filter::Kind::kHas:
      return !filter.ref.is_id() && filter.ref.field == field;
    case Filter::Kind::kAnd:
    case Filter::Kind::kOr:
    case Filter::Kind::kNot:
      break;
  }
  return std::ranges::any_of(filter.parts, [&](const Filter& part) { return reads(part, field); });
}

bool asks_why(const Summary& summary, std::size_t reason) {
  const auto is_reason = [&](const FieldRef& ref) { return !ref.is_id() && ref.field == reason; };
  if (reads(summary.filter, reason) || std::ranges::any_of(summary.by, is_reason)) return true;
  return std::ranges::any_of(summary.measures, [&](const Measure& measure) {
    return reads(measure.condition, reason) || (measure.field && is_reason(*measure.field));
  });
}

Error no_rollup(const Collection& collection, const std::optional<std::size_t>& reason) {
  std::string text = "statistics of " + collection.full_name() +
                     " count every sample received, also those that were not kept; so they come "
                     "from its rollups, and none has all that is asked for";
  if (reason) {
    const std::string& name = collection.fields[*reason].name;
    text += "; with " + name + ".exists=true they are of the rows that were kept";
  }
  return {Code::kInvalid, std::move(text)};
}

}  // namespace

Result<void> fit_to_samples(Summary& summary) {
  const Collection& collection = *summary.collection;
  if (!collection.declared.filter) return {};
  const auto reason = reason_field(collection);
  if (reason && asks_why(summary, *reason)) {
    summary.is_of_rows_seen = true;
    return {};
  }
  const auto plan = RollupPlan::make(summary);
  if (!plan) return no_rollup(collection, reason);
  if (!summary.window) return {};
  const Duration finest = plan->tiers().front();
  Window& window = *summary.window;
  window.start = from_micros(bucket_start(micros(window.start), finest));
  const std::int64_t end = bucket_start(micros(window.end), finest);
  if (end != micros(window.end)) window.end = from_micros(end + finest.count());
  return {};
}

}  // namespace daybook
