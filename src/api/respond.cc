#include "api/respond.h"

#include <algorithm>

#include "base/bug.h"
#include "base/json.h"
#include "base/text.h"

namespace daybook::api {
namespace {

constexpr std::size_t kMaxErrors = 100;

// The one table from kinds of failure to statuses, exit codes and pages.
const std::vector<ProblemType>& types() {
  static const std::vector<ProblemType> kTable = {
      {Code::kMalformed, "malformed", 400, 2, "The request cannot be read",
       "The body is not JSON, a header or the target is broken, or a cursor belongs to another "
       "question. The detail names the place; send it again in the right form."},
      {Code::kUnauthorized, "unauthorized", 401, 2, "Sign in first",
       "The request carries no key or session, or one that is not valid any more."},
      {Code::kForbidden, "forbidden", 403, 2, "Not allowed",
       "Whoever asks lacks the right that the detail names, or the request came from a page or "
       "host "
       "that this server does not answer."},
      {Code::kNotFound, "not-found", 404, 3, "Not found",
       "There is no such route, application, collection or row. The detail suggests a near name "
       "where there is one."},
      {std::nullopt, "method-not-allowed", 405, 2, "The method does not fit here",
       "The path is there, but not with this method. The Allow header lists those that fit."},
      {std::nullopt, "not-acceptable", 406, 2, "No acceptable form",
       "The Accept header names no media type that this route can answer with."},
      {std::nullopt, "timeout", 408, 5, "The request took too long to arrive",
       "The client was too slow with the head or the body of its request."},
      {Code::kConflict, "conflict", 409, 3, "In conflict with what is stored",
       "The id or a unique field is taken by other content, a state cannot move that way, or the "
       "same request is still running. Nothing of the operation was stored."},
      {Code::kPrecondition, "precondition", 412, 3, "The precondition does not hold",
       "The row is not, or no longer, what If-Match or If-None-Match expects. Read it again and "
       "decide anew."},
      {Code::kTooLarge, "too-large", 413, 2, "Too large",
       "The body, a row, a batch or an answer is beyond its limit. Send less at once, or NDJSON, "
       "which may be of any length."},
      {Code::kMediaType, "media-type", 415, 2, "A media type that is not read here",
       "The Content-Type or Content-Encoding is none of those that the detail lists."},
      {Code::kInvalid, "invalid", 422, 2, "The request has invalid fields",
       "It could be read, but fields or parameters are wrong. Each entry of errors names the item, "
       "the place in it as a JSON Pointer, and what was expected."},
      {Code::kBusy, "busy", 429, 5, "Too many requests",
       "A quota is used up. Try again after the seconds in Retry-After."},
      {std::nullopt, "headers-too-large", 431, 2, "The head of the request is too large",
       "The request line and headers are beyond the limit of this server."},
      {Code::kInternal, "internal", 500, 1, "A fault of the server",
       "This should not happen. The server's log holds the cause under the request's "
       "X-Request-Id."},
      {Code::kUnsupported, "unsupported", 501, 4, "Not possible on this store",
       "The store behind this server cannot do what was asked, and says so instead of pretending."},
      {Code::kUnavailable, "unavailable", 503, 5, "Not available now",
       "The store is down, its disk is full, or too much is waiting. Try again after the seconds "
       "in "
       "Retry-After; /readyz says why."},
      {Code::kTooSlow, "too-slow", 504, 5, "The question took too long",
       "It passed its time limit. Ask for a shorter window, or use fields that are indexed or "
       "rolled up."},
  };
  return kTable;
}

void write_problem(json::Writer& out, const Problem& problem) {
  out.begin_object();
  if (problem.item) out.key("item").value(*problem.item);
  if (problem.code != Code::kInvalid) out.key("status").value(problem_type(problem.code).status);
  if (!problem.pointer.empty()) out.key("pointer").value(problem.pointer);
  out.key("detail").value(problem.detail).end_object();
}

// What a request said is quoted in details; its header fields may hold any bytes.
void make_utf8(std::string& text) {
  std::size_t from = 0;
  while (true) {
    const std::size_t bad = find_invalid_utf8(std::string_view(text).substr(from));
    if (bad == std::string_view::npos) return;
    from += bad;
    text[from] = '?';
  }
}

http::Response problem_response(const ProblemType& type, std::string_view detail,
                                std::string_view instance, std::string_view errors) {
  http::Response response;
  response.status = type.status;
  response.headers.add("Content-Type", "application/problem+json");
  if (type.status == 401) response.headers.add("WWW-Authenticate", "Bearer");
  if (type.status == 429 || type.status == 503) response.headers.add("Retry-After", "1");
  json::Writer out(response.body);
  out.begin_object().key("type").value("/problems/" + std::string(type.name));
  out.key("title").value(type.title).key("status").value(type.status);
  out.key("detail").value(detail);
  if (!instance.empty()) out.key("instance").value(instance);
  out.end_object();
  if (!errors.empty()) response.body.insert(response.body.size() - 1, "," + std::string(errors));
  make_utf8(response.body);
  return response;
}

}  // namespace

const std::vector<ProblemType>& problem_types() { return types(); }

const ProblemType& problem_type(Code code) {
  for (const ProblemType& type : types()) {
    if (type.code == code) return type;
  }
  bug("a code without a row in the table");
}

const ProblemType& problem_type(int status) {
  for (const ProblemType& type : types()) {
    if (type.status == status) return type;
  }
  return problem_type(status >= 500 ? Code::kInternal : Code::kMalformed);
}

void write_id(const std::string& id, json::Writer& out) {
  if (id.empty()) {
    out.null();
  } else {
    out.value(id);
  }
}

std::string errors_json(const std::vector<Problem>& problems, std::uint64_t more) {
  if (problems.empty()) return {};
  const std::size_t listed = std::min(problems.size(), kMaxErrors);
  more += problems.size() - listed;
  std::string text = "\"errors\":";
  json::Writer out(text);
  out.begin_array();
  for (std::size_t i = 0; i < listed; ++i) write_problem(out, problems[i]);
  out.end_array();
  if (more > 0) text += ",\"more_errors\":" + std::to_string(more);
  return text;
}

http::Response problem(const Error& error, std::string_view instance) {
  return problem_response(problem_type(error.code()), error.message(), instance,
                          errors_json(error.problems(), 0));
}

http::Response problem(const ProblemType& type, std::string_view detail,
                       std::string_view instance) {
  return problem_response(type, detail, instance, {});
}

http::Response method_not_allowed(const std::vector<http::Method>& allowed, std::string_view detail,
                                  std::string_view instance) {
  http::Response response = problem(problem_type(405), detail, instance);
  response.headers.add("Allow", allow_header(allowed));
  return response;
}

http::Response json_response(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

http::Response text_response(std::string_view media_type, std::string body) {
  http::Response response;
  response.headers.add("Content-Type", std::string(media_type) + "; charset=utf-8");
  response.body = std::move(body);
  return response;
}

std::string allow_header(const std::vector<http::Method>& allowed) {
  std::string text;
  const auto add = [&](http::Method method) {
    const std::string name(http::method_name(method));
    text += (text.empty() ? "" : ", ") + name;
  };
  for (const http::Method method : allowed) {
    add(method);
    const bool has_head = std::ranges::find(allowed, http::Method::kHead) != allowed.end();
    if (method == http::Method::kGet && !has_head) add(http::Method::kHead);
  }
  return text;
}

}  // namespace daybook::api
