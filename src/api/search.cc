// Rows by their text: the generic search of a collection and declared ones.
#include "api/endpoints.h"
#include "api/explain.h"
#include "api/respond.h"
#include "catalog/encode.h"
#include "engine/answer.h"
#include "engine/find_text.h"

namespace daybook::api {
namespace {

void write_item(const Collection& collection, const FoundText& found, const FoundText::Item& item,
                json::Writer& out) {
  out.begin_object();
  encode_row(collection, item.row, found.projection, out.key("row"));
  out.key("score").value(item.score).key("snippet").value(item.snippet).end_object();
}

http::Response found_response(const Collection& collection, const FoundText& found, bool explains) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("query").value(found.query).key("items").begin_array();
  for (const FoundText::Item& item : found.items) write_item(collection, found, item, out);
  out.end_array().key("next_cursor").value(found.next_cursor);
  if (found.window) write_window(found.window, out.key("window"));
  if (explains) write_explain(found.inquiries, out);
  out.end_object();
  return json_response(200, std::move(body));
}

Result<http::Response> answer_search(Call& call, Question question, Filter fixed) {
  const Collection& collection = question.collection();
  DAYBOOK_ASSIGN(const bool explains, take_explain(call, question.words));
  DAYBOOK_ASSIGN(const FoundText found,
                 find_text(call.engine, std::move(question), std::move(fixed)));
  return found_response(collection, found, explains);
}

}  // namespace

Result<http::Response> search_rows(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_ASSIGN(Question question, question_of(call, *collection));
  return answer_search(call, std::move(question), Filter());
}

Result<http::Response> search_declared(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, declared_collection(call));
  RouteCall route_call = route_call_of(call);
  DAYBOOK_ASSIGN(const Arguments arguments, take_arguments(route_call));
  DAYBOOK_ASSIGN(Filter filter, bind_where(*collection, call.declared->route->where, arguments));
  DAYBOOK_ASSIGN(Sight sight, Sight::of(call.engine, call.principal, *collection));
  DAYBOOK_TRY(sight.check(filter));
  return answer_search(call, {std::move(sight), std::move(route_call.words), budget_of(call)},
                       std::move(filter));
}

}  // namespace daybook::api
