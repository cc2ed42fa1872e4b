#include "engine/device_states.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace daybook {

namespace {

// Some hundred bytes each.
constexpr std::size_t kGeneration = 16'384;
// Of more devices some are met for the first time again: a row more of each.
constexpr std::size_t kMostKnown = 1u << 19;

std::uint64_t hash_of(const std::string& device) { return std::hash<std::string>()(device); }

}  // namespace

void DeviceStates::enter(const Names& devices) {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] {
    return std::ranges::none_of(devices, [&](const auto& name) { return inside_.contains(name); });
  });
  inside_.insert(devices.begin(), devices.end());
}

void DeviceStates::leave(const Names& devices) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : devices) inside_.erase(name);
  left_.notify_all();
}

std::optional<DeviceState> DeviceStates::find(const std::string& device) {
  const std::lock_guard lock(mutex_);
  for (const Generation* generation : {&young_, &old_}) {
    if (const auto it = generation->find(device); it != generation->end()) return it->second;
  }
  return std::nullopt;
}

void DeviceStates::keep(const std::string& device, DeviceState state) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_.insert(hash_of(device));
  if (young_.size() >= kGeneration) old_ = std::exchange(young_, {});
  young_.insert_or_assign(device, std::move(state));
}

void DeviceStates::forget(const std::string& device) {
  const std::lock_guard lock(mutex_);
  young_.erase(device);
  old_.erase(device);
}

bool DeviceStates::is_known(const std::string& device) {
  const std::lock_guard lock(mutex_);
  return known_.contains(hash_of(device));
}

}  // namespace daybook
