// Taking items in: each is decoded and checked, the good ones are stored, and every one gets its
// verdict. One object, the items of an array, or lines that arrive as they are read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/uuid.h"
#include "catalog/decode.h"
#include "engine/engine.h"
#include "engine/once.h"
#include "engine/principal.h"
#include "engine/sight.h"
#include "query/keep.h"

namespace daybook {

// The most problems that an answer lists; the rest are counted.
constexpr std::size_t kMaxProblems = 100;
// The most items of one request whose ids are told, and of one batch.
constexpr std::size_t kMaxItems = 10'000;

// What became of the items of one request.
struct Intake {
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t repeated = 0;     // of the accepted, those that were there already
  std::uint64_t kept = 0;         // of the accepted, those that are rows; the rest only count
  std::uint64_t masked = 0;       // values without the secrets they came with
  std::uint64_t exempt = 0;       // values of `content` with what is masked elsewhere
  std::vector<std::string> ids;   // in the order of the items, empty for one that is no row
  std::vector<Problem> problems;  // by item, at most kMaxProblems
  std::uint64_t more_problems = 0;
  Position position = 0;  // the application's newest after the last commit

  std::uint64_t items() const { return accepted + rejected; }
  bool has_ids() const { return items() <= kMaxItems; }
};

// Why a row would be gone before it is stored; empty when it would not.
std::string gone_on_arrival(const Collection& collection, const KeepRule& keep,
                            const TenantKeeps& tenants, const Row& row, Instant now);

// One request's items on their way into one collection. One thread.
class Ingest {
 public:
  // All must outlive it. The rows of a principal that sees only some must be of those.
  Ingest(Engine& engine, const Principal& principal, Sight sight);

  // Decodes the next item and stages it, or refuses it.
  void take(const json::Value& item);
  // The next item is one that could not be read.
  void refuse(Problem problem);
  std::size_t staged() const { return operations_.size(); }
  // How many items there were so far, good and bad.
  std::uint64_t taken() const { return next_item_; }

  // Stores what is staged in one batch, durably. With `once`, a repeat of the request will be told
  // what `render` makes of the intake; that is kept in the same commit.
  using Render = std::function<std::string(const Intake&)>;
  Result<void> commit();
  Result<void> commit(const Once& once, const Render& render);

  // What was committed and refused so far.
  const Intake& intake();

 private:
  struct Staged {
    std::uint64_t item;
    std::string id;
    std::optional<std::size_t> counted_by = {};  // the operation that counts it whole
  };

  Result<void> apply(Batch batch);
  Result<void> drop_unreferenced();
  void reject(std::uint64_t item, std::vector<Problem> problems);
  void settle(const Committed& committed, Intake& intake) const;
  void arrange(Intake& intake) const;
  static void note(Intake& intake, std::uint64_t item, Problem problem);

  Engine& engine_;
  const Collection& collection_;
  const Principal& principal_;
  Stamp stamp_;
  const Sight sight_;
  KeepRule keep_;
  std::shared_ptr<const TenantKeeps> tenants_;
  IdMaker ids_;
  std::vector<Operation> operations_;
  std::vector<Staged> staged_;  // by operation: where it came from
  std::uint64_t next_item_ = 0;
  Intake intake_;
};

}  // namespace daybook
