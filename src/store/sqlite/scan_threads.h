// Threads that help questions to look into blocks. All questions of a store share them; a
// question's own thread always works too, so none waits for help.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace daybook::sqlite {

// Any thread.
class ScanThreads {
 public:
  // They help with questions about more than so many rows: with less, waking one takes longer than
  // what it would do.
  ScanThreads(std::size_t threads, std::uint64_t few_rows);
  // No question may be at work.
  ~ScanThreads();

  bool help_with(std::uint64_t rows) const { return rows > few_rows_; }

  // Calls work() on this thread, and meanwhile on those that are idle; returns when all calls have.
  // One call of work() must do whatever there is to do when no other comes.
  void share(const std::function<void()>& work);

 private:
  struct Offer {
    const std::function<void()>* work;
    std::size_t seats;  // how many may still join
    std::size_t helpers = 0;
  };
  void help();

  const std::uint64_t few_rows_;
  std::mutex mutex_;
  std::condition_variable offered_, helped_;
  std::deque<Offer*> offers_;  // with seats
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace daybook::sqlite
