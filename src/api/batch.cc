// POST /api/v1/{app}/batch: changes of several collections, all or nothing.
#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/mixed_batch.h"

namespace daybook::api {
namespace {

http::Response batch_response(const MixedBatch& mixed, Position position) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("ids").begin_object();
  for (const auto& [collection, ids] : mixed.ids()) {
    out.key(collection->name).begin_array();
    for (const std::string& id : ids) write_id(id, out);
    out.end_array();
  }
  out.end_object().key("position").value(position).end_object();
  return json_response(201, std::move(body));
}

}  // namespace

Result<http::Response> apply_batch(Call& call) {
  DAYBOOK_ASSIGN(const Application* application, application_of(call));
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const std::string body, read_json_body(call));
  DAYBOOK_ASSIGN(const std::optional<Once> once, begin_once(call, body));
  if (once && once->kept()) return unpack(*once->kept());
  Reading reading(call.reading_memory);
  DAYBOOK_ASSIGN(const json::Value value, reading.parse(body));
  DAYBOOK_ASSIGN(MixedBatch mixed,
                 decode_mixed_batch(call.engine, *application, call.principal, value));
  if (once) {
    mixed.batch.once = once->record(mixed.batch.at, [&](const Committed& committed) {
      return pack(batch_response(mixed, committed.last));
    });
  }
  DAYBOOK_ASSIGN(const Position position, apply_mixed_batch(call.engine, call.principal, mixed));
  for (const auto& [collection, ids] : mixed.ids()) {
    call.metrics.count_rows(*collection, ids.size(), 0);
  }
  return batch_response(mixed, position);
}

}  // namespace daybook::api
