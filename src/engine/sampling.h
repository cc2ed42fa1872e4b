// Sampling: a batch's samples on their way through the device filters that their collections
// declare. What is not kept only counts, and is stored as that. One request; the devices are its
// own from begin() until it ends, so the batch is to be committed in between.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/device_states.h"
#include "engine/engine.h"
#include "store/batch.h"

namespace daybook {

class Sampling {
 public:
  // Decides of each inserted sample: its row says why it is kept, or it only counts. Of one that is
  // kept metric by metric, the row has those alone, and another operation at the end counts it
  // whole. Samples of a device are looked at by their time, whatever their order.
  static Result<Sampling> begin(Engine& engine, std::vector<Operation>& operations, Instant now);
  Sampling(Sampling&& other) noexcept;
  Sampling& operator=(Sampling&&) = delete;
  ~Sampling();

  // The other operation that counts the sample of this one, if there is one.
  std::optional<std::size_t> counted_by(std::size_t operation) const;
  // What was stored is what the next samples are compared with. Without it, all is read again.
  void settle(const Committed& committed);

 private:
  struct Device {
    DeviceState state;
    std::vector<std::size_t> samples;  // operations, by time
    std::vector<std::size_t> kept;     // of them
  };

  explicit Sampling(Engine& engine) : engine_(&engine) {}
  Result<void> decide(std::vector<Operation>& operations, Instant now);
  void decide(Device& device, std::size_t index, std::vector<Operation>& operations);

  Engine* engine_;  // null when moved from
  std::map<std::string, Device> devices_;
  std::map<std::size_t, std::size_t> counted_by_;
};

}  // namespace daybook
