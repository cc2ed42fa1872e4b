// Observer: told of the moments at which threads of the store meet, on the thread that is there; so
// that a test can hold one and let others pass. Any thread; a call that blocks holds up that thread
// alone.
#pragma once

namespace daybook::sqlite {

enum class Moment {
  kSnapshotBegun,     // a reader's snapshot is fixed, its View not found yet
  kSnapshotTaken,     // a reader has both
  kEncoded,           // a frozen block, or sealed blocks anew, are encoded and not written yet
  kSummed,            // rows are summed for rollups, and the sums not written yet
  kLookedForExpired,  // an expiry has found what it is to take of a block, ahead of its transaction
  kCommitted,         // the COMMIT is done, the View not published yet
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void at(Moment moment) = 0;
};

}  // namespace daybook::sqlite
