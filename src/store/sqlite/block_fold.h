// BlockFold: what a question makes of many blocks, by several threads. Blocks are looked into side
// by side; what comes of them is put together in their order, one at a time, so that an answer does
// not depend on which thread was faster.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "query/scan.h"
#include "store/sqlite/scan_threads.h"

namespace daybook::sqlite {

// For one question.
class BlockFold {
 public:
  // Puts what a block came to to the rest.
  using Add = std::function<Result<void>()>;
  // Looks into the block of this number, on any thread.
  using Look = std::function<Result<Add>(std::size_t block, Cost& cost)>;

  BlockFold(std::size_t blocks, Look look) : blocks_(blocks), look_(std::move(look)) {}

  // Looks into all blocks. What failed first, in their order, ends it. Adds to the cost.
  Result<void> run(ScanThreads& threads, Cost& cost);
  // The same without help.
  Result<void> run(Cost& cost);

 private:
  struct Done {
    Result<Add> add;
    Cost cost;
  };
  void work();
  std::optional<std::size_t> take();
  void give(std::size_t block, Done done);
  Result<void> finish(Cost& cost);

  const std::size_t blocks_;
  const Look look_;

  std::mutex mutex_;
  std::condition_variable added_one_;
  std::size_t next_ = 0;              // to be looked into
  std::size_t added_ = 0;             // so many are put together
  std::map<std::size_t, Done> done_;  // those that wait for one before them
  std::optional<Error> failure_;
  Cost cost_;
};

}  // namespace daybook::sqlite
