#include "cli/verify.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "cli/answer.h"
#include "cli/rows_out.h"
#include "cli/sample_row.h"

namespace daybook::cli {

namespace {

using http::Method;

// A row that was sent, by the full name of its collection.
struct Sent {
  SampleRow row;
  std::string id;
};

std::string elapsed_text(std::chrono::steady_clock::duration elapsed) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  return std::to_string(us / 1000) + "." + std::to_string(us / 100 % 10);
}

std::size_t items_of(const json::Value& answer, std::string_view name) {
  const auto items = answer.find(name);
  return items && items->kind() == json::Kind::kArray ? items->size() : 0;
}

// The figures of an answer: "total_jobs 12, job_types 3".
std::string figures_of(const json::Value& answer) {
  using Kind = json::Kind;
  std::string figures;
  auto members = answer.members();
  while (const auto member = members.next()) {
    const json::Value& value = member->second;
    const Kind kind = value.kind();
    std::string figure;
    if (kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kFloat) value.write(figure);
    if (kind == Kind::kArray) figure = std::to_string(value.size());
    if (figure.empty()) continue;
    figures += (figures.empty() ? "" : ", ") + std::string(member->first) + " " + figure;
  }
  return figures.empty() ? std::to_string(answer.size()) + " members" : figures;
}

// "GET /api/v1/x" -> GET, "/api/v1/x".
std::pair<std::string, std::string> parts_of(const std::string& path) {
  const std::size_t blank = path.find(' ');
  return {path.substr(0, blank), path.substr(std::min(path.size(), blank + 1))};
}

class Verification {
 public:
  Verification(Connection& connection, Terminal& terminal)
      : connection_(connection), terminal_(terminal) {}

  Result<void> run() {
    for (const char* path : {"/livez", "/readyz", "/health/db"}) {
      call(Method::kGet, path, "",
           [](const json::Value& answer) { return text_of(answer, "status"); });
    }
    DAYBOOK_ASSIGN(const std::string body, connection_.get("/api/v1/catalog"));
    json::Parser parser;
    DAYBOOK_ASSIGN(const json::Value catalog, parser.parse(body));
    const auto applications = catalog.find("applications");
    if (!applications) return Error(Code::kInternal, "the server told no catalog");
    auto members = applications->members();
    while (const auto application = members.next()) {
      send_rows(application->first, application->second);
      ask_routes(application->first, application->second);
    }
    return finish();
  }

 private:
  using Look = std::function<std::string(const json::Value&)>;

  // Every call is a line: its outcome is what `look` finds in a good answer, nothing when that is
  // not what was expected.
  void call(Method method, const std::string& target, std::string_view body, const Look& look) {
    http::Headers headers;
    if (!body.empty()) headers.add("Content-Type", "application/json");
    const auto begin = std::chrono::steady_clock::now();
    const auto response = connection_.send(method, target, std::move(headers), body);
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    std::string outcome, status = "-";
    if (!response.ok()) {
      outcome = "WRONG: " + response.error().message();
    } else {
      status = std::to_string(response->status);
      outcome = outcome_of(*response, look);
    }
    if (outcome.starts_with("WRONG")) ++bad_;
    lines_.push_back(
        {std::string(http::method_name(method)), target, status, elapsed_text(elapsed), outcome});
  }

  static std::string outcome_of(const http::Response& response, const Look& look) {
    if (response.status >= 400) return "WRONG: " + error_of(response).message();
    json::Parser parser;
    const auto answer = parser.parse(response.body);
    if (!answer.ok()) return "WRONG: " + answer.error().message();
    const std::string found = look(*answer);
    return found.empty() ? "WRONG: not what was expected" : found;
  }

  void skip(const std::string& path, const std::string& why) {
    const auto [method, target] = parts_of(path);
    lines_.push_back({method, target, "-", "-", "not asked: " + why});
    ++skipped_;
  }

  // --- What routes are about, taken in.

  void send_rows(std::string_view name, const json::Value& application) {
    for_routes(application, [&](const json::Value& route, const std::string& path) {
      if (const std::string into = text_of(route, "create"); !into.empty()) {
        send(name, application, into, parts_of(path).second);
      }
    });
    for_routes(application, [&](const json::Value& route, const std::string&) {
      const std::string about = subject_of(route);
      const std::string path = "/api/v1/" + std::string(name) + "/" + about;
      if (!about.empty() && !sent_.contains(key(name, about))) send(name, application, about, path);
    });
  }

