// CounterKeeper: the counters of an engine that go on over a restart. They are kept in memory, so
// that a request costs no more; what has changed of them is written to the store now and then, and
// read when a server starts. What was counted since the last save is lost in a crash.
//
// One thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/counter.h"
#include "engine/engine.h"

namespace daybook {

class CounterKeeper {
 public:
  explicit CounterKeeper(Engine& engine) : engine_(engine) {}

  // Before anything is counted.
  Result<void> restore();
  // Nothing is lost by a save that fails: the next one writes it.
  Result<void> save();

 private:
  Result<void> apply(std::vector<Operation> changes);

  Engine& engine_;
  Counters stored_;  // as far as it is known
};

}  // namespace daybook
