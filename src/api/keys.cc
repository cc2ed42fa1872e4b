// Access keys: made, listed, revoked.
#include <utility>

#include "api/endpoints.h"
#include "api/respond.h"
#include "catalog/encode.h"
#include "engine/access_keys.h"
#include "engine/list.h"

namespace daybook::api {

Result<http::Response> create_key(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const std::string body, read_json_body(call));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(body));
  DAYBOOK_ASSIGN(const MadeKey made, make_key(call.engine, call.principal, value));
  const Collection& keys = *call.engine.own().keys;
  std::string text;
  json::Writer out(text);
  out.begin_object().key("id").value(made.row.id).key("key").value(made.text);
  out.key("prefix").value(text_at(keys, made.row, "prefix")).end_object();
  http::Response response = json_response(201, std::move(text));
  response.headers.add("Location", "/api/v1/keys/" + http::percent_encode(made.row.id));
  return response;
}

Result<http::Response> list_keys(Call& call) {
  DAYBOOK_ASSIGN(const Filter mine, keys_of(call.engine, call.principal));
  const Collection& keys = *call.engine.own().keys;
  // Which keys somebody runs, keys_of() has said; of those he sees all.
  DAYBOOK_ASSIGN(Sight all, Sight::of(call.engine, Principal(), keys));
  ListRule rule = list_rule(keys);
  rule.filter = mine;
  return answer_page(call, {std::move(all), words_of(call), budget_of(call)}, rule);
}

Result<http::Response> delete_key(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_TRY(revoke_key(call.engine, call.principal, call.parameters[0]));
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace daybook::api
