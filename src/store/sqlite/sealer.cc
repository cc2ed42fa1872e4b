#include "store/sqlite/sealer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "store/sqlite/sealing.h"

namespace daybook::sqlite {

Sealer::Sealer(const Shelves& shelves, const Options& options)
    : shelves_(shelves), options_(options) {}

Sealer::~Sealer() { stop(); }

void Sealer::start(Writer& writer) {
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
  const std::size_t open =
      std::accumulate(bytes_.begin(), bytes_.end(), std::size_t{0},
                      [](std::size_t sum, const auto& entry) { return sum + entry.second; });
  const std::lock_guard lock(mutex_);
  return open + frozen_bytes_;
}

void Sealer::after_commit(Writer& writer, const std::vector<Partition*>& touched) {
  for (Partition* partition : touched) {
    bytes_[partition->info->id] = partition->open ? partition->open->bytes() : 0;
    const bool is_full = partition->open_rows() >= options_.block_rows;
    if (is_full && !partition->frozen) seal(writer, *partition);
  }
  // Blocks that wait for the background count too: when it cannot keep up, the writer helps.
  while (open_bytes() > options_.open_bytes) {
    Partition* partition = coldest(writer);
    if (partition == nullptr) return;
    seal(writer, *partition);
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

void Sealer::seal(Writer& writer, Partition& partition) {
  const Shelf& shelf = *shelves_.all()[partition.info->shelf];
  const PartitionKey key{partition.info->start, partition.info->keep};
  const std::size_t bytes = std::exchange(bytes_[partition.info->id], 0);
  bool is_behind = !options_.background;
  {
    const std::lock_guard lock(mutex_);
    is_behind = is_behind || frozen_bytes_ > options_.open_bytes / 2 || is_stopping_;
  }
  auto frozen = freeze(partition, writer.commit_here());
  if (!is_behind) {
    const std::lock_guard lock(mutex_);
    frozen_bytes_ += bytes;
    jobs_.push_back({&shelf, key, std::move(frozen), bytes});
    work_to_do_.notify_one();
    return;
  }
  auto rows = encode(shelf, *frozen);
  // A seal that fails leaves the rows where they are: frozen and in their frames.
  if (!rows.ok()) return;
  (void)writer
      .run_here([&](WriteAccess& access) { return install(access, shelf, key, frozen, *rows); })
      .ok();
}

void Sealer::work(Writer& writer) {
  while (true) {
    Job job{};
    {
      std::unique_lock lock(mutex_);
      work_to_do_.wait(lock, [&] { return is_stopping_ || !jobs_.empty(); });
      if (is_stopping_) return;
      job = std::move(jobs_.front());
      jobs_.erase(jobs_.begin());
    }
    auto rows = encode(*job.shelf, *job.frozen);
    if (rows.ok()) {
      (void)writer
          .run([&](WriteAccess& access) {
            return install(access, *job.shelf, job.key, job.frozen, *rows);
          })
          .ok();
    }
    const std::lock_guard lock(mutex_);
    frozen_bytes_ -= job.bytes;
  }
}

}  // namespace daybook::sqlite
