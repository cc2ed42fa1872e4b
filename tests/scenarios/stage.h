// A server of its own for one test: the shipped catalogs, a store, a clock that stands still, a
// loopback port, a directory that goes away.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api.h"
#include "base/cipher.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "http/client.h"
#include "http/server.h"
#include "store/store.h"

namespace daybook::scenarios {

// What the scenarios' clock shows.
constexpr std::string_view kNow = "2025-12-05T14:00:00Z";

const Catalog& shipped_catalog();

// A JSON object with every required field of the collection, as small as it may be; `said` replaces
// and adds members, as JSON texts.
std::string example_row(const Collection& collection,
                        const std::vector<std::pair<std::string, std::string>>& said);

class Stage {
 public:
  // "memory" or "sqlite". Ends the process when it cannot be built: then no test means anything.
  explicit Stage(const std::string& store);
  ~Stage();

  http::Client& client() { return *client_; }
  ManualClock& clock() { return clock_; }

 private:
  std::string directory_;
  ManualClock clock_;
  std::unique_ptr<Store> store_;
  const DataKey data_key_ = DataKey::make();
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace daybook::scenarios
