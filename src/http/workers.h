// The threads that run a server's handler: none at first, one more whenever all are busy, up to a
// bound. The queue in front of them is bounded, too.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace daybook::http {

class Workers {
 public:
  Workers(std::size_t max_threads, std::size_t max_queued);
  ~Workers();  // stops

  // Any thread. False when the queue is full or the workers were stopped.
  bool submit(std::function<void()> task);
  // Does what is queued, then joins all threads. Called once.
  void stop();

  std::size_t queued() const;

 private:
  void work();
  void call_somebody(std::unique_lock<std::mutex>& lock);
  bool start_thread();

  const std::size_t max_threads_;
  const std::size_t max_queued_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable work_to_do_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t asleep_ = 0;
  bool is_called_ = false;  // somebody was woken or started, and no task was taken since
  bool is_stopping_ = false;
};

}  // namespace daybook::http
