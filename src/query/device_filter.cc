#include "query/device_filter.h"

#include <algorithm>
#include <cmath>

#include "base/bug.h"

namespace daybook {

namespace {

double number_of(const Value& value) {
  const auto* number = value.get_if<double>();
  if (number == nullptr) bug("a metric that is no float");
  return *number;
}

// Of several reasons the one that says most.
Kept stronger(Kept a, Kept b) {
  const auto weight = [](Kept kept) {
    switch (kept) {
      case Kept::kNo:
        return 0;
      case Kept::kHeartbeat:
        return 1;
      case Kept::kChange:
        return 2;
      case Kept::kLimit:
        return 3;
      case Kept::kFirst:
        return 4;
    }
    bug("a reason that is none");
  };
  return weight(a) >= weight(b) ? a : b;
}

std::vector<DeviceState::Metric>::iterator place_of(DeviceState& state, std::string_view name) {
  return std::ranges::lower_bound(state.metrics, name, {}, &DeviceState::Metric::name);
}

const DeviceState::Metric* find_metric(DeviceState& state, std::string_view name) {
  const auto it = place_of(state, name);
  return it != state.metrics.end() && it->name == name ? &*it : nullptr;
}

void store(DeviceState& state, Instant at, const MapEntry& sample) {
  auto it = place_of(state, sample.key);
  if (it == state.metrics.end() || it->name != sample.key) {
    it = state.metrics.insert(it, {sample.key, 0, at});
  }
  it->value = number_of(sample.value);
  it->at = at;
}

}  // namespace

void DeviceState::add(std::string_view name, double value, Instant at) {
  const auto it = place_of(*this, name);
  if (it != metrics.end() && it->name == name) return;
  metrics.insert(it, {std::string(name), value, at});
}

std::string_view kept_word(Kept kept) {
  switch (kept) {
    case Kept::kNo:
      return {};
    case Kept::kFirst:
      return "first";
    case Kept::kHeartbeat:
      return "heartbeat";
    case Kept::kChange:
      return "change";
    case Kept::kLimit:
      return "limit";
  }
  bug("a reason that is none");
}

double SampleFilter::band_around(std::string_view metric, double last) const {
  const auto own = std::ranges::find(declared_.bands, metric, &std::pair<std::string, Band>::first);
  const Band& band = own != declared_.bands.end() ? own->second : declared_.band;
  switch (band.of) {
    case Band::Of::kLast:
      return std::abs(last) * band.amount / 100;
    case Band::Of::kAbsolute:
      return band.amount;
    case Band::Of::kSpan:
      return (band.max - band.min) * band.amount / 100;
  }
  bug("a band of nothing");
}

bool SampleFilter::crosses(std::string_view metric, double before, double now) const {
  const auto limit = std::ranges::find_if(declared_.limits,
                                          [&](const auto& each) { return each.first == metric; });
  if (limit == declared_.limits.end()) return false;
  const auto side = [&](double value) {
    return value < limit->second.first ? -1 : value > limit->second.second ? 1 : 0;
  };
  return side(before) != side(now);
}

Kept SampleFilter::judge(const DeviceState::Metric* last, Instant at,
                         const MapEntry& sample) const {
  if (last == nullptr) return Kept::kFirst;
  const double now = number_of(sample.value);
  if (crosses(sample.key, last->value, now)) return Kept::kLimit;
  if (std::abs(now - last->value) > band_around(sample.key, last->value)) return Kept::kChange;
  return at - last->at >= declared_.heartbeat ? Kept::kHeartbeat : Kept::kNo;
}

Kept SampleFilter::decide(DeviceState& state, Instant at, Map& metrics) const {
  if (state.last && at < *state.last) return Kept::kNo;
  const bool is_row = declared_.mode == DeviceFilter::Mode::kRow;
  Kept kept = Kept::kNo;
  const auto look = [&](const MapEntry& sample) {
    const Kept why = judge(find_metric(state, sample.key), at, sample);
    kept = stronger(kept, why);
    return why;
  };
  if (!is_row) {
    std::erase_if(metrics, [&](const MapEntry& sample) { return look(sample) == Kept::kNo; });
  } else {
    for (const MapEntry& sample : metrics) look(sample);
  }
  if (!state.last) kept = Kept::kFirst;
  if (kept == Kept::kNo) return kept;
  for (const MapEntry& sample : metrics) store(state, at, sample);
  state.last = at;
  return kept;
}

}  // namespace daybook
