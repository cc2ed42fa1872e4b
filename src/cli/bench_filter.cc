#include "cli/bench_filter.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/device_filter.h"

namespace daybook::cli {

namespace {

constexpr std::size_t kDevices = 1000, kRounds = 200;
constexpr std::array<const char*, 4> kMetrics = {"battery", "cpu", "memory", "temperature"};

struct Sample {
  std::string device;
  Instant at;
  Map metrics;
};

// One sample of every device every five seconds; each value walks a little.
class Devices {
 public:
  std::vector<Sample> next_round() {
    std::vector<Sample> round;
    std::uniform_real_distribution<double> step(-0.5, 0.5);
    for (std::size_t device = 0; device < kDevices; ++device) {
      Sample sample{"device-" + std::to_string(device), at_, {}};
      for (std::size_t i = 0; i < kMetrics.size(); ++i) {
        levels_[device][i] += step(random_);
        sample.metrics.push_back({kMetrics[i], Value(levels_[device][i])});
      }
      round.push_back(std::move(sample));
    }
    at_ += std::chrono::seconds(5);
    return round;
  }

 private:
  using Levels = std::array<double, kMetrics.size()>;
  std::vector<Levels> levels_ = std::vector<Levels>(kDevices, Levels{80, 20, 48, 21});
  std::mt19937_64 random_{1};
  Instant at_ = from_micros(1'764'943'200'000'000);
};

}  // namespace

double samples_decided_per_second() {
  const DeviceFilter declared;
  const SampleFilter filter(declared);
  std::unordered_map<std::string, DeviceState> states;
  Devices devices;
  std::chrono::duration<double> took{};
  for (std::size_t i = 0; i < kRounds; ++i) {
    std::vector<Sample> round = devices.next_round();
    const auto begin = std::chrono::steady_clock::now();
    for (Sample& sample : round) filter.decide(states[sample.device], sample.at, sample.metrics);
    took += std::chrono::steady_clock::now() - begin;
  }
  return static_cast<double>(kDevices * kRounds) / took.count();
}

}  // namespace daybook::cli
