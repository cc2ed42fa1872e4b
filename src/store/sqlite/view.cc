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

Views::Entry::Entry(const Views& views) : views_(views) {
  const std::lock_guard lock(views_.mutex_);
  from_ = views_.kept_.empty() ? 0 : views_.kept_.back()->commit;
  views_.entered_.insert(from_);
}

Views::Entry::~Entry() {
  Kept unneeded;
  const std::lock_guard lock(views_.mutex_);
  views_.entered_.erase(views_.entered_.find(from_));
  unneeded = views_.take_unneeded();
}

Views::Kept Views::take_unneeded() const {
  Kept unneeded;
  const Commit from = entered_.empty() ? kept_.back()->commit : *entered_.begin();
  while (kept_.size() > 1 && (kept_.front()->commit < from || kept_.size() > kKept)) {
    unneeded.push_back(std::move(kept_.front()));
    kept_.pop_front();
  }
  return unneeded;
}

void Views::publish(std::shared_ptr<const View> view) {
  Kept unneeded;
  {
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(view));
    unneeded = take_unneeded();
  }
  published_.notify_all();
}

std::shared_ptr<const View> Views::newest() const {
  const std::lock_guard lock(mutex_);
  return kept_.empty() ? nullptr : kept_.back();
}

std::shared_ptr<const View> Views::at(Commit commit,
                                      std::chrono::steady_clock::time_point end) const {
  std::unique_lock lock(mutex_);
  published_.wait_until(lock, end, [&] { return is_closed_ || kept_.back()->commit >= commit; });
  const auto it = std::ranges::lower_bound(
      kept_, commit, {}, [](const std::shared_ptr<const View>& view) { return view->commit; });
  return it != kept_.end() && (*it)->commit == commit ? *it : nullptr;
}

Position Views::wait(std::int64_t application, Position after, Duration at_most) const {
  // A wait for the longest duration overflows in the library.
  const Duration bounded = std::min<Duration>(at_most, std::chrono::hours(24));
  std::unique_lock lock(mutex_);
  published_.wait_for(
      lock, bounded, [&] { return is_closed_ || position_in(*kept_.back(), application) > after; });
  return position_in(*kept_.back(), application);
}

void Views::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  published_.notify_all();
}

}  // namespace daybook::sqlite
