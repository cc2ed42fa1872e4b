#include "tests/contract/failing_store.h"

#include <utility>

namespace daybook::contract {

void FailingStore::fail(std::uint64_t n, When when, Error error) {
  when_ = when;
  error_ = std::move(error);
  failing_ = n == 0 ? 0 : calls_ + n;
}

template <typename Call>
auto FailingStore::pass(const Call& call) -> decltype(call()) {
  if (++calls_ != failing_) return call();
  if (when_ == When::kAfter) static_cast<void>(call());
  return error_;
}

Result<void> FailingStore::prepare(const Catalog& catalog) {
  return pass([&] { return inner_->prepare(catalog); });
}

Result<std::string> FailingStore::stored_catalog() {
  return pass([&] { return inner_->stored_catalog(); });
}

Result<Committed> FailingStore::apply(const Batch& batch) {
  return pass([&] { return inner_->apply(batch); });
}

Result<std::optional<Batch::Once>> FailingStore::recall(const std::string& key, Instant now) {
  return pass([&] { return inner_->recall(key, now); });
}

Result<std::vector<std::optional<Row>>> FailingStore::find(const Collection& collection,
                                                           const std::vector<std::string>& ids,
                                                           Instant now, const Filter& among) {
  return pass([&] { return inner_->find(collection, ids, now, among); });
}

Result<Cost> FailingStore::scan(const Scan& scan, const RowSink& sink) {
  return pass([&] { return inner_->scan(scan, sink); });
}

Result<Groups> FailingStore::summarize(const Summary& summary) {
  return pass([&] { return inner_->summarize(summary); });
}

Result<Hits> FailingStore::search(const Search& search) {
  return pass([&] { return inner_->search(search); });
}

Result<Changes> FailingStore::feed(const Application& application, Position after,
                                   std::size_t limit) {
  return pass([&] { return inner_->feed(application, after, limit); });
}

Result<Position> FailingStore::wait(const Application& application, Position after,
                                    Duration at_most) {
  return pass([&] { return inner_->wait(application, after, at_most); });
}

Result<Removed> FailingStore::expire(const Expiry& expiry) {
  return pass([&] { return inner_->expire(expiry); });
}

Result<Removed> FailingStore::erase(const Erasure& erasure) {
  return pass([&] { return inner_->erase(erasure); });
}

Result<std::vector<Finding>> FailingStore::verify() {
  return pass([&] { return inner_->verify(); });
}

Result<RolledPeriod> FailingStore::check_rollups(const RollupCheck& check) {
  return pass([&] { return inner_->check_rollups(check); });
}

Result<Space> FailingStore::space(SpaceDetail detail) {
  return pass([&] { return inner_->space(detail); });
}

Result<std::vector<IndexState>> FailingStore::indexes() {
  return pass([&] { return inner_->indexes(); });
}

Result<void> FailingStore::backup(const std::string& directory) {
  return pass([&] { return inner_->backup(directory); });
}

}  // namespace daybook::contract
