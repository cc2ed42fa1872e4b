// ceilings DIRECTORY ROWS
//
// What this machine could give at best, as one JSON object: writes that reach the disk of
// DIRECTORY, reading memory, and grouping ROWS rows that lie in plain arrays.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <numeric>
#include <thread>
#include <vector>

#include "tests/bench/programs/made_text.h"

namespace daybook::bench {
namespace {

using Clockwork = std::chrono::steady_clock;
constexpr int kWriters = 8;

double seconds_since(Clockwork::time_point begin) {
  return std::chrono::duration<double>(Clockwork::now() - begin).count();
}

// Appends of 4 KiB to a file of its own, each on disk before the next, for two seconds.
std::uint64_t sync_for_a_while(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const std::string block(4096, 'x');
  const auto begin = Clockwork::now();
  std::uint64_t done = 0;
  while (seconds_since(begin) < 2) {
    const bool is_good = write(file, block.data(), block.size()) > 0 && fdatasync(file) == 0;
    if (!is_good) {
      std::perror(path.c_str());
      std::exit(1);
    }
    ++done;
  }
  close(file);
  unlink(path.c_str());
  return done;
}

double syncs_per_second(const std::string& directory, int writers) {
  std::atomic<std::uint64_t> done{0};
  std::vector<std::thread> threads;
  const auto begin = Clockwork::now();
  for (int i = 0; i < writers; ++i) {
    threads.emplace_back(
        [&, path = directory + "/sync" + std::to_string(i)] { done += sync_for_a_while(path); });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(done) / seconds_since(begin);
}

// The best of several times, as the others were disturbed.
template <typename Work>
double best_seconds(int times, Work work) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < times; ++i) {
    const auto begin = Clockwork::now();
    work();
    best = std::min(best, seconds_since(begin));
  }
  return best;
}

double bytes_read_per_second() {
  const std::vector<std::uint64_t> words((std::size_t{512} << 20) / 8, 1);
  std::atomic<std::uint64_t> sum{0};
  const double seconds = best_seconds(
      5, [&] { sum += std::accumulate(words.begin(), words.end(), std::uint64_t{0}); });
  return static_cast<double>(words.size() * 8) / seconds;
}

struct Group {
  std::uint64_t count = 0;
  double sum = 0;
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

// Count, sum, minimum and maximum by a code of one byte over the last 7 of 30 days.
double group_seconds(std::uint64_t rows) {
  Numbers numbers(3);
  std::vector<std::uint32_t> seconds(rows);
  std::vector<std::uint8_t> codes(rows);
  std::vector<float> values(rows);
  for (std::uint64_t i = 0; i < rows; ++i) {
    seconds[i] = static_cast<std::uint32_t>(i * 30 * 86400 / rows);
    codes[i] = static_cast<std::uint8_t>(numbers.below(200));
    values[i] = static_cast<float>(numbers.unit());
  }
  std::atomic<std::uint64_t> counted{0};
  return best_seconds(10, [&] {
    std::vector<Group> groups(256);
    const auto first = std::lower_bound(seconds.begin(), seconds.end(), 23u * 86400u);
    for (auto i = static_cast<std::size_t>(first - seconds.begin()); i < rows; ++i) {
      Group& group = groups[codes[i]];
      ++group.count;
      group.sum += static_cast<double>(values[i]);
      group.least = std::min(group.least, static_cast<double>(values[i]));
      group.most = std::max(group.most, static_cast<double>(values[i]));
    }
    for (const Group& group : groups) counted += group.count;
  });
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) {
  using namespace daybook::bench;
  if (count != 3) {
    std::fputs("ceilings DIRECTORY ROWS\n", stderr);
    return 2;
  }
  std::printf(R"({"syncs":%.0f,"syncs_of_group":%.0f,"memory_bytes":%.0f,"group_ms":%.4f})"
              "\n",
              syncs_per_second(words[1], 1), syncs_per_second(words[1], kWriters),
              bytes_read_per_second(), group_seconds(std::strtoull(words[2], nullptr, 10)) * 1000);
}
