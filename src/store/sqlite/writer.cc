#include "store/sqlite/writer.h"

#include <utility>

namespace daybook::sqlite {

namespace {

constexpr const char* kMustReopen =
    "nothing was written: the outcome of an earlier commit is unknown since the disk failed, and "
    "writes are refused until the store is opened again";

Instant wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace

Writer::Writer(Connection db, State state, const Options& options, ColumnCache& cache, Views& views,
               AfterCommit after_commit)
    : db_(std::move(db)),
      state_(std::move(state)),
      options_(options),
      cache_(cache),
      views_(views),
      after_commit_(std::move(after_commit)) {
  const std::vector<bool> all(state_.journals.size(), true);
  publish(state_.commit, all, state_.positions);
  thread_ = std::thread([this] { work(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  waiting_.notify_all();
  thread_.join();
}

Result<Committed> Writer::apply(const Incoming& incoming) {
  std::optional<Result<Committed>> outcome;
  std::shared_ptr<Round> round;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || queue_.size() >= options_.max_queued_batches) {
      return Error(Code::kUnavailable, "too many batches wait to be written");
    }
    const auto* before = queue_.empty() ? nullptr : std::get_if<BatchJob>(&queue_.back());
    round = before != nullptr ? before->round : std::make_shared<Round>();
    queue_.emplace_back(BatchJob{&incoming, &outcome, round});
    waiting_.notify_one();
  }
  round->ended.wait();
  return *std::move(outcome);
}

std::future<Result<void>> Writer::enqueue(Job job, std::future<Result<void>> answer) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopping_) {
      queue_.push_back(std::move(job));
      waiting_.notify_one();
      return answer;
    }
  }
  std::promise<Result<void>> refused;
  refused.set_value(Error(Code::kUnavailable, "the store is being closed"));
  return refused.get_future();
}

Result<void> Writer::visit(Visit visit) {
  if (is_my_thread()) {
    visit(db_);
    return {};
  }
  VisitJob job{std::move(visit), {}};
  auto answer = job.answer.get_future();
  return enqueue(std::move(job), std::move(answer)).get();
}

Result<void> Writer::run(Step step) {
  if (is_my_thread()) return run_here(step);
  StepJob job{std::move(step), {}};
  auto answer = job.answer.get_future();
  return enqueue(std::move(job), std::move(answer)).get();
}

StoreHealth Writer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void Writer::set_health(bool is_writable, std::string reason) {
  const std::lock_guard lock(mutex_);
  health_ = {is_writable, std::move(reason)};
}

void Writer::work() {
  while (true) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      waiting_.wait(lock, [&] { return is_stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      jobs.swap(queue_);
    }
    do_jobs(jobs);
  }
}

void Writer::do_jobs(std::vector<Job>& jobs) {
  std::vector<BatchJob*> batches;
  const auto flush = [&] {
    if (batches.empty()) return;
    commit_batches(batches);
    batches.front()->round->end.set_value();
    batches.clear();
    after_commit_(*this, std::exchange(touched_, {}));
  };
  for (Job& job : jobs) {
    if (auto* batch = std::get_if<BatchJob>(&job)) {
      batches.push_back(batch);
      continue;
    }
    flush();
    if (auto* step = std::get_if<StepJob>(&job)) {
      step->answer.set_value(run_here(step->step));
    } else {
      auto& visit = std::get<VisitJob>(job);
      visit.visit(db_);
      visit.answer.set_value({});
    }
  }
  flush();
}

void Writer::commit_batches(std::vector<BatchJob*>& jobs) {
  auto outcomes = try_batches(jobs);
  if (!outcomes.ok() && jobs.size() > 1 && !is_disk_error_ && !must_reopen_) {
    return commit_one_by_one(jobs);
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (outcomes.ok()) {
      jobs[i]->outcome->emplace(std::move((*outcomes)[i]));
    } else {
      jobs[i]->outcome->emplace(outcomes.error());
    }
  }
}

// One of them breaks the transaction; it alone shall fail.
void Writer::commit_one_by_one(std::vector<BatchJob*>& jobs) {
  for (BatchJob* job : jobs) {
    std::vector<BatchJob*> alone{job};
    commit_batches(alone);
  }
}

