// Rows in pages, and exports of all of them as NDJSON or CSV.
#include "engine/list.h"

#include <memory>
#include <utility>

#include "api/endpoints.h"
#include "api/explain.h"
#include "api/negotiate.h"
#include "api/respond.h"
#include "base/log.h"
#include "engine/answer.h"
#include "engine/trail.h"

namespace daybook::api {
namespace {

// The target of the next page: the same question with another cursor.
std::string next_target(const http::Request& request, const std::string& cursor) {
  std::string target = std::string(request.path()) + "?";
  for (const auto& [name, value] : request.target.query) {
    if (name == "cursor") continue;
    target += http::percent_encode(name) + "=" + http::percent_encode(value) + "&";
  }
  return target + "cursor=" + cursor;
}

void write_names(const Collection& collection, const std::vector<std::size_t>& fields,
                 json::Writer& out) {
  out.begin_array();
  for (const std::size_t field : fields) out.value(collection.fields[field].name);
  out.end_array();
}

void write_disguise(const Collection& collection, const Pseudonymiser& pseudonymiser,
                    json::Writer& out) {
  write_names(collection, pseudonymiser.replaced(),
              out.key("pseudonymous").begin_object().key("replaced"));
  write_names(collection, pseudonymiser.left_out(), out.key("left_out"));
  write_names(collection, pseudonymiser.cleaned(), out.key("cleaned"));
  out.key("anonymous").value(false).end_object();
}

std::string page_json(const ListPlan& plan, const Page& page, bool explains) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("items").begin_array();
  for (const Row& row : page.rows) encode_row(*plan.scan.collection, row, plan.projection, out);
  out.end_array().key("next_cursor").value(page.next_cursor);
  if (page.count) out.key("count").value(*page.count);
  if (plan.scan.collection->is_journal()) write_window(plan.scan.window, out.key("window"));
  if (plan.pseudonymiser) write_disguise(*plan.scan.collection, *plan.pseudonymiser, out);
  if (explains) write_explain(page.inquiries, out);
  out.end_object();
  return body;
}

}  // namespace

Result<http::Response> answer_page(Call& call, Question question, const ListRule& rule) {
  DAYBOOK_ASSIGN(const bool explains, take_explain(call, question.words));
  DAYBOOK_ASSIGN(const ListPlan plan, plan_list(call.engine, std::move(question), rule));
  DAYBOOK_ASSIGN(const Page page, list(call.engine, plan));
  http::Response response = json_response(200, page_json(plan, page, explains));
  if (!page.next_cursor.empty()) {
    response.headers.add("Link",
                         "<" + next_target(call.request, page.next_cursor) + ">; rel=\"next\"");
  }
  return response;
}

namespace {

// Pieces of a streamed answer: a page of rows each.
class Pieces {
 public:
  Pieces(Engine& engine, ListPlan plan, RowsForm form)
      : rows_(engine, std::move(plan)), form_(form) {}

  // Nothing at the end. An answer that breaks off is logged, and ends with what went wrong where
  // its form has room for that.
  std::optional<std::string> next() {
    if (is_over_) return std::nullopt;
    std::string piece = std::exchange(head_, {});
    auto rows = rows_.next();
    if (!rows.ok()) return give_up(rows.error());
    is_over_ = rows->empty();
    for (const Row& row : *rows) append(row, piece);
    if (piece.empty()) return std::nullopt;
    return piece;
  }

  bool broke_off() const { return broke_off_; }

  void begin() {
    if (form_ == RowsForm::kCsv) head_ = csv_header(collection(), rows_.plan().projection);
  }

 private:
  const Collection& collection() const { return *rows_.plan().scan.collection; }

  void append(const Row& row, std::string& piece) const {
    if (form_ == RowsForm::kCsv) {
      piece += csv_line(collection(), row, rows_.plan().projection);
      return;
    }
    json::Writer out(piece);
    encode_row(collection(), row, rows_.plan().projection, out);
    piece += '\n';
  }

  std::optional<std::string> give_up(const Error& error) {
    is_over_ = broke_off_ = true;
    log(LogLevel::kError, "export broke off",
        {{"collection", collection().full_name()},
         {"detail", error.message()},
         {"cause", error.cause()}});
    if (form_ == RowsForm::kCsv) return std::nullopt;
    return problem(error, {}).body + "\n";
  }

  Export rows_;
  RowsForm form_;
  std::string head_;
  bool is_over_ = false;
  bool broke_off_ = false;
};

Result<http::Response> answer_export(Call& call, Question question, const ListRule& rule,
                                     RowsForm form) {
  DAYBOOK_TRY(may(call.principal, Access::kExport, question.collection()));
  DAYBOOK_TRY(record(call.engine, call.principal,
                     {.event = "export",
                      .action = "view",
                      .resource = question.collection().full_name(),
                      .application = question.collection().application,
                      .tenant = call.principal.tenant}));
  question.budget.is_cancelled = nullptr;  // outlives the request; the stream ends with the client
  DAYBOOK_ASSIGN(ListPlan plan, plan_export(call.engine, std::move(question), rule));
  http::Response response;
  response.headers.add("Content-Type",
                       form == RowsForm::kCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  auto pieces = std::make_shared<Pieces>(call.engine, std::move(plan), form);
  pieces->begin();
  response.stream = [pieces] { return pieces->next(); };
  response.broke_off = [pieces] { return pieces->broke_off(); };
  return response;
}

Result<http::Response> answer_list(Call& call, Question question, const ListRule& rule) {
  const auto format = question.words.take("format");
  DAYBOOK_ASSIGN(const auto form, rows_form(call.request.headers, format));
  if (!form) {
    return problem(problem_type(406),
                   "rows come as application/json, application/x-ndjson or text/csv",
                   call.request.path());
  }
  if (*form == RowsForm::kJson) return answer_page(call, std::move(question), rule);
  return answer_export(call, std::move(question), rule, *form);
}

}  // namespace

Result<http::Response> list_rows(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_ASSIGN(Question question, question_of(call, *collection));
  return answer_list(call, std::move(question), list_rule(*collection));
}

Result<http::Response> list_declared(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, declared_collection(call));
  const Route& route = *call.declared->route;
  RouteCall route_call = route_call_of(call);
  DAYBOOK_ASSIGN(const Arguments arguments, take_arguments(route_call));
  ListRule rule;
  DAYBOOK_ASSIGN(rule.filter, bind_where(*collection, route.where, arguments));
  DAYBOOK_ASSIGN(rule.order, bind_order(*collection, route.order));
  rule.window = route.window;
  if (route.limit) rule.limit = *route.limit;
  DAYBOOK_ASSIGN(Sight sight, Sight::of(call.engine, call.principal, *collection));
  DAYBOOK_TRY(sight.check(rule.filter));
  return answer_list(call, {std::move(sight), std::move(route_call.words), budget_of(call)}, rule);
}

}  // namespace daybook::api
