// What /metrics tells: counts and latencies of requests by route, rows taken in by collection. The
// set of series is fixed at construction. Any thread; counting takes no lock.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "catalog/catalog.h"

namespace daybook::api {

class Metrics {
 public:
  // Ends of the latency histogram, in seconds; beyond the last: +Inf.
  static constexpr std::array kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                          0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
  using Elapsed = std::chrono::steady_clock::duration;

  struct RouteLabel {
    std::string method;
    std::string path;  // the pattern
  };
  Metrics(std::vector<RouteLabel> routes, const Catalog& catalog, Instant started);

  // `route` is the index in the constructor's list.
  void count_request(std::size_t route, int status, Elapsed elapsed);
  void count_rows(const Collection& collection, std::uint64_t accepted, std::uint64_t rejected);
  void count_redacted(const Collection& collection, std::uint64_t masked, std::uint64_t exempt);

  Instant started() const { return started_; }

  // Prometheus text 0.0.4: only routes and collections that were used, so that it stays short.
  void write(std::string& out) const;

 private:
  struct RouteCounts {
    std::array<std::atomic<std::uint64_t>, 5> by_class{};                     // 1xx to 5xx
    std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> by_bucket{};  // not cumulated
    std::atomic<std::uint64_t> microseconds{0};
  };
  struct RowCounts {
    std::atomic<std::uint64_t> accepted{0}, rejected{0}, masked{0}, exempt{0};
  };
  struct RowSeries {
    std::string_view name, help;
    std::atomic<std::uint64_t> RowCounts::*count;
  };

  void write_requests(std::string& out) const;
  void write_latencies(std::string& out) const;
  void write_rows(std::string& out) const;

  const Instant started_;
  const std::vector<RouteLabel> routes_;
  const std::unique_ptr<RouteCounts[]> counts_;                             // by routes_
  std::unordered_map<const Collection*, std::unique_ptr<RowCounts>> rows_;  // fixed set of keys
};

// The lines of Prometheus' text format.
void write_head(std::string& out, std::string_view name, std::string_view type,
                std::string_view help);
void write_sample(std::string& out, std::string_view name,
                  const std::vector<std::pair<std::string_view, std::string>>& labels,
                  std::string_view value);

}  // namespace daybook::api
