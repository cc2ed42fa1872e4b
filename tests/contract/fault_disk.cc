#include "tests/contract/fault_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <utility>

namespace daybook::contract {

namespace {

constexpr std::uint64_t kSectorBytes = 512;

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void overwrite(std::string& image, std::uint64_t offset, std::string_view bytes) {
  if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size());
  std::ranges::copy(bytes, image.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

bool FaultDisk::Trap::springs() {
  if (!left || --*left > 0) return false;
  left.reset();
  return true;
}

void FaultDisk::fill_up(std::uint64_t n) {
  std::lock_guard lock(mutex_);
  room_.left = n;
}

void FaultDisk::make_room() {
  std::lock_guard lock(mutex_);
  room_.left.reset();
  is_full_ = false;
}

void FaultDisk::fail_sync(std::uint64_t n) {
  std::lock_guard lock(mutex_);
  sync_.left = n;
}

void FaultDisk::cut_power(std::uint64_t n) {
  std::lock_guard lock(mutex_);
  power_.left = n;
}

std::uint64_t FaultDisk::calls() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

bool FaultDisk::has_power() const {
  std::lock_guard lock(mutex_);
  return has_power_;
}

bool FaultDisk::spend_power() {
  ++calls_;
  if (power_.springs()) has_power_ = false;
  return has_power_;
}

void FaultDisk::open(const std::string& path) {
  std::lock_guard lock(mutex_);
  auto [it, is_new] = files_.try_emplace(path);
  if (is_new) it->second.safe = read_file(path);
}

FaultDisk::Answer FaultDisk::write(const std::string& path, std::uint64_t offset,
                                   std::string_view bytes) {
  std::lock_guard lock(mutex_);
  if (!spend_power()) return Answer::kFailed;
  if (room_.springs()) is_full_ = true;
  if (is_full_) return Answer::kFull;
  files_[path].pending.push_back({offset, std::string(bytes)});
  return Answer::kDone;
}

FaultDisk::Answer FaultDisk::truncate(const std::string& path, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  if (!spend_power()) return Answer::kFailed;
  files_[path].pending.push_back({size, std::nullopt});
  return Answer::kDone;
}

FaultDisk::Answer FaultDisk::sync(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (!spend_power() || sync_.springs()) return Answer::kFailed;
  for (auto& [name, other] : files_) {
    if (std::exchange(other.is_removed, false)) other.safe.reset();
  }
  File& file = files_[path];
  if (!file.safe) file.safe.emplace();
  for (const Change& change : file.pending) {
    if (change.bytes) {
      overwrite(*file.safe, change.offset, *change.bytes);
    } else {
      file.safe->resize(change.offset);
    }
  }
  file.pending.clear();
  return Answer::kDone;
}

FaultDisk::Answer FaultDisk::remove(const std::string& path, bool is_synced) {
  std::lock_guard lock(mutex_);
  if (!spend_power()) return Answer::kFailed;
  File& file = files_[path];
  file.pending.clear();
  file.is_removed = !is_synced;
  if (is_synced) file.safe.reset();
  return Answer::kDone;
}

void FaultDisk::restart(std::uint64_t dice) {
  std::lock_guard lock(mutex_);
  std::mt19937_64 random(dice);
  const auto happened = [&] { return dice != 0 && random() % 2 == 0; };
  for (const auto& [path, file] : files_) {
    std::optional<std::string> image = file.safe;
    for (const Change& change : file.pending) {
      if (!change.bytes) {
        if (image && happened()) image->resize(change.offset);
        continue;
      }
      for (std::uint64_t at = 0; at < change.bytes->size(); at += kSectorBytes) {
        if (!happened()) continue;
        if (!image) image.emplace();
        overwrite(*image, change.offset + at,
                  std::string_view(*change.bytes).substr(at, kSectorBytes));
      }
    }
    std::filesystem::remove(path);
    // The index of a write-ahead log lives in memory only.
    std::filesystem::remove(path + "-shm");
    if (image) std::ofstream(path, std::ios::binary) << *image;
  }
  files_.clear();
  has_power_ = true;
  is_full_ = false;
  power_ = room_ = sync_ = {};
}

}  // namespace daybook::contract
