// Quotas: what the tenants of an application may send and ask, as their rows say: requests a
// minute, rows and bytes a day (UTC). Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/counter.h"
#include "engine/own.h"
#include "store/batch.h"
#include "store/store.h"

namespace daybook {

class Quotas {
 public:
  Quotas(const Own& own, Store& store) : own_(own), store_(store) {}

  // Counts one request of a tenant of an application; false, and nothing is counted, when those of
  // the minute are spent.
  Result<bool> count_request(const std::string& application, const std::string& tenant,
                             Instant now);

  // What is left of each quota that a tenant has.
  struct Left {
    std::string_view of;  // requests, rows, bytes
    std::int64_t quota = 0;
    std::int64_t left = 0;
    Duration window{};
    Duration until_reset{};
  };
  Result<std::vector<Left>> left(const std::string& application, const std::string& tenant,
                                 Instant now);

  // When what is spent is there again: requests, rows and bytes.
  static Duration rest_of_minute(Instant now);
  static Duration rest_of_day(Instant now);

  // kBusy when the batch brings a tenant beyond its rows or bytes of the day; then nothing is
  // counted. Else it is counted.
  Result<void> count_rows(const Batch& batch, Instant now);

  // The tenants' rows changed.
  void forget();

  // What was counted of this minute and day; and back, also among other counters, before anything
  // is counted.
  Counters counters(Instant now);
  void restore(const Counters& counters);

 private:
  using Name = std::pair<std::string, std::string>;  // application, tenant
  struct Tenant {
    std::optional<std::int64_t> requests, rows, bytes;  // quotas
    std::int64_t minute = 0, day = 0;                   // that the counts are of
    std::int64_t requests_used = 0, rows_used = 0, bytes_used = 0;
  };
  struct Brought {
    std::int64_t rows = 0, bytes = 0;
  };

  Result<void> read(Instant now);
  void take_restored(const Name& name, Tenant& tenant);
  Result<void> check(const Name& name, const Tenant& tenant, const Brought& brought) const;

  const Own& own_;
  Store& store_;
  std::atomic<bool> is_read_ = false;
  std::atomic<bool> is_empty_ = true;
  std::mutex mutex_;  // guards all below
  std::map<Name, Tenant> tenants_;
  Counters restored_;  // of tenants that were not read yet
};

}  // namespace daybook
