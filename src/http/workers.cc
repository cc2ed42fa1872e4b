#include "http/workers.h"

#include <system_error>

#include "base/log.h"

namespace daybook::http {

Workers::Workers(std::size_t max_threads, std::size_t max_queued)
    : max_threads_(max_threads), max_queued_(max_queued) {}

Workers::~Workers() { stop(); }

bool Workers::submit(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (is_stopping_ || queue_.size() >= max_queued_) return false;
  queue_.push_back(std::move(task));
  call_somebody();
  if (!threads_.empty()) return true;
  queue_.pop_back();
  return false;
}

void Workers::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
    work_to_do_.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
}

std::size_t Workers::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

// One at a time is called; whoever takes a task calls the next if there is more to do. So short
// tasks are done by few threads, and long ones soon have as many as they need.
void Workers::call_somebody() {
  if (queue_.empty() || is_called_) return;
  if (asleep_ > 0) {
    is_called_ = true;
    work_to_do_.notify_one();
  } else if (threads_.size() < max_threads_ && !is_stopping_) {
    start_thread();
  }
}

void Workers::start_thread() {
  try {
    threads_.emplace_back([this] { work(); });
    is_called_ = true;
  } catch (const std::system_error& error) {
    log(LogLevel::kWarning, "cannot start a worker", {{"cause", error.what()}});
  }
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++asleep_;
    work_to_do_.wait(lock, [this] { return !queue_.empty() || is_stopping_; });
    --asleep_;
    if (queue_.empty()) return;
    const std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    is_called_ = false;
    call_somebody();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace daybook::http