Result<std::vector<Result<Committed>>> Writer::try_batches(const std::vector<BatchJob*>& jobs) {
  if (must_reopen_) return Error(Code::kUnavailable, kMustReopen);
  is_disk_error_ = false;
  if (auto begun = db_.run("BEGIN IMMEDIATE"); !begun.ok()) {
    return rolled_back(std::move(begun).error());
  }
  Transaction transaction(db_, state_.journals, cache_, state_.commit + 1, state_.positions);
  const auto fail = [&](Error error) {
    transaction.staging().undo();
    return rolled_back(std::move(error));
  };
  std::vector<Result<Committed>> outcomes;
  outcomes.reserve(jobs.size());
  for (const BatchJob* job : jobs) {
    auto outcome = transaction.apply(*job->incoming);
    if (!outcome.ok()) return fail(std::move(outcome).error());
    outcomes.push_back(*std::move(outcome));
  }
  if (auto written = transaction.write(wall_clock()); !written.ok()) {
    return fail(std::move(written).error());
  }
  if (auto committed = commit(); !committed.ok()) return fail(std::move(committed).error());
  Staging& staged = transaction.staging();
  staged.settle();
  for (Partition* partition : staged.touched_partitions()) touched_.insert(partition);
  publish(state_.commit + 1, staged.touched_journals(), transaction.positions());
  return outcomes;
}

Result<void> Writer::run_here(const Step& step) {
  if (must_reopen_) return Error(Code::kUnavailable, kMustReopen);
  if (auto begun = db_.run("BEGIN IMMEDIATE"); !begun.ok()) {
    return rolled_back(std::move(begun).error());
  }
  Positions positions = state_.positions;
  std::vector<bool> touched(state_.journals.size(), false);
  WriteAccess access{db_, state_.journals, state_.commit + 1, positions, touched, {}};
  auto settle = step(access);
  if (!settle.ok()) return rolled_back(std::move(settle).error());
  if (!*settle) return db_.run("ROLLBACK");
  {
    auto counter = db_.query("INSERT OR REPLACE INTO counter (id, value) VALUES (?1, ?2)");
    if (!counter.ok()) return rolled_back(std::move(counter).error());
    for (const auto& [application, position] : positions) {
      counter->bind(1, application).bind(2, position);
      if (auto run = counter->run(); !run.ok()) return rolled_back(std::move(run).error());
    }
    counter->bind(1, std::int64_t{0}).bind(2, access.commit);
    if (auto run = counter->run(); !run.ok()) return rolled_back(std::move(run).error());
  }
  if (auto committed = commit(); !committed.ok()) {
    return rolled_back(std::move(committed).error());
  }
  (*settle)();
  publish(access.commit, touched, positions);
  if (access.afterwards) access.afterwards();
  return {};
}

Result<void> Writer::commit() {
  auto committed = db_.run("COMMIT");
  if (committed.ok()) {
    tell(options_, Moment::kCommitted);
    if (const StoreHealth now = health(); !now.is_writable) set_health(true, {});
    return {};
  }
  // A full disk is found before anything counts as written. Whatever else went wrong, the bytes may
  // be there or not, and a second fsync would not tell.
  if (db_.was_full()) return committed;
  must_reopen_ = true;
  return Error(Code::kUnavailable,
               "the outcome is unknown: the commit failed (" + committed.error().message() + ")")
      .with_cause(committed.error().cause());
}

Error Writer::rolled_back(Error error) {
  is_disk_error_ = error.code() == Code::kUnavailable;
  if (is_disk_error_) set_health(false, must_reopen_ ? kMustReopen : error.message());
  // There is none when SQLite has rolled back by itself.
  if (db_.in_transaction()) (void)db_.run("ROLLBACK").ok();
  return error;
}

void Writer::publish(Commit commit, const std::vector<bool>& touched, const Positions& positions) {
  auto view = std::make_shared<View>();
  if (const auto before = views_.newest()) view->journals = before->journals;
  view->journals.resize(state_.journals.size());
  for (std::size_t i = 0; i < touched.size(); ++i) {
    if (touched[i]) {
      view->journals[i] = std::make_shared<const JournalView>(view_of(state_.journals[i]));
    }
  }
  view->commit = commit;
  view->positions = positions;
  state_.commit = commit;
  state_.positions = positions;
  views_.publish(std::move(view));
}

}  // namespace daybook::sqlite
