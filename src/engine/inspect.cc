#include "engine/inspect.h"

namespace daybook {

Health health(Engine& engine) {
  const StoreTraits traits = engine.store().traits();
  const StoreHealth state = engine.store().health();
  return {traits.name, traits.is_durable, state.is_writable, state.reason};
}

Result<std::vector<std::pair<std::string, Position>>> positions(Engine& engine) {
  std::vector<std::pair<std::string, Position>> all;
  for (const auto& [name, application] : engine.catalog().applications()) {
    DAYBOOK_ASSIGN(const Position position, engine.store().wait(application, 0, Duration(0)));
    all.emplace_back(name, position);
  }
  return all;
}

Result<Space> space(Engine& engine, SpaceDetail detail) { return engine.store().space(detail); }

Result<std::vector<IndexState>> indexes(Engine& engine) { return engine.store().indexes(); }

Result<std::vector<Finding>> verify(Engine& engine) { return engine.store().verify(); }

Result<RolledPeriod> check_rollups(Engine& engine, const RollupCheck& check) {
  if (check.collection->rollups.empty()) {
    return Error(Code::kInvalid, check.collection->full_name() + " declares no rollup");
  }
  return engine.store().check_rollups(check);
}

Result<std::string> stored_catalog(Engine& engine) { return engine.store().stored_catalog(); }

}  // namespace daybook
