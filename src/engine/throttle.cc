#include "engine/throttle.h"

#include <algorithm>

namespace daybook {

namespace {

// The longest that tries which were not there put the next one off, in buckets.
constexpr int kMostBuckets = 4;

}  // namespace

std::optional<Duration> Throttle::wait(const std::string& name, Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto found = full_at_.find(name);
  if (found == full_at_.end()) return std::nullopt;
  // One try is there once no more than all but one are missing.
  const Duration missing = found->second - now;
  const Duration most = full() - rate_.every;
  return missing <= most ? std::nullopt : std::optional(missing - most);
}

void Throttle::take(const std::string& name, Instant now) {
  const std::lock_guard lock(mutex_);
  if (full_at_.size() >= drop_beyond_) drop_idle(now);
  Instant& at = full_at_.try_emplace(name, now).first->second;
  at = std::min(std::max(at, now) + rate_.every, now + full() * kMostBuckets);
}

void Throttle::give_back(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = full_at_.find(name);
  if (found != full_at_.end()) found->second -= rate_.every;
}

void Throttle::clear(const std::string& name) {
  const std::lock_guard lock(mutex_);
  full_at_.erase(name);
}

std::unordered_map<std::string, Instant> Throttle::missing(Instant now) const {
  const std::lock_guard lock(mutex_);
  auto missing = full_at_;
  std::erase_if(missing, [&](const auto& entry) { return entry.second <= now; });
  return missing;
}

void Throttle::restore(const std::string& name, Instant full_at) {
  const std::lock_guard lock(mutex_);
  full_at_.insert_or_assign(name, full_at);
}

void Throttle::drop_idle(Instant now) {
  std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now; });
  drop_beyond_ = std::max<std::size_t>(4096, full_at_.size() * 2);
}

}  // namespace daybook
