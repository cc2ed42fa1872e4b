// One row: GET, PUT, PATCH and DELETE of /api/v1/{app}/{collection}/{id}.
#include <algorithm>
#include <functional>
#include <utility>

#include "api/endpoints.h"
#include "api/negotiate.h"
#include "api/respond.h"
#include "catalog/encode.h"
#include "engine/change.h"
#include "engine/list.h"

namespace daybook::api {
namespace {

using http::Method;

std::string tag_header(const Row& row) { return "\"" + row_tag(row) + "\""; }

http::Response row_response(int status, const Collection& collection, const Row& row,
                            const Projection& projection) {
  std::string body;
  json::Writer out(body);
  encode_row(collection, row, projection, out);
  http::Response response = json_response(status, std::move(body));
  response.headers.add("ETag", tag_header(row));
  return response;
}

// What If-Match and If-None-Match ask of the row that is changed.
Result<Condition> condition_of(const http::Headers& headers) {
  DAYBOOK_ASSIGN(Conditions said, conditions(headers));
  Condition condition;
  if (!said.if_none_match.empty()) {
    return Error(Code::kInvalid, "If-None-Match must be * where something is written");
  }
  const bool is_match = said.matches_any || headers.has("If-Match");
  if (is_match && said.none_match_any) {
    return Error(Code::kInvalid, "If-Match and If-None-Match exclude each other");
  }
  if (said.none_match_any) condition.kind = Condition::Kind::kAbsent;
  if (is_match) {
    condition.kind = said.matches_any ? Condition::Kind::kExists : Condition::Kind::kTag;
    condition.tags = std::move(said.if_match);
  }
  return condition;
}

Result<RowRequest> row_request(const Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_ASSIGN(Condition condition, condition_of(call.request.headers));
  return RowRequest{*collection,          call.principal, call.parameters[2],
                    std::move(condition), nullptr,        {}};
}

http::Response changed_response(const Collection& collection, const ChangedRow& changed) {
  if (changed.what == ChangedRow::What::kDeleted) {
    http::Response response;
    response.status = 204;
    return response;
  }
  const bool is_new = changed.what == ChangedRow::What::kCreated;
  http::Response response = row_response(is_new ? 201 : 200, collection, changed.row, {});
  if (is_new) response.headers.add("Location", row_path(collection, changed.row.id));
  return response;
}

using Change = std::function<Result<ChangedRow>(const RowRequest&)>;

// Changes the row, once for each Idempotency-Key. `body` is what came with the request.
Result<http::Response> apply_change(Call& call, RowRequest request, std::string_view body,
                                    const Change& change) {
  DAYBOOK_ASSIGN(const std::optional<Once> once, begin_once(call, body));
  if (once && once->kept()) return unpack(*once->kept());
  request.once = once ? &*once : nullptr;
  request.render = [&](const ChangedRow& changed) {
    return pack(changed_response(request.collection, changed));
  };
  DAYBOOK_ASSIGN(const ChangedRow changed, change(request));
  return changed_response(request.collection, changed);
}

// A change by the body of the request.
Result<http::Response> change_by_body(Call& call, RowRequest request,
                                      Result<ChangedRow> (*change)(Engine&, const RowRequest&,
                                                                   const json::Value&)) {
  DAYBOOK_ASSIGN(const std::string body, read_json_body(call));
  Reading reading(call.reading_memory);
  const auto parse_and_change = [&](const RowRequest& asked) -> Result<ChangedRow> {
    DAYBOOK_ASSIGN(const json::Value value, reading.parse(body));
    return change(call.engine, asked, value);
  };
  return apply_change(call, std::move(request), body, parse_and_change);
}

}  // namespace

Result<http::Response> read_row(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  Words words = words_of(call);
  Projection projection;
  if (const auto fields = words.take("fields")) {
    DAYBOOK_ASSIGN(projection, parse_projection(*collection, *fields));
  }
  DAYBOOK_TRY(words.finish());
  DAYBOOK_ASSIGN(
      const Row row,
      get_row(call.engine, {*collection, call.principal, call.parameters[2], {}, nullptr, {}}));
  DAYBOOK_ASSIGN(const Conditions said, conditions(call.request.headers));
  const bool is_known =
      said.none_match_any ||
      std::ranges::find(said.if_none_match, row_tag(row)) != said.if_none_match.end();
  if (!is_known) return row_response(200, *collection, row, projection);
  http::Response response;
  response.status = 304;
  response.headers.add("ETag", tag_header(row));
  return response;
}

Result<http::Response> replace_row(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(RowRequest request, row_request(call));
  if (request.collection.is_journal()) {
    return method_not_allowed(
        {Method::kGet, Method::kPatch, Method::kDelete},
        request.collection.full_name() + " is a journal: its rows happened and are not replaced",
        call.request.path());
  }
  return change_by_body(call, std::move(request), put_row);
}

Result<http::Response> change_row(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(RowRequest request, row_request(call));
  return change_by_body(call, std::move(request), patch_row);
}

Result<http::Response> remove_row(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(RowRequest request, row_request(call));
  return apply_change(call, std::move(request), {},
                      [&](const RowRequest& asked) { return delete_row(call.engine, asked); });
}

}  // namespace daybook::api
