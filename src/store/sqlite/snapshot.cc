#include "store/sqlite/snapshot.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/sqlite/schema.h"

namespace daybook::sqlite {

namespace {

// Between reading the commit and finding its View dozens of commits would have to happen.
constexpr int kTries = 20;
// How often who waits looks whether anybody waits for him.
constexpr auto kBetweenLooks = std::chrono::milliseconds(50);

}  // namespace

Readers::Readers(std::string directory, Options options)
    : directory_(std::move(directory)), options_(std::move(options)) {}

Result<std::unique_ptr<Connection>> Readers::take(std::chrono::steady_clock::time_point end,
                                                  const std::function<bool()>& is_cancelled) {
  {
    std::unique_lock lock(mutex_);
    while (idle_.empty() && lent_ >= options_.readers) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= end || (is_cancelled && is_cancelled())) {
        return Error(Code::kTooSlow, "the question waited too long for others to end");
      }
      given_back_.wait_until(lock, std::min(end, now + kBetweenLooks));
    }
    ++lent_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto opened = open_for_reading(directory_, options_);
  if (!opened.ok()) {
    give_back(nullptr);
    return std::move(opened).error();
  }
  return std::make_unique<Connection>(*std::move(opened));
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection) idle_.push_back(std::move(connection));
  }
  given_back_.notify_one();
}

Result<Snapshot> Snapshot::open(Readers& readers, const Views& views, const Budget& budget) {
  const auto end = std::chrono::steady_clock::now() + budget.time;
  DAYBOOK_ASSIGN(auto connection, readers.take(end, budget.is_cancelled));
  Snapshot snapshot(readers, std::move(connection));
  snapshot.db().set_interrupt([end, is_cancelled = budget.is_cancelled] {
    return std::chrono::steady_clock::now() > end || (is_cancelled && is_cancelled());
  });
  DAYBOOK_TRY(snapshot.begin(views, end));
  return snapshot;
}

Result<void> Snapshot::begin(const Views& views, std::chrono::steady_clock::time_point end) {
  const Views::Entry entry(views);
  for (int attempt = 0; attempt < kTries; ++attempt) {
    DAYBOOK_TRY(connection_->run("BEGIN"));
    // The first read fixes the snapshot.
    DAYBOOK_ASSIGN(const auto commit,
                   connection_->ask_integer("SELECT value FROM counter WHERE id = 0"));
    tell(readers_->options(), Moment::kSnapshotBegun);
    view_ = views.at(static_cast<Commit>(commit.value_or(0)), end);
    if (view_) {
      tell(readers_->options(), Moment::kSnapshotTaken);
      return {};
    }
    DAYBOOK_TRY(connection_->run("ROLLBACK"));
    if (std::chrono::steady_clock::now() >= end) {
      return Error(Code::kTooSlow, "the question waited too long for the newest commit");
    }
  }
  return Error(Code::kUnavailable, "no snapshot could be taken: too many commits at once");
}

Snapshot::~Snapshot() {
  if (!connection_) return;
  connection_->set_interrupt({});
  const bool is_ended = !connection_->in_transaction() || connection_->run("ROLLBACK").ok();
  // One that cannot end its transaction would hold the log for ever.
  if (!is_ended) connection_.reset();
  readers_->give_back(std::move(connection_));
}

}  // namespace daybook::sqlite
