#include "store/sqlite/view.h"

#include <algorithm>
#include <utility>

namespace daybook::sqlite {

namespace {

Position position_in(const View& view, std::int64_t application) {
  const auto it = view.positions.find(application);
  return it == view.positions.end() ? 0 : it->second;
}

}  // namespace

void Views::publish(std::shared_ptr<const View> view) {
  std::shared_ptr<const View> out;  // freed after the lock
  {
    const std::lock_guard lock(mutex_);
    out = std::exchange(ring_[view->commit % kKept], view);
    newest_ = std::move(view);
  }
  published_.notify_all();
}

std::shared_ptr<const View> Views::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::shared_ptr<const View> Views::at(Commit commit,
                                      std::chrono::steady_clock::time_point end) const {
  std::unique_lock lock(mutex_);
  published_.wait_until(lock, end, [&] { return is_closed_ || newest_->commit >= commit; });
  const auto& view = ring_[commit % kKept];
  return view && view->commit == commit ? view : nullptr;
}

Position Views::wait(std::int64_t application, Position after, Duration at_most) const {
  // A wait for the longest duration overflows in the library.
  const Duration bounded = std::min<Duration>(at_most, std::chrono::hours(24));
  std::unique_lock lock(mutex_);
  published_.wait_for(lock, bounded,
                      [&] { return is_closed_ || position_in(*newest_, application) > after; });
  return position_in(*newest_, application);
}

void Views::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  published_.notify_all();
}

}  // namespace daybook::sqlite
