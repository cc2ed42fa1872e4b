#include "tests/contract/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

namespace daybook::contract {

struct FaultVfs::State {
  FaultDisk disk;
  std::string name;
  sqlite3_vfs vfs{};
};

namespace {

// SQLite gives the memory: this, and behind it the real file.
struct File {
  sqlite3_file base;
  FaultDisk* disk;          // null for temporary files, which need not survive
  const std::string* path;  // owned
  sqlite3_file* real;
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return file_of(file).real; }
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *real_of(file)->pMethods; }

FaultDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FaultDisk*>(vfs->pAppData); }
sqlite3_vfs* real_vfs() { return sqlite3_vfs_find(nullptr); }

int close(sqlite3_file* file) {
  const int code = methods_of(file).xClose(real_of(file));
  delete file_of(file).path;
  return code;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  const File& f = file_of(file);
  if (f.disk && !f.disk->has_power()) return SQLITE_IOERR_READ;
  return methods_of(file).xRead(f.real, bytes, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const File& f = file_of(file);
  if (f.disk) {
    const std::string_view text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    switch (f.disk->write(*f.path, static_cast<std::uint64_t>(offset), text)) {
      case FaultDisk::Answer::kDone:
        break;
      case FaultDisk::Answer::kFull:
        return SQLITE_FULL;
      case FaultDisk::Answer::kFailed:
        return SQLITE_IOERR_WRITE;
    }
  }
  return methods_of(file).xWrite(f.real, bytes, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const File& f = file_of(file);
  if (f.disk &&
      f.disk->truncate(*f.path, static_cast<std::uint64_t>(size)) != FaultDisk::Answer::kDone) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return methods_of(file).xTruncate(f.real, size);
}

// The real file is not synced: the tests do not cut the machine's power.
int sync(sqlite3_file* file, int) {
  const File& f = file_of(file);
  const bool is_done = !f.disk || f.disk->sync(*f.path) == FaultDisk::Answer::kDone;
  return is_done ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return methods_of(file).xFileSize(real_of(file), size);
}

int lock(sqlite3_file* file, int level) { return methods_of(file).xLock(real_of(file), level); }
int unlock(sqlite3_file* file, int level) { return methods_of(file).xUnlock(real_of(file), level); }

int check_reserved_lock(sqlite3_file* file, int* is_locked) {
  return methods_of(file).xCheckReservedLock(real_of(file), is_locked);
}

// Hints would make the real file longer without a write that the disk sees.
int file_control(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) {
    return SQLITE_NOTFOUND;
  }
  return methods_of(file).xFileControl(real_of(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return methods_of(file).xSectorSize(real_of(file)); }
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return methods_of(file).xShmMap(real_of(file), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return methods_of(file).xShmLock(real_of(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { methods_of(file).xShmBarrier(real_of(file)); }
int shm_unmap(sqlite3_file* file, int is_deleted) {
  return methods_of(file).xShmUnmap(real_of(file), is_deleted);
}

// Version 2: without memory-mapped reading, which a power cut would not stop.
constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved_lock,
                                         file_control,
                                         sector_size,
                                         device_characteristics,
                                         shm_map,
                                         shm_lock,
                                         shm_barrier,
                                         shm_unmap,
                                         nullptr,
                                         nullptr};

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  const bool is_temporary = name == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  FaultDisk* disk = is_temporary ? nullptr : &disk_of(vfs);
  file->pMethods = nullptr;
  if (disk && !disk->has_power()) return SQLITE_CANTOPEN;
  if (disk) disk->open(name);
  auto* const real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
  const int code = real_vfs()->xOpen(real_vfs(), name, real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  new (file) File{{&kMethods}, disk, new std::string(name ? name : ""), real};
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  if (disk_of(vfs).remove(name, sync_directory != 0) != FaultDisk::Answer::kDone) {
    return SQLITE_IOERR_DELETE;
  }
  return real_vfs()->xDelete(real_vfs(), name, 0);
}

int access(sqlite3_vfs*, const char* name, int flags, int* answer) {
  return real_vfs()->xAccess(real_vfs(), name, flags, answer);
}

int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
  return real_vfs()->xFullPathname(real_vfs(), name, size, out);
}

}  // namespace

FaultVfs::FaultVfs() : state_(std::make_unique<State>()) {
  static std::atomic<int> count = 0;
  state_->name = "daybook-fault-" + std::to_string(++count);
  state_->vfs = *real_vfs();
  state_->vfs.szOsFile += static_cast<int>(sizeof(File));
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.pAppData = &state_->disk;
  state_->vfs.xOpen = open;
  state_->vfs.xDelete = remove;
  state_->vfs.xAccess = access;
  state_->vfs.xFullPathname = full_pathname;
  sqlite3_vfs_register(&state_->vfs, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultVfs::name() const { return state_->name; }
FaultDisk& FaultVfs::disk() { return state_->disk; }

}  // namespace daybook::contract
