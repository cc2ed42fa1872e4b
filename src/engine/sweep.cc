#include "engine/sweep.h"

namespace daybook {
namespace {

bool declares_keep(const Collection& collection) {
  const Keep& keep = collection.keep;
  return keep.period || keep.at_field || !keep.classes.empty();
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
      if (!declares_keep(collection)) continue;
      DAYBOOK_ASSIGN(Swept swept, sweep_one(engine, collection, mode));
      all.push_back(std::move(swept));
    }
  }
  return all;
}

}  // namespace daybook
