#include "engine/sweep.h"

#include "query/keep.h"

namespace daybook {
namespace {

bool lets_rows_go(const Collection& collection) {
  const Keep& keep = collection.keep;
  if (keep.period || keep.at_field || !keep.classes.empty()) return true;
  return collection.declared.filter.has_value();  // samples that only count, once they are summed
}

Result<Swept> sweep_one(Engine& engine, const Collection& collection, Expiry::Mode mode) {
  Swept swept{&collection, {}, {}};
  if (collection.declared.stream) {
    swept.note = "left alone: a stream without its first rows could not be replayed";
    return swept;
  }
  Expiry expiry;
  expiry.collection = &collection;
  expiry.now = engine.now();
  expiry.mode = mode;
  DAYBOOK_ASSIGN(expiry.tenants, read_tenant_keeps(engine, collection));
  auto removed = engine.store().expire(expiry);
  if (!removed.ok()) return std::move(removed).error().with_context(collection.full_name());
  swept.removed = *removed;
  return swept;
}

}  // namespace

Result<std::vector<Swept>> sweep(Engine& engine, Expiry::Mode mode) {
  std::vector<Swept> all;
  for (const auto& [application_name, application] : engine.catalog().applications()) {
    for (const auto& [name, collection] : application.collections) {
      if (!lets_rows_go(collection)) continue;
      DAYBOOK_ASSIGN(Swept swept, sweep_one(engine, collection, mode));
      all.push_back(std::move(swept));
    }
  }
  return all;
}

Result<void> check_keeps(const Catalog& catalog) {
  std::vector<Problem> problems;
  for (const auto& [name, application] : catalog.applications()) {
    for (const auto& [unused, collection] : application.collections) {
      const auto bound = KeepRule::bind(collection);
      if (bound.ok()) continue;
      problems.push_back({std::nullopt, "",
                          describe(collection.keep.origin) + ": " + bound.error().message(),
                          Code::kInvalid});
    }
  }
  if (problems.empty()) return {};
  return Error(Code::kInvalid, "the catalog declares keeps that cannot be applied")
      .with_problems(std::move(problems));
}

}  // namespace daybook
