#include "engine/trail.h"

#include <utility>

#include "base/json.h"
#include "engine/rights.h"

namespace daybook {

namespace {

void write_text(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.key(name).value(text);
}

std::string entry_json(const Principal& principal, const TrailEntry& entry) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_text(out, "application", entry.application);
  write_text(out, "tenant", entry.tenant);
  out.key("user_id").value(principal.is_operator() ? "operator" : principal.id);
  out.key("event_type").value(entry.event).key("action").value(entry.action);
  out.key("resource_type").value(entry.resource);
  write_text(out, "resource_id", entry.id);
  write_text(out, "ip_address", principal.address);
  write_text(out, "user_agent", principal.user_agent);
  if (!entry.before.empty() || !entry.after.empty()) {
    out.key("changes").begin_object();
    if (!entry.before.empty()) out.key("before").raw(entry.before);
    if (!entry.after.empty()) out.key("after").raw(entry.after);
    out.end_object();
  }
  out.end_object();
  return text;
}

}  // namespace

Result<Operation> trail_operation(Engine& engine, const Principal& principal,
                                  const TrailEntry& entry) {
  // Written on behalf of who did it.
  Stamp stamp;
  stamp.now = engine.now();
  stamp.speaks_for_others = true;
  const Collection& trail = *engine.own().trail;
  auto row = make_row(trail, entry_json(principal, entry), stamp);
  if (!row.ok()) return std::move(row).error().with_context("cannot write the trail");
  return insert_of(trail, *std::move(row));
}

Result<void> record(Engine& engine, const Principal& principal, const TrailEntry& entry) {
  const Collection* trail = engine.own().trail;
  if (trail == nullptr) return {};
  Batch batch;
  batch.application = engine.catalog().find(trail->application);
  batch.at = engine.now();
  DAYBOOK_ASSIGN(Operation operation, trail_operation(engine, principal, entry));
  batch.operations.push_back(std::move(operation));
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, engine.store().apply(batch));
  return {};
}

}  // namespace daybook
