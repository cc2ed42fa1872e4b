#include "api/call.h"

#include <algorithm>
#include <array>

#include "api/negotiate.h"
#include "api/request_limits.h"
#include "base/hash.h"
#include "base/text.h"

namespace daybook::api {
namespace {

constexpr std::size_t kMaxKey = 255;
// The headers of an answer that a repeat of the request gets again.
constexpr std::array<std::string_view, 4> kKeptHeaders = {"Content-Type", "Location", "ETag",
                                                          "Preference-Applied"};

// A structured-field string ("abc") or the bare text.
Result<std::string> parse_key(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  const bool is_sound = !text.empty() && text.size() <= kMaxKey &&
                        std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (is_sound) return std::string(text);
  return Error(Code::kMalformed, "Idempotency-Key must be 1 to " + std::to_string(kMaxKey) +
                                     " printable ASCII characters");
}

std::string principal_scope(const Principal& principal) {
  return std::to_string(static_cast<int>(principal.kind)) + ":" + principal.id + ":" +
         principal.application + ":" + principal.tenant;
}

std::string fingerprint(std::string_view body) {
  const Sha256 hash = sha256(body);
  return hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

}  // namespace

Result<const Collection*> collection_of(const Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection,
                 call.engine.catalog().collection(call.parameters[0], call.parameters[1]));
  DAYBOOK_TRY(may(call.principal, call.access, *collection));
  return collection;
}

Result<const Application*> application_of(const Call& call) {
  const Application* application = call.engine.catalog().find(call.parameters[0]);
  if (application != nullptr) return application;
  return Error(Code::kNotFound, "there is no application '" + call.parameters[0] + "'");
}

Result<const Collection*> declared_collection(const Call& call) {
  return call.engine.catalog().collection(call.declared->application->name,
                                          call.declared->route->collection);
}

Words words_of(const Call& call) { return Words(call.request.target.query); }

Budget budget_of(const Call& call) {
  Budget budget;
  budget.time = call.options.query_time;
  if (const auto most = limits_of(call.principal).question_time) {
    budget.time = std::min(budget.time, *most);
  }
  budget.is_cancelled = call.request.is_cancelled;
  return budget;
}

Result<Question> question_of(const Call& call, const Collection& collection) {
  DAYBOOK_ASSIGN(Sight sight, Sight::of(call.engine, call.principal, collection));
  return Question{std::move(sight), words_of(call), budget_of(call)};
}

RouteCall route_call_of(const Call& call) {
  const Declared& declared = *call.declared;
  RouteCall route_call{*declared.application, *declared.route, call.principal, {},
                       words_of(call),        budget_of(call)};
  for (std::size_t i = 0; i < declared.names.size(); ++i) {
    route_call.path.emplace_back(declared.names[i], call.parameters[i]);
  }
  return route_call;
}

Result<std::string> read_body(Call& call) {
  return call.request.body->read_all(limits_of(call.principal).body);
}

Result<std::string> read_json_body(Call& call) {
  DAYBOOK_TRY(expect_json(call.request.headers));
  return read_body(call);
}

Result<std::optional<Once>> begin_once(Call& call, std::string_view body) {
  if (!call.request.headers.has("Idempotency-Key")) return std::optional<Once>();
  DAYBOOK_ASSIGN(const std::string key, parse_key(call.request.headers.get("Idempotency-Key")));
  Once::Request request;
  request.key = principal_scope(call.principal) + "\n" +
                std::string(http::method_name(call.request.method)) + " " +
                std::string(call.request.path()) + "\n" + key;
  request.fingerprint = fingerprint(body);
  request.kept = call.options.idempotency_kept;
  DAYBOOK_ASSIGN(Once once, Once::begin(call.engine, std::move(request)));
  return std::optional<Once>(std::move(once));
}

std::string pack(const http::Response& response) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("status").value(response.status).key("headers").begin_object();
  for (const std::string_view name : kKeptHeaders) {
    if (response.headers.has(name)) out.key(name).value(response.headers.get(name));
  }
  out.end_object().key("body").value(response.body).end_object();
  return text;
}

Result<http::Response> unpack(const std::string& kept) {
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(kept));
  http::Response response;
  response.status = static_cast<int>(value.find("status")->as_int());
  auto headers = value.find("headers")->members();
  while (const auto header = headers.next()) {
    response.headers.add(std::string(header->first), std::string(header->second.as_string()));
  }
  response.headers.add("Idempotency-Replayed", "true");
  response.body = value.find("body")->as_string();
  return response;
}

std::string row_path(const Collection& collection, std::string_view id) {
  return "/api/v1/" + collection.application + "/" + collection.name + "/" +
         http::percent_encode(id);
}

void write_window(const std::optional<Window>& window, json::Writer& out) {
  if (!window) {
    out.null();
    return;
  }
  out.begin_object().key("start").value(format_instant(window->start));
  out.key("end").value(format_instant(window->end));
  out.key("tz").value(window->zone.name()).end_object();
}

}  // namespace daybook::api
