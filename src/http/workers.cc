#include "http/workers.h"

#include <pthread.h>
#include <sched.h>

#include <system_error>

#include "base/log.h"

namespace daybook::http {

namespace {

// One commit wakes many workers at once. None of them is to take the processor from who has it (the
// socket thread, with more requests to read; another worker, about to answer): that costs two
// switches for each answer. What the operator has chosen for the process stays.
void yield_to_who_runs() {
#ifdef SCHED_BATCH
  int policy = 0;
  sched_param param{};
  if (pthread_getschedparam(pthread_self(), &policy, &param) != 0 || policy != SCHED_OTHER) return;
  (void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &param);  // without it, only slower
#endif
}

}  // namespace

Workers::Workers(std::size_t max_threads, std::size_t max_queued)
    : max_threads_(max_threads), max_queued_(max_queued) {}

Workers::~Workers() { stop(); }

bool Workers::submit(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  if (is_stopping_ || queue_.size() >= max_queued_) return false;
  if (threads_.empty() && !start_thread()) return false;
  queue_.push_back(std::move(task));
  call_somebody(lock);
  return true;
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
// tasks are done by few threads, and long ones soon have as many as they need. Unlocks, so that
// who wakes up does not find the door locked.
void Workers::call_somebody(std::unique_lock<std::mutex>& lock) {
  if (queue_.empty() || is_called_) return lock.unlock();
  if (asleep_ > 0) {
    is_called_ = true;
    lock.unlock();
    work_to_do_.notify_one();
    return;
  }
  if (threads_.size() < max_threads_ && !is_stopping_) start_thread();
  lock.unlock();
}

bool Workers::start_thread() {
  try {
    threads_.emplace_back([this] { work(); });
    is_called_ = true;
    return true;
  } catch (const std::system_error& error) {
    log(LogLevel::kWarning, "cannot start a worker", {{"cause", error.what()}});
    return false;
  }
}

void Workers::work() {
  yield_to_who_runs();
  std::unique_lock lock(mutex_);
  while (true) {
    ++asleep_;
    work_to_do_.wait(lock, [this] { return !queue_.empty() || is_stopping_; });
    --asleep_;
    if (queue_.empty()) return;
    std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    is_called_ = false;
    call_somebody(lock);
    task();
    task = nullptr;  // what it owns is not destroyed under the lock
    lock.lock();
  }
}

}  // namespace daybook::http
