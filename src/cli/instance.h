// Instance: what a process builds on a data directory, in reading order: catalog, store, engine,
// api. Taken down backwards. handle() may be called from any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/api.h"
#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/settings.h"
#include "engine/engine.h"
#include "store/store.h"

namespace daybook::cli {

// Whether declarations may take something away from what the store holds.
enum class Narrowing { kRefuse, kAllow };

class Instance {
 public:
  // kConflict lists the changes that would narrow, when they are not allowed.
  static Result<std::unique_ptr<Instance>> open(const Settings& settings, Narrowing narrowing,
                                                api::Options options);
  // The same with a catalog that is read already.
  static Result<std::unique_ptr<Instance>> open(Catalog catalog, const Settings& settings,
                                                Narrowing narrowing, api::Options options);

  http::Response handle(http::Request& request) { return api_.handle(request); }
  const Catalog& catalog() const { return catalog_; }
  Store& store() { return *store_; }
  Engine& engine() { return engine_; }
  // Whether there is somebody who can sign in.
  Result<bool> is_guarded() { return engine_.credentials().is_guarded(engine_.now()); }
  // What opening changed in the store; empty when it fitted.
  const std::vector<CatalogChange>& applied() const { return applied_; }

  Instance(const Instance&) = delete;

 private:
  Instance(Catalog catalog, std::unique_ptr<Store> store, std::vector<CatalogChange> applied,
           DataKey data_key, api::Options options);

  const Catalog catalog_;
  const std::vector<CatalogChange> applied_;
  const SystemClock clock_;
  const std::unique_ptr<Store> store_;
  const DataKey data_key_;
  Engine engine_;
  api::Api api_;
};

// The options of an api that settings decide.
api::Options api_options(const Settings& settings);

// What preparing the store for the catalog would change. For a store before prepare().
Result<std::vector<CatalogChange>> plan_store(Store& store, const Catalog& catalog);
// "shop/orders field 'state': ..." with its effect first.
std::string describe(const CatalogChange& change);

}  // namespace daybook::cli
