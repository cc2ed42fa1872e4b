// The device filter ([filter] of a declaration): which samples of a device are worth a row. A row
// is kept at the first contact, when nothing was kept for a heartbeat, when a value left the band
// around the value stored last, and when it crossed a limit. What is not kept still counts in
// statistics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "catalog/declared.h"
#include "catalog/value.h"

namespace daybook {

enum class Kept : std::uint8_t { kNo, kFirst, kHeartbeat, kChange, kLimit };
// "first", "heartbeat", "change", "limit"; empty for kNo.
std::string_view kept_word(Kept kept);

// What was stored last of one device: all that the filter compares with. A plain value.
struct DeviceState {
  struct Metric {
    std::string name;  // empty where the filter is on a single float
    double value = 0;
    Instant at;
  };
  std::vector<Metric> metrics;  // by name
  std::optional<Instant> last;  // of the row kept last

  // What was stored of a metric, unless a later value is there already.
  void add(std::string_view name, double value, Instant at);
};

// One declared filter, made ready. Immutable; any thread. The declaration outlives it.
class SampleFilter {
 public:
  explicit SampleFilter(const DeviceFilter& declared) : declared_(declared) {}

  // Whether the sample is kept, and why; what is kept enters the state. With mode per_metric, only
  // the metrics that are to be stored stay in `metrics`. A sample older than the row kept last is
  // not compared and not kept.
  Kept decide(DeviceState& state, Instant at, Map& metrics) const;

  // How far a value may stray from the one stored last without a row.
  double band_around(std::string_view metric, double last) const;

 private:
  Kept judge(const DeviceState::Metric* last, Instant at, const MapEntry& sample) const;
  bool crosses(std::string_view metric, double before, double now) const;

  const DeviceFilter& declared_;
};

}  // namespace daybook
