#include "cli/progress.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace daybook::cli {

Progress::Progress(Terminal& terminal, std::string what, std::uint64_t total)
    : terminal_(terminal),
      what_(std::move(what)),
      total_(total),
      begun_(std::chrono::steady_clock::now()),
      drawn_(begun_) {}

std::chrono::duration<double> Progress::elapsed() const {
  return std::chrono::steady_clock::now() - begun_;
}

void Progress::at(std::uint64_t done, std::uint64_t rows) {
  constexpr std::chrono::milliseconds kBetween{100};
  const Moment now = std::chrono::steady_clock::now();
  if (!terminal_.look().is_interactive || now - drawn_ < kBetween) return;
  drawn_ = now;
  std::string line = what_ + "  ";
  if (total_ > 0) {
    constexpr std::size_t kBar = 24;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    const auto full = static_cast<std::size_t>(share * kBar);
    line += "[" + std::string(full, '#') + std::string(kBar - full, '.') + "] " +
            std::to_string(static_cast<int>(share * 100)) + " %  ";
  }
  terminal_.draw(line + grouped(rows) + " rows");
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string counted(std::uint64_t number, std::string_view thing) {
  return grouped(number) + " " + std::string(thing) + (number == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

}  // namespace daybook::cli
