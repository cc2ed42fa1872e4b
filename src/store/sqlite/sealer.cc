#include "store/sqlite/sealer.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "store/sqlite/sealing.h"

namespace daybook::sqlite {

namespace {

constexpr std::size_t kShareOfFrozen = 4;
constexpr std::chrono::steady_clock::duration kLongestTick = std::chrono::seconds(1);
constexpr std::chrono::steady_clock::duration kShortest = std::chrono::milliseconds(1);
// Fewer rows make blocks that cost more than they save; they wait for more, or for memory to be
// short.
constexpr std::size_t kWorthSealing = 1024;
// As many commits are worth it too: a start reads them one by one.
constexpr std::size_t kManyFrames = 256;
// Times quiet, after the end of its period: nothing more is expected there.
constexpr int kLongQuiet = 20;

}  // namespace

Sealer::Sealer(const Shelves& shelves, const Options& options)
    : shelves_(shelves), options_(options) {}

Sealer::~Sealer() { stop(); }

void Sealer::start(Writer& writer, std::vector<Chore> chores) {
  chores_ = std::move(chores);
  count_anew(writer);
  if (options_.background) thread_ = std::thread([this, &writer] { work(writer); });
}

void Sealer::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  work_to_do_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::size_t Sealer::open_bytes() const {
  return std::accumulate(bytes_.begin(), bytes_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& entry) { return sum + entry.second; });
}

// Partitions that went took their open rows along.
void Sealer::count_anew(Writer& writer) {
  bytes_.clear();
  for (const Journal& journal : writer.journals_here()) {
    for (const auto& [key, partition] : journal.partitions) {
      if (partition->open) bytes_[partition->info->id] = partition->open->bytes();
    }
  }
}

void Sealer::after_commit(Writer& writer, const std::set<Partition*>& touched) {
  {
    const std::lock_guard lock(mutex_);
    std::ranges::move(failed_, std::back_inserter(jobs_));
    failed_.clear();
    if (!jobs_.empty()) work_to_do_.notify_one();
  }
  const auto now = std::chrono::steady_clock::now();
  for (Partition* partition : touched) {
    bytes_[partition->info->id] = partition->open ? partition->open->bytes() : 0;
    const bool is_full = partition->open_rows() >= options_.block_rows;
    if (is_full && !partition->frozen) (void)seal(writer, *partition);
  }
  if (now - last_look_ > options_.quiet) seal_quiet(writer);
  keep_in_bounds(writer);
  if (options_.background) return;
  while (do_chore()) {
  }
}

void Sealer::keep_in_bounds(Writer& writer) {
  // A part of the memory is for blocks that wait for the background.
  const std::size_t limit = options_.open_bytes - options_.open_bytes / kShareOfFrozen;
  if (open_bytes() > limit) count_anew(writer);
  while (open_bytes() > limit) {
    Partition* partition = coldest(writer);
    if (partition == nullptr || !seal(writer, *partition)) return;
  }
}

void Sealer::seal_quiet(Writer& writer) {
  last_look_ = std::chrono::steady_clock::now();
  // In microseconds: the times of rows go further than the clock's finer ticks can count.
  const std::int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  for (const Journal& journal : writer.journals_here()) {
    for (const auto& [key, partition] : journal.partitions) {
      if (partition->open_rows() == 0 || partition->frozen) continue;
      const auto silence = last_look_ - partition->last_touched;
      const bool is_much =
          partition->open_rows() >= kWorthSealing || partition->frames.size() >= kManyFrames;
      const bool is_over = partition->info->until < now && silence > kLongQuiet * options_.quiet;
      if (silence > options_.quiet && (is_much || is_over)) (void)seal(writer, *partition);
    }
  }
}

Partition* Sealer::coldest(Writer& writer) const {
  Partition* found = nullptr;
  for (const Journal& journal : writer.journals_here()) {
    for (const auto& [key, partition] : journal.partitions) {
      if (partition->open_rows() == 0 || partition->frozen) continue;
      if (found == nullptr || partition->last_commit < found->last_commit) found = partition.get();
    }
  }
  return found;
}

bool Sealer::seal(Writer& writer, Partition& partition) {
  const Shelf& shelf = *shelves_.all()[partition.info->shelf];
  const PartitionKey key{partition.info->start, partition.info->keep};
  const std::size_t bytes = std::exchange(bytes_[partition.info->id], 0);
  bool is_behind = !options_.background;
  {
    const std::lock_guard lock(mutex_);
    // When the background cannot keep up, the writer does it itself.
    is_behind =
        is_behind || is_stopping_ || frozen_bytes_ + bytes > options_.open_bytes / kShareOfFrozen;
  }
  const auto frozen = freeze(partition, writer.commit_here());
  if (!is_behind) {
    const std::lock_guard lock(mutex_);
    frozen_bytes_ += bytes;
    jobs_.push_back({&shelf, key, frozen, bytes});
    work_to_do_.notify_one();
    return true;
  }
  const auto rows = encode(shelf, *frozen);
  const auto step = [&](WriteAccess& access) { return install(access, shelf, key, frozen, *rows); };
  const bool is_installed = rows.ok() && writer.run(step).ok();
  if (!is_installed) thaw(partition, *frozen);
  return is_installed;
}

std::optional<Sealer::Job> Sealer::wait_for_job(std::chrono::steady_clock::duration at_most) {
  std::unique_lock lock(mutex_);
  work_to_do_.wait_for(lock, at_most, [&] { return is_stopping_ || !jobs_.empty(); });
  if (is_stopping_ || jobs_.empty()) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.erase(jobs_.begin());
  return job;
}

bool Sealer::do_chore() {
  return std::ranges::any_of(chores_, [](const Chore& chore) {
    const auto did = chore();  // what failed is tried again the next time
    return did.ok() && *did;
  });
}

void Sealer::work(Writer& writer) {
  using Clock = std::chrono::steady_clock;
  const Clock::duration tick = std::clamp<Clock::duration>(options_.quiet, kShortest, kLongestTick);
  Clock::duration pause = tick;
  while (true) {
    if (auto job = wait_for_job(pause)) {
      encode_and_install(writer, *std::move(job));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return;
    }
    const auto begin = Clock::now();
    if (pause == tick) (void)writer.visit([&](Connection&) { seal_quiet(writer); }).ok();
    // Half of the time belongs to others.
    pause = do_chore() ? std::max<Clock::duration>(Clock::now() - begin, kShortest) : tick;
  }
}

void Sealer::encode_and_install(Writer& writer, Job job) {
  const auto rows = encode(*job.shelf, *job.frozen);
  tell(options_, Moment::kEncoded);
  const auto step = [&](WriteAccess& access) {
    return install(access, *job.shelf, job.key, job.frozen, *rows);
  };
  const bool is_installed = rows.ok() && writer.run(step).ok();
  const std::lock_guard lock(mutex_);
  if (is_installed) {
    frozen_bytes_ -= job.bytes;
  } else {
    failed_.push_back(std::move(job));
  }
}

}  // namespace daybook::sqlite
