// FailingStore wraps any store and fails a call of the test's choice, so that every floor above can
// show what it does when the store does not do its part.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace daybook::contract {

class FailingStore final : public Store {
 public:
  enum class When {
    kInstead,  // the call does nothing and fails
    kAfter,    // the call does what it does, and its answer is lost
  };

  explicit FailingStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  // From now on the n-th call (1: the next) fails once; 0: none does.
  void fail(std::uint64_t n, When when = When::kInstead,
            Error error = Error(Code::kUnavailable, "the disk is on fire"));
  // Calls since it was made; traits() and health() do not count.
  std::uint64_t calls() const { return calls_; }
  Store& inner() { return *inner_; }

  StoreTraits traits() const override { return inner_->traits(); }
  StoreHealth health() const override { return inner_->health(); }
  Result<void> prepare(const Catalog& catalog) override;
  Result<std::string> stored_catalog() override;
  Result<Committed> apply(const Batch& batch) override;
  Result<std::optional<Batch::Once>> recall(const std::string& key, Instant now) override;
  Result<std::vector<std::optional<Row>>> find(const Collection& collection,
                                               const std::vector<std::string>& ids, Instant now,
                                               const Filter& among) override;
  Result<Cost> scan(const Scan& scan, const RowSink& sink) override;
  Result<Groups> summarize(const Summary& summary) override;
  Result<Hits> search(const Search& search) override;
  Result<Changes> feed(const Application& application, Position after, std::size_t limit) override;
  Result<Position> wait(const Application& application, Position after, Duration at_most) override;
  Result<Removed> expire(const Expiry& expiry) override;
  Result<Removed> erase(const Erasure& erasure) override;
  Result<std::vector<Finding>> verify() override;
  Result<RolledPeriod> check_rollups(const RollupCheck& check) override;
  using Store::space;
  Result<Space> space(SpaceDetail detail) override;
  Result<std::vector<IndexState>> indexes() override;
  Result<void> backup(const std::string& directory) override;

 private:
  // Counts the call and makes it, or fails as fail() said.
  template <typename Call>
  auto pass(const Call& call) -> decltype(call());

  const std::unique_ptr<Store> inner_;
  std::atomic<std::uint64_t> calls_ = 0;
  std::atomic<std::uint64_t> failing_ = 0;  // 0: none
  When when_ = When::kInstead;
  Error error_{Code::kUnavailable, ""};
};

}  // namespace daybook::contract
