// FaultDisk: what a disk keeps and what it forgets. Files are written for real, and beside them it
// knows what would be left if the power went now: what was synced, and of the rest what the test's
// dice say. It can be full, fail a sync, and die at a call of the test's choice. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::contract {

class FaultDisk {
 public:
  enum class Answer { kDone, kFull, kFailed };

  // From the n-th write on (1: the next), every write finds the disk full, until make_room().
  void fill_up(std::uint64_t n = 1);
  void make_room();
  // The n-th sync fails, and what it was to make safe is not safe.
  void fail_sync(std::uint64_t n = 1);
  // The power goes at the n-th write, truncation, removal or sync: it and all calls after it fail.
  void cut_power(std::uint64_t n = 1);

  // The power comes back: the files hold what was synced, and with dice some sectors of what was
  // not. Nobody may have a file of this disk open.
  void restart(std::uint64_t dice = 0);

  // Writes, truncations, removals and syncs so far.
  std::uint64_t calls() const;
  bool has_power() const;

  // What the VFS asks before it does the same to the real file.
  void open(const std::string& path);
  Answer write(const std::string& path, std::uint64_t offset, std::string_view bytes);
  Answer truncate(const std::string& path, std::uint64_t size);
  Answer sync(const std::string& path);
  Answer remove(const std::string& path, bool is_synced);

 private:
  // A change that no sync has made safe; without bytes a truncation to `offset`.
  struct Change {
    std::uint64_t offset = 0;
    std::optional<std::string> bytes;
  };
  struct File {
    std::optional<std::string> safe;  // none: after a power cut it is not there
    std::vector<Change> pending;
    // A removal is safe with the next sync of any file, as on a file system that keeps a journal of
    // its directories; until then a power cut undoes it.
    bool is_removed = false;
  };
  // A countdown: true from the call on that it was set for.
  struct Trap {
    std::optional<std::uint64_t> left;
    bool springs();
  };

  // The caller holds mutex_.
  bool spend_power();

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;  // by path
  std::uint64_t calls_ = 0;
  bool has_power_ = true;
  bool is_full_ = false;
  Trap power_, room_, sync_;
};

}  // namespace daybook::contract
