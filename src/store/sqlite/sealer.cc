#include "store/sqlite/sealer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/sqlite/sealing.h"

namespace daybook::sqlite {

namespace {

constexpr std::size_t kShareOfFrozen = 4;
// Of the memory for open blocks, when its limit was reached.
constexpr std::size_t kTenthsLeft = 7;
// So many bytes of small blocks are sealed by one transaction.
constexpr std::size_t kAtOnce = 4u << 20;
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

void Sealer::count(const Partition& partition) {
  std::size_t& bytes = bytes_[partition.info->id];
  all_bytes_ -= bytes;
  bytes = partition.open ? partition.open->bytes() : 0;
  all_bytes_ += bytes;
}

// Partitions that went took their open rows along.
void Sealer::count_anew(Writer& writer) {
  bytes_.clear();
  all_bytes_ = 0;
  for (const Journal& journal : writer.journals_here()) {
    for (const auto& [key, partition] : journal.partitions) {
      if (partition->open) count(*partition);
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
    count(*partition);
    const bool is_full = partition->open_rows() >= options_.block_rows;
    if (is_full && !partition->frozen) (void)seal(writer, {partition});
  }
  if (now - last_look_ > options_.quiet) seal_quiet(writer);
  keep_in_bounds(writer);
  if (options_.background) return;
  while (do_chore()) {
  }
}

// More than has to go at once: a backfill over many partitions would otherwise be back at the limit
// with the next commit, and seal a small block each time.
void Sealer::keep_in_bounds(Writer& writer) {
  // A part of the memory is for blocks that wait for the background.
  const std::size_t limit = options_.open_bytes - options_.open_bytes / kShareOfFrozen;
  if (all_bytes_ > limit) count_anew(writer);
  if (all_bytes_ <= limit) return;
  const std::size_t wanted = limit / 10 * kTenthsLeft;
  std::vector<Partition*> going;
  std::size_t left = all_bytes_;
  for (Partition* partition : coldest_first(writer)) {
    if (left <= wanted) break;
    left -= bytes_[partition->info->id];
    going.push_back(partition);
  }
  (void)seal(writer, going);
}

void Sealer::seal_quiet(Writer& writer) {
  std::vector<Partition*> quiet;
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
      if (silence > options_.quiet && (is_much || is_over)) quiet.push_back(partition.get());
    }
  }
  (void)seal(writer, quiet);
}

std::vector<Partition*> Sealer::coldest_first(Writer& writer) const {
  std::vector<Partition*> found;
  for (const Journal& journal : writer.journals_here()) {
    for (const auto& [key, partition] : journal.partitions) {
      if (partition->open_rows() > 0 && !partition->frozen) found.push_back(partition.get());
    }
  }
  std::ranges::sort(found, {}, &Partition::last_commit);
  return found;
}

bool Sealer::seal(Writer& writer, const std::vector<Partition*>& partitions) {
  std::vector<Job> here;
  for (Partition* partition : partitions) {
    const std::size_t bytes = bytes_[partition->info->id];
    Job job{shelves_.all()[partition->info->shelf].get(),
            {partition->info->start, partition->info->keep},
            freeze(*partition, writer.commit_here()),
            bytes};
    count(*partition);
    const std::lock_guard lock(mutex_);
    // When the background cannot keep up, the writer does it itself.
    const bool is_behind = !options_.background || is_stopping_ ||
                           frozen_bytes_ + bytes > options_.open_bytes / kShareOfFrozen;
    if (is_behind) {
      here.push_back(std::move(job));
    } else {
      frozen_bytes_ += bytes;
      jobs_.push_back(std::move(job));
      work_to_do_.notify_one();
    }
  }
  if (here.empty() || install_all(writer, here)) return true;
  for (Partition* partition : partitions) {
    const auto is_its = [&](const Job& job) { return job.frozen == partition->frozen; };
    if (std::ranges::none_of(here, is_its)) continue;
    thaw(*partition, *partition->frozen);
    count(*partition);
  }
  return false;
}

bool Sealer::install_all(Writer& writer, const std::vector<Job>& jobs) const {
  std::vector<columns::SealedRows> encoded;
  for (const Job& job : jobs) {
    auto rows = encode(*job.shelf, *job.frozen);
    if (!rows.ok()) return false;
    encoded.push_back(*std::move(rows));
  }
  if (!writer.is_my_thread()) tell(options_, Moment::kEncoded);
  const auto step = [&](WriteAccess& access) -> Result<Settle> {
    std::vector<Settle> settles;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const Job& job = jobs[i];
      DAYBOOK_ASSIGN(Settle settle, install(access, *job.shelf, job.key, job.frozen, encoded[i]));
      if (settle) settles.push_back(std::move(settle));
    }
    if (settles.empty()) return Settle();
    return Settle([settles = std::move(settles)] {
      for (const Settle& settle : settles) settle();
    });
  };
  return writer.run(step).ok();
}

std::vector<Sealer::Job> Sealer::wait_for_jobs(std::chrono::steady_clock::duration at_most) {
  std::vector<Job> taken;
  std::unique_lock lock(mutex_);
  work_to_do_.wait_for(lock, at_most, [&] { return is_stopping_ || !jobs_.empty(); });
  if (is_stopping_) return taken;
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < jobs_.size() && (count == 0 || bytes + jobs_[count].bytes <= kAtOnce)) {
    bytes += jobs_[count++].bytes;
  }
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(count);
  std::move(jobs_.begin(), end, std::back_inserter(taken));
  jobs_.erase(jobs_.begin(), end);
  return taken;
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
    if (auto jobs = wait_for_jobs(pause); !jobs.empty()) {
      encode_and_install(writer, std::move(jobs));
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

void Sealer::encode_and_install(Writer& writer, std::vector<Job> jobs) {
  const bool are_installed = install_all(writer, jobs);
  if (!are_installed && jobs.size() > 1) {
    // One that cannot be is not to keep the others open.
    for (Job& job : jobs) encode_and_install(writer, {std::move(job)});
    return;
  }
  const std::lock_guard lock(mutex_);
  if (!are_installed) {
    std::ranges::move(jobs, std::back_inserter(failed_));
    return;
  }
  for (const Job& job : jobs) frozen_bytes_ -= job.bytes;
}

}  // namespace daybook::sqlite
