#include "query/rollup_plan.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace daybook {
namespace {

using Limits = std::numeric_limits<std::int64_t>;

std::int64_t round_up(std::int64_t time, Duration width) {
  const std::int64_t start = bucket_start(time, width);
  return start == time ? time : start + width.count();
}

bool is_true(const Filter& filter) { return filter.kind == Filter::Kind::kTrue; }

// Whether every part of the filter can be judged by what the rollup is by.
template <typename Knows>
bool reads_only(const Filter& filter, const Knows& knows) {
  switch (filter.kind) {
    case Filter::Kind::kTrue:
    case Filter::Kind::kFalse:
      return true;
    case Filter::Kind::kCompare:
    case Filter::Kind::kIn:
    case Filter::Kind::kHas:
      return knows(filter.ref);
    case Filter::Kind::kAnd:
    case Filter::Kind::kOr:
    case Filter::Kind::kNot:
      return std::ranges::all_of(filter.parts,
                                 [&](const Filter& part) { return reads_only(part, knows); });
  }
  return false;
}

}  // namespace

std::optional<RollupPlan> RollupPlan::make(const Summary& summary) {
  const Collection& collection = *summary.collection;
  std::optional<RollupPlan> best;
  for (std::size_t i = 0; i < collection.rollups.size(); ++i) {
    const Rollup& rollup = collection.rollups[i];
    if (best && best->rollup().by.size() <= rollup.by.size()) continue;
    RollupPlan plan(summary, rollup, i);
    if (plan.is_possible()) best.emplace(std::move(plan));
  }
  return best;
}

RollupPlan::RollupPlan(const Summary& summary, const Rollup& rollup, std::size_t number)
    : summary_(&summary), rollup_(&rollup), number_(number), plan_(summary) {
  for (const Step& tier : rollup.tiers) tiers_.push_back(width_of(tier));
}

bool RollupPlan::is_possible() {
  if (tiers_.empty() || !summary_->collection->is_journal()) return false;
  if (summary_->is_of_rows_seen) return false;
  const bool is_too_fine = summary_->every && summary_->every->unit == StepUnit::kSecond &&
                           width_of(*summary_->every) < tiers_.front();
  if (is_too_fine || !reads_only_keys(summary_->filter)) return false;
  for (const FieldRef& ref : summary_->by) {
    const auto by = by_number(ref);
    if (!by) return false;
    by_numbers_.push_back(*by);
  }
  return find_sources();
}

bool RollupPlan::find_sources() {
  const auto rates = bind_rates(*summary_->collection, *rollup_);
  for (const MeasurePlan::State& state : plan_.states) {
    const auto source = source_of(state, rates);
    if (!source) return false;
    sources_.push_back(*source);
  }
  return true;
}

std::optional<RollupPlan::Source> RollupPlan::source_of(const MeasurePlan::State& state,
                                                        const std::vector<Filter>& rates) const {
  using What = Source::What;
  if (!state.field) {
    if (reads_only_keys(state.condition)) return Source{What::kRows, 0};
    const auto rate = std::ranges::find(rates, state.condition);
    if (rate == rates.end()) return std::nullopt;
    return Source{What::kRate, static_cast<std::size_t>(rate - rates.begin())};
  }
  if (state.field->is_id() || !is_true(state.condition)) return std::nullopt;
  const auto by = by_number(*state.field);
  switch (state.aggregate) {
    case Aggregate::kCount:
      if (by) return Source{What::kKey, *by};
      return std::nullopt;
    case Aggregate::kDistinct: {
      if (by) return Source{What::kKey, *by};
      const auto found = std::ranges::find(rollup_->distinct, state.field->field);
      if (found == rollup_->distinct.end() || !state.field->key.empty()) return std::nullopt;
      return Source{What::kDistinct, static_cast<std::size_t>(found - rollup_->distinct.begin())};
    }
    case Aggregate::kMin:
    case Aggregate::kMax:
      if (by) return Source{What::kKey, *by};
      break;
    case Aggregate::kSum:
    case Aggregate::kP50:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      break;
    case Aggregate::kAvg:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
    case Aggregate::kRate:
      return std::nullopt;
  }
  const auto measure = std::ranges::find(rollup_->measures, state.field->field);
  if (measure == rollup_->measures.end()) return std::nullopt;
  return Source{What::kMeasure, 0};
}

std::optional<std::size_t> RollupPlan::by_number(const FieldRef& ref) const {
  if (ref.is_id() || !ref.key.empty()) return std::nullopt;
  const auto found = std::ranges::find(rollup_->by, ref.field);
  if (found == rollup_->by.end()) return std::nullopt;
  return static_cast<std::size_t>(found - rollup_->by.begin());
}

bool RollupPlan::reads_only_keys(const Filter& filter) const {
  return reads_only(filter, [&](const FieldRef& ref) { return by_number(ref).has_value(); });
}

