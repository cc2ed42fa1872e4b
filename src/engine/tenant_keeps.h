// The keeps that tenants have of their own: what the register that holds tenants says of a
// collection whose keep is `tenant = true`. A tenant may keep shorter than the collection does,
// never longer, and what is no duration says nothing.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "catalog/collection.h"
#include "query/keep.h"
#include "store/batch.h"

namespace daybook {

class Engine;

// As they stand now.
Result<TenantKeeps> read_tenant_keeps(Engine& engine, const Collection& collection);

// Remembers them until the register's application has changed. Any thread.
class TenantKeepCache {
 public:
  // Never null; empty when they cannot be read, as then nothing can be stored either.
  std::shared_ptr<const TenantKeeps> of(Engine& engine, const Collection& collection);

 private:
  struct Known {
    Position position = 0;
    std::shared_ptr<const TenantKeeps> keeps;
  };

  std::mutex mutex_;
  std::map<const Collection*, Known> known_;  // guarded by mutex_
};

}  // namespace daybook