  void send(std::string_view name, const json::Value& application, const std::string& collection,
            const std::string& path) {
    const auto declared = application.find("collections")->find(collection);
    auto row = declared ? sample_row(*declared) : std::nullopt;
    if (!row) return skip("POST " + path, "its rows need those of other collections");
    std::string id;
    call(Method::kPost, path, row->json(), [&](const json::Value& answer) {
      id = text_of(answer, "id");
      const auto ids = answer.find("ids");
      const auto first = ids ? ids->elements().next() : std::nullopt;
      if (first && first->kind() == json::Kind::kString) id = first->as_string();
      return id.empty() ? std::string("taken") : "taken as " + id;
    });
    sent_[key(name, collection)] = {*std::move(row), id};
  }

  // --- The routes, asked for them.

  void ask_routes(std::string_view name, const json::Value& application) {
    for_routes(application, [&](const json::Value& route, const std::string& path) {
      const auto [method, target] = parts_of(path);
      if (method == "GET") ask(name, route, path, target);
    });
  }

  void ask(std::string_view name, const json::Value& route, const std::string& path,
           const std::string& pattern) {
    const auto sent = sent_.find(key(name, subject_of(route)));
    const Sent* about = sent == sent_.end() ? nullptr : &sent->second;
    const auto target = target_of(route, pattern, about);
    if (!target) return skip(path, "it needs a parameter that is not known");
    if (!route.find("list")) {
      return call(Method::kGet, *target, "", figures_of);
    }
    if (about == nullptr || about->id.empty()) return skip(path, "no row was sent for it");
    const std::string id = about->id;
    const char* more = target->find('?') == std::string::npos ? "?id=" : "&id=";
    call(Method::kGet, *target + more + id, "", [](const json::Value& answer) {
      return items_of(answer, "items") == 1 ? std::string("the row is there") : std::string();
    });
  }

  // The route's target with its required parameters taken from the row; empty when one is unknown.
  static std::optional<std::string> target_of(const json::Value& route, std::string pattern,
                                              const Sent* about) {
    const auto params = route.find("params");
    if (!params) return pattern;
    auto members = params->members();
    while (const auto param = members.next()) {
      const auto required = param->second.find("required");
      if (!required || !required->as_bool()) continue;
      const auto value = about == nullptr ? std::nullopt : about->row.plain(param->first);
      if (!value) return std::nullopt;
      place(param->first, http::percent_encode(*value), pattern);
    }
    return pattern;
  }

  static void place(std::string_view name, const std::string& value, std::string& target) {
    const std::string hole = "{" + std::string(name) + "}";
    if (const std::size_t at = target.find(hole); at != std::string::npos) {
      target.replace(at, hole.size(), value);
      return;
    }
    target += (target.find('?') == std::string::npos ? "?" : "&") + std::string(name) + "=" + value;
  }

  Result<void> finish() {
    terminal_.print(table_text({"method", "target", "status", "ms", "outcome"}, lines_, terminal_));
    const std::size_t calls = lines_.size() - skipped_;
    terminal_.say(std::to_string(calls) + " calls to " + connection_.place() + ", " +
                  std::to_string(calls - bad_) + " good, " + std::to_string(bad_) + " wrong; " +
                  std::to_string(sent_.size()) + " rows taken in");
    if (bad_ == 0) return {};
    return Error(Code::kInternal,
                 std::to_string(bad_) + (bad_ == 1 ? " call" : " calls") + " went wrong");
  }

  static std::string key(std::string_view application, std::string_view collection) {
    return std::string(application) + "/" + std::string(collection);
  }

  // The collection that a route reads.
  static std::string subject_of(const json::Value& route) {
    const std::string list = text_of(route, "list");
    return list.empty() ? text_of(route, "from") : list;
  }

  template <typename Visit>
  static void for_routes(const json::Value& application, const Visit& visit) {
    const auto routes = application.find("routes");
    if (!routes) return;
    auto elements = routes->elements();
    while (const auto route = elements.next()) visit(*route, text_of(*route, "path"));
  }

  Connection& connection_;
  Terminal& terminal_;
  std::map<std::string, Sent> sent_;
  std::vector<std::vector<std::string>> lines_;
  std::size_t bad_ = 0, skipped_ = 0;
};

}  // namespace

Result<void> verify(Connection& connection, Terminal& terminal) {
  return Verification(connection, terminal).run();
}

}  // namespace daybook::cli
