#include "store/sqlite/scan_threads.h"

#include <algorithm>

namespace daybook::sqlite {

ScanThreads::ScanThreads(std::size_t threads, std::uint64_t few_rows) : few_rows_(few_rows) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { help(); });
}

ScanThreads::~ScanThreads() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  offered_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ScanThreads::share(const std::function<void()>& work) {
  if (threads_.empty()) return work();
  Offer offer{&work, threads_.size()};
  {
    const std::lock_guard lock(mutex_);
    offers_.push_back(&offer);
  }
  offered_.notify_all();
  work();
  std::unique_lock lock(mutex_);
  std::erase(offers_, &offer);
  helped_.wait(lock, [&] { return offer.helpers == 0; });
}

void ScanThreads::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    offered_.wait(lock, [&] { return is_over_ || !offers_.empty(); });
    if (is_over_) return;
    Offer& offer = *offers_.front();
    ++offer.helpers;
    if (--offer.seats == 0) offers_.pop_front();
    lock.unlock();
    (*offer.work)();
    lock.lock();
    if (--offer.helpers == 0) helped_.notify_all();
  }
}

}  // namespace daybook::sqlite
