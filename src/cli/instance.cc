#include "cli/instance.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/data_key.h"
#include "cli/load_catalog.h"
#include "cli/open_store.h"
#include "cli/version.h"
#include "engine/trail.h"

namespace daybook::cli {

namespace {

Error narrowing_error(const std::vector<CatalogChange>& changes) {
  std::vector<Problem> problems;
  for (const CatalogChange& change : changes) {
    if (change.effect != CatalogChange::Effect::kNarrows) continue;
    problems.push_back({std::nullopt, change.where, change.what, Code::kConflict});
  }
  return Error(Code::kConflict,
               "the declarations take away from what the store holds; `daybook catalog plan` shows "
               "it, `daybook catalog apply --allow` does it. Were other --catalogs meant?")
      .with_problems(std::move(problems));
}

// "a, b" -> {"a", "b"}.
std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> list;
  for (const std::string_view part : split(text, ',')) {
    if (!trim(part).empty()) list.emplace_back(trim(part));
  }
  return list;
}

bool narrows(const CatalogChange& change) {
  return change.effect == CatalogChange::Effect::kNarrows;
}

}  // namespace

std::string describe(const CatalogChange& change) {
  static constexpr const char* kWords[] = {"adds", "changes", "narrows"};
  return std::string(kWords[static_cast<std::size_t>(change.effect)]) + " " + change.where + ": " +
         change.what;
}

api::Options api_options(const Settings& settings) {
  api::Options options;
  options.version = version_number();
  options.query_time = settings.duration(SettingId::kQueryTime);
  options.idempotency_kept = settings.duration(SettingId::kIdempotencyKept);
  options.allowed_hosts = list_of(settings.text(SettingId::kHosts));
  options.origins = list_of(settings.text(SettingId::kOrigins));
  return options;
}

Result<std::vector<CatalogChange>> plan_store(Store& store, const Catalog& catalog) {
  DAYBOOK_ASSIGN(const std::string stored, store.stored_catalog());
  if (stored.empty()) return std::vector<CatalogChange>{};
  return plan_changes(stored, catalog);
}

Instance::Instance(Catalog catalog, std::unique_ptr<Store> store,
                   std::vector<CatalogChange> applied, DataKey data_key, api::Options options)
    : catalog_(std::move(catalog)),
      applied_(std::move(applied)),
      store_(std::move(store)),
      data_key_(data_key),
      engine_(catalog_, *store_, clock_, &data_key_),
      api_(engine_, std::move(options)) {}

Result<std::unique_ptr<Instance>> Instance::open(const Settings& settings, Narrowing narrowing,
                                                 api::Options options) {
  auto catalog = load_checked_catalog(settings);
  if (!catalog) return std::move(catalog).error().with_context("cannot read the declarations");
  return open(*std::move(catalog), settings, narrowing, std::move(options));
}

Result<std::unique_ptr<Instance>> Instance::open(Catalog catalog, const Settings& settings,
                                                 Narrowing narrowing, api::Options options) {
  DAYBOOK_ASSIGN(auto store, cli::open_store(settings));
  DAYBOOK_ASSIGN(auto changes, plan_store(*store, catalog));
  if (narrowing == Narrowing::kRefuse && std::any_of(changes.begin(), changes.end(), narrows)) {
    return narrowing_error(changes);
  }
  // Behind the store, which holds the directory from now on.
  DAYBOOK_ASSIGN(const DataKey data_key, uses_directory(settings)
                                             ? open_data_key(settings.text(SettingId::kData))
                                             : Result<DataKey>(DataKey::make()));
  std::unique_ptr<Instance> instance(new Instance(
      std::move(catalog), std::move(store), std::move(changes), data_key, std::move(options)));
  // The store keeps references into the catalog, so it is prepared with the one that stays.
  if (auto prepared = instance->store_->prepare(instance->catalog_); !prepared) {
    return std::move(prepared).error().with_context("cannot prepare the store");
  }
  // Declarations say who may do what and how long rows are kept.
  for (const CatalogChange& change : instance->applied_) {
    DAYBOOK_TRY(record(instance->engine_, Principal(),
                       {.event = "catalog.change",
                        .action = "update",
                        .resource = change.where,
                        .after = json::quote(describe(change))}));
  }
  return instance;
}

}  // namespace daybook::cli
