// DeviceStates: what the device filters compare with, by device. A bounded memory of what the store
// has: what is not remembered is read from its rows again. Any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "query/device_filter.h"

namespace daybook {

class DeviceStates {
 public:
  // Devices by names that are unique in the whole catalog.
  using Names = std::set<std::string>;

  // Waits until nobody is at one of these devices: what is decided of a sample stands on what
  // became of the one before. Who has entered must leave before he enters again.
  void enter(const Names& devices);
  void leave(const Names& devices);

  // Of devices that the caller has entered.
  std::optional<DeviceState> find(const std::string& device);
  // From now on the device is known, so that its next sample is no first contact.
  void keep(const std::string& device, DeviceState state);
  // What became of its samples is uncertain: it is to be read again.
  void forget(const std::string& device);
  // Whether a sample of it was stored by this process.
  bool is_known(const std::string& device);

 private:
  using Generation = std::unordered_map<std::string, DeviceState>;

  std::mutex mutex_;
  std::condition_variable left_;
  // All guarded by mutex_.
  Names inside_;
  Generation young_, old_;                   // what was not asked for in a whole generation goes
  std::unordered_set<std::uint64_t> known_;  // hashes
};

}  // namespace daybook