WantedCells RollupPlan::wanted() const {
  WantedCells wanted;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const MeasurePlan::State& state = plan_.states[i];
    if (sources_[i].what == Source::What::kDistinct) wanted.distinct = true;
    if (sources_[i].what != Source::What::kMeasure) continue;
    unsigned parts = WantedCells::kSums;
    if (state.aggregate == Aggregate::kP50) parts |= WantedCells::kSlots;
    if (state.aggregate == Aggregate::kFirst || state.aggregate == Aggregate::kLast) {
      parts |= WantedCells::kPlaces;
    }
    const auto is_same = [&](const auto& known) { return known.first == *state.field; };
    const auto known = std::ranges::find_if(wanted.measures, is_same);
    if (known == wanted.measures.end()) {
      wanted.measures.emplace_back(*state.field, parts);
    } else {
      known->second |= parts;
    }
  }
  return wanted;
}

std::vector<bool> RollupPlan::wanted_by() const {
  std::vector<bool> wanted(rollup_->by.size());
  for (const std::size_t by : by_numbers_) wanted[by] = true;
  const auto want_all = [&](const Filter& filter) {
    for (const std::size_t field : fields_of(filter)) wanted[*by_number({field, ""})] = true;
  };
  want_all(summary_->filter);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].what == Source::What::kKey) wanted[sources_[i].number] = true;
    if (sources_[i].what == Source::What::kRows) want_all(plan_.states[i].condition);
  }
  return wanted;
}

// The start of the first bucket that the rollup still keeps.
std::int64_t RollupPlan::kept_from() const {
  if (!rollup_->keep) return Limits::min();
  const Duration finest = tiers_.front();
  return round_up(micros(summary_->now) - rollup_->keep->count() - finest.count() + 1, finest);
}

void RollupPlan::add_spans(std::int64_t start, std::int64_t end, Instant bucket,
                           std::vector<Span>& spans) const {
  const Duration finest = tiers_.front();
  const std::int64_t from = std::max(round_up(start, finest), kept_from());
  const std::int64_t until = bucket_start(end, finest);
  if (from >= until) {
    spans.push_back({start, end, bucket, false});
    return;
  }
  if (start < from) spans.push_back({start, from, bucket, false});
  spans.push_back({from, until, bucket, true});
  if (until < end) spans.push_back({until, end, bucket, false});
}

std::vector<RollupPlan::Span> RollupPlan::spans(std::int64_t start, std::int64_t end) const {
  std::vector<Span> spans;
  start = std::max(start, micros(min_instant()));
  end = std::min(end, micros(max_instant()) + 1);
  if (summary_->window) {
    start = std::max(start, micros(summary_->window->start));
    end = std::min(end, micros(summary_->window->end));
  }
  if (start >= end) return spans;
  if (!summary_->every) {
    add_spans(start, end, {}, spans);
    return spans;
  }
  for (std::int64_t at = start; at < end;) {
    const Instant time = from_micros(at);
    const std::int64_t next = micros(summary_->zone.next(time, *summary_->every));
    add_spans(at, std::min(next, end), summary_->zone.floor(time, *summary_->every), spans);
    at = next;
  }
  return spans;
}

std::vector<RollupPlan::Span> RollupPlan::take_buckets(std::vector<Span>& spans, Duration width) {
  std::vector<Span> taken, left;
  for (const Span& span : spans) {
    Span whole = span;
    whole.start = round_up(span.start, width);
    whole.end = bucket_start(span.end, width);
    if (!span.is_whole || whole.start >= whole.end) {
      left.push_back(span);
      continue;
    }
    if (span.start < whole.start) left.push_back({span.start, whole.start, span.bucket, true});
    taken.push_back(whole);
    if (whole.end < span.end) left.push_back({whole.end, span.end, span.bucket, true});
  }
  spans = std::move(left);
  return taken;
}

bool RollupPlan::counts_past_keep(std::int64_t time) const {
  const std::int64_t start = bucket_start(time, tiers_.front());
  const std::int64_t end = start + tiers_.front().count();
  if (start < kept_from()) return false;
  if (summary_->window) {
    const Window& window = *summary_->window;
    if (start < micros(window.start) || end > micros(window.end)) return false;
  }
  if (!summary_->every) return true;
  return micros(summary_->zone.next(from_micros(start), *summary_->every)) >= end;
}

bool RollupPlan::is_answered_by(const RollupCells& cells) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    switch (source.what) {
      case Source::What::kMeasure: {
        const std::size_t field = plan_.states[i].field->field;
        if (std::ranges::find(cells.measured, field) == cells.measured.end()) return false;
        break;
      }
      case Source::What::kDistinct:
        if (cells.distinct[source.number].size() != cells.size()) return false;
        break;
      case Source::What::kRate:
        if (cells.holding[source.number].size() != cells.size()) return false;
        break;
      case Source::What::kRows:
      case Source::What::kKey:
        break;
    }
  }
  return true;
}

}  // namespace daybook
