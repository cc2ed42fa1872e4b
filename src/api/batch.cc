// POST /api/v1/{app}/batch: changes of several collections, all or nothing.
#include <algorithm>

#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/mixed_batch.h"

namespace daybook::api {
namespace {

// Of each filtered collection, how many samples are rows; the rest only count.
template <typename Ids>
void write_kept(const Ids& all, json::Writer& out) {
  const auto is_filtered = [](const auto& one) { return one.first->declared.filter.has_value(); };
  if (std::ranges::none_of(all, is_filtered)) return;
  out.key("kept").begin_object();
  for (const auto& one : all) {
    if (!is_filtered(one)) continue;
    const auto rows =
        std::ranges::count_if(one.second, [](const std::string& id) { return !id.empty(); });
    out.key(one.first->name).value(static_cast<std::int64_t>(rows));
  }
  out.end_object();
}

http::Response batch_response(const MixedBatch& mixed, Position position) {
  std::string body;
  json::Writer out(body);
  const auto all = mixed.ids();
  out.begin_object().key("ids").begin_object();
  for (const auto& [collection, ids] : all) {
    out.key(collection->name).begin_array();
    for (const std::string& id : ids) write_id(id, out);
    out.end_array();
  }
  out.end_object();
  write_kept(all, out);
  out.key("position").value(position).end_object();
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
