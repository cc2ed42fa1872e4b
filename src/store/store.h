// A Store keeps the rows of every collection in a Catalog.
//
// All methods may be called from any thread. A method that fails has changed nothing.
// A backend that cannot keep a clause below says so in traits(); it never pretends.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "query/keep.h"
#include "query/scan.h"
#include "query/search.h"
#include "query/summary.h"
#include "store/batch.h"
#include "store/change_feed.h"

namespace daybook {

struct StoreTraits {
  std::string name;        // "sqlite"
  bool is_durable = true;  // an acknowledged batch survives the machine's crash
  bool is_atomic = true;   // batches over several collections are whole or not at all
  bool is_shared = false;  // several processes may serve it at once
};

// Rows past their keep, up to a moment. Preview counts and changes nothing.
struct Expiry {
  enum class Mode { kPreview, kRemove };
  const Collection* collection = nullptr;
  Instant now;
  Mode mode = Mode::kRemove;
  TenantKeeps tenants;
};

// All rows of a subject.
struct Erasure {
  enum class Mode { kPreview, kRemove };
  const Collection* collection = nullptr;
  Filter filter;
  Mode mode = Mode::kRemove;
};

struct Removed {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;       // about
  std::uint64_t partitions = 0;  // removed whole
  std::optional<Instant> oldest, newest;
  // Of an erasure: no file of the store holds the bytes any more. False: something that reads, or a
  // disk that failed, kept the old log; it is tried again until it is gone.
  bool is_scrubbed = true;
};

// What `verify` found wrong; empty is good.
struct Finding {
  std::string where;
  std::string what;
};

// One step of looking at what a journal's rollups have stored, or of making it anew: one period of
// its partitions.
struct RollupCheck {
  enum class Mode { kVerify, kRebuild };
  const Collection* collection = nullptr;
  Mode mode = Mode::kVerify;
  std::optional<Instant> after;  // the period that was done before
};

struct RolledPeriod {
  std::optional<Instant> period;  // its start; none: all are done
  std::uint64_t done = 0;         // periods, this one included, of so many
  std::uint64_t of = 0;
  std::uint64_t sums = 0;  // stored ones that were compared or written
  std::uint64_t rows = 0;  // that they were compared with or made of
  std::string difference;  // the first that was found, in words; empty is good
};

struct CollectionSpace {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t partitions = 0;
  std::uint64_t blocks = 0;
  std::optional<Instant> oldest, newest;
};

struct IndexState {
  std::string collection;  // full name
  std::string index;
  std::string definition;  // "endpoint, timestamp desc; unique"
  bool is_built = true;    // false: rows from before it was declared are found without it
};

enum class SpaceDetail { kCollections, kParts };

// What all sealed blocks of a journal use for one thing.
struct PartSpace {
  std::string collection;  // full name
  std::string part;        // "column", "postings", "terms", "rollup"
  std::string of;          // the field, "(id)", "(extra)", "(sequence)"; "by_page, 1h"
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;  // of all the blocks, also of those that do without this part
  std::string encoding;    // of a column: how the newest block has it; empty where it has none
};

struct Space {
  std::map<std::string, CollectionSpace> collections;  // by full name
  std::uint64_t file_bytes = 0;
  std::uint64_t free_bytes = 0;  // inside the files
  std::vector<PartSpace> parts;  // when they were asked for, and the store has blocks
};

// Whether writes are taken, and if not, why.
struct StoreHealth {
  bool is_writable = true;
  std::string reason;
};

using RowSink = std::function<bool(Row&&)>;

class Store {
 public:
  virtual ~Store() = default;

  virtual StoreTraits traits() const = 0;
  virtual StoreHealth health() const = 0;

  // Makes tables and indexes match the catalog. What rows hold is never dropped; an index that is
  // not declared any more is, and refuses nothing from then on. The catalog must outlive the store.
  // To be called once before anything below.
  virtual Result<void> prepare(const Catalog& catalog) = 0;
  // catalog_json() of what it was last prepared with; empty for a new store.
  virtual Result<std::string> stored_catalog() = 0;

  // Applies a batch durably: it returns after what it acknowledges is on disk. Verdicts come in the
  // order of the operations. One batch never fails another's.
  // kUnavailable: nothing was stored (queue full, disk full), or, where the message says so, the
  // outcome is unknown.
  virtual Result<Committed> apply(const Batch& batch) = 0;
  // The Once that was stored with this key and has not expired at `now`.
  virtual Result<std::optional<Batch::Once>> recall(const std::string& key, Instant now) = 0;

  // Rows by id, in the order asked, among those that fit the filter; what is not there is empty. By
  // id alone a journal finds the newest; where rows of several tenants are left, the one that comes
  // first in default_order().
  virtual Result<std::vector<std::optional<Row>>> find(const Collection& collection,
                                                       const std::vector<std::string>& ids,
                                                       Instant now, const Filter& among) = 0;
  Result<std::vector<std::optional<Row>>> find(const Collection& collection,
                                               const std::vector<std::string>& ids, Instant now) {
    return find(collection, ids, now, Filter());
  }

  // Calls sink in the scan's order until it returns false or the limit is reached.
  virtual Result<Cost> scan(const Scan& scan, const RowSink& sink) = 0;
  virtual Result<Groups> summarize(const Summary& summary) = 0;
  virtual Result<Hits> search(const Search& search) = 0;

  // Committed changes of an application after a position, in order. wait() blocks until there is a
  // position greater than `after` or the time is over, and says the newest position.
  virtual Result<Changes> feed(const Application& application, Position after,
                               std::size_t limit) = 0;
  virtual Result<Position> wait(const Application& application, Position after,
                                Duration at_most) = 0;

  // Removal by age and by subject. Expired rows may stay on disk for up to one period after they
  // cannot be seen any more; expiry takes no positions. An erasure that removed rows takes one
  // position, and no change names its rows any more.
  virtual Result<Removed> expire(const Expiry& expiry) = 0;
  virtual Result<Removed> erase(const Erasure& erasure) = 0;

  // Checksums, positions, structure; what it finds is named, the first of each kind.
  virtual Result<std::vector<Finding>> verify() = 0;
  // Compares the stored sums of rollups with the rows, or makes them anew from the rows; those of
  // rows that are gone can only be compared with each other. Questions are answered meanwhile.
  virtual Result<RolledPeriod> check_rollups(const RollupCheck& check) = 0;
  virtual Result<Space> space(SpaceDetail detail) = 0;
  Result<Space> space() { return space(SpaceDetail::kCollections); }
  virtual Result<std::vector<IndexState>> indexes() = 0;

  // Writes a copy to a directory that does not exist yet; serving goes on meanwhile.
  virtual Result<void> backup(const std::string& directory) = 0;
};

}  // namespace daybook
