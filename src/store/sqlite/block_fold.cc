#include "store/sqlite/block_fold.h"

#include <utility>

namespace daybook::sqlite {

namespace {

// So far may one thread be ahead of another: what waits to be added is memory.
constexpr std::size_t kAhead = 8;

}  // namespace

Result<void> BlockFold::run(ScanThreads& threads, Cost& cost) {
  threads.share([this] { work(); });
  return finish(cost);
}

Result<void> BlockFold::run(Cost& cost) {
  work();
  return finish(cost);
}

void BlockFold::work() {
  while (const auto block = take()) {
    Cost cost;
    auto add = look_(*block, cost);
    give(*block, {std::move(add), std::move(cost)});
  }
}

std::optional<std::size_t> BlockFold::take() {
  std::unique_lock lock(mutex_);
  added_one_.wait(lock, [&] { return failure_ || next_ - added_ < kAhead; });
  if (failure_ || next_ == blocks_) return std::nullopt;
  return next_++;
}

void BlockFold::give(std::size_t block, Done done) {
  const std::lock_guard lock(mutex_);
  done_.emplace(block, std::move(done));
  for (auto first = done_.begin(); first != done_.end() && first->first == added_ && !failure_;
       first = done_.erase(first)) {
    Done& next = first->second;
    cost_ += next.cost;
    auto added = next.add.ok() ? (*next.add)() : Result<void>(std::move(next.add).error());
    if (!added.ok()) failure_ = std::move(added).error();
    ++added_;
  }
  added_one_.notify_all();
}

Result<void> BlockFold::finish(Cost& cost) {
  cost += cost_;
  if (failure_) return *std::move(failure_);
  return {};
}

}  // namespace daybook::sqlite
