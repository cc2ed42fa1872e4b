#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/progress.h"
#include "cli/question.h"

namespace daybook::cli {

namespace {

struct Words {
  std::string action;
  std::vector<std::string> collections;
};

// Those that declare rollups, each once.
Result<std::vector<std::string>> rolled_collections(Connection& connection) {
  DAYBOOK_ASSIGN(const std::string body, connection.get("/api/v1/rollups"));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  std::vector<std::string> names;
  const auto items = answer.find("items");
  if (!items) return names;
  auto elements = items->elements();
  while (const auto one = elements.next()) {
    std::string name = text_of(*one, "collection");
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

// What came of one collection, over all its periods.
struct Outcome {
  std::uint64_t periods = 0, sums = 0, rows = 0;
};

Result<Outcome> walk_periods(Session& session, Connection& connection, const std::string& action,
                             const std::string& collection) {
  Outcome outcome;
  std::optional<std::string> after;
  std::optional<Progress> progress;
  while (true) {
    Target target("/api/v1/rollups");
    target.add("collection", collection).add("do", action).maybe("after", after);
    DAYBOOK_ASSIGN(const auto response,
                   connection.send(http::Method::kPost, target.text(), {}, ""));
    if (response.status >= 400) return error_of(response);
    json::Parser parser;
    DAYBOOK_ASSIGN(const json::Value answer, parser.parse(response.body));
    const std::string period = text_of(answer, "period");
    if (period.empty()) return outcome;
    ++outcome.periods;
    outcome.sums += number_of(answer, "sums");
    outcome.rows += number_of(answer, "rows");
    if (!progress) progress.emplace(session.terminal, collection, number_of(answer, "of"));
    progress->at(number_of(answer, "done"), outcome.rows);
    const std::string difference = text_of(answer, "difference");
    if (!difference.empty()) {
      return Error(Code::kConflict, collection + ", " + period + ", " + difference +
                                        "; `daybook rollup rebuild " + collection +
                                        "` makes them anew");
    }
    after = period;
  }
}

Result<void> tend_rollups(Session& session, const Words& words) {
  if (words.action != "verify" && words.action != "rebuild") {
    return Error(Code::kInvalid, "expected verify or rebuild, not '" + words.action + "'");
  }
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  std::vector<std::string> collections = words.collections;
  if (collections.empty()) {
    DAYBOOK_ASSIGN(collections, rolled_collections(connection));
  }
  const bool is_verify = words.action == "verify";
  for (const std::string& collection : collections) {
    DAYBOOK_ASSIGN(const Outcome outcome,
                   walk_periods(session, connection, words.action, collection));
    session.terminal.print(collection + ": " + grouped(outcome.sums) + " sums of " +
                           grouped(outcome.periods) + " periods " +
                           (is_verify ? "agree with " : "made anew from ") + grouped(outcome.rows) +
                           " rows\n");
  }
  return {};
}

}  // namespace

Run declare_rollup(Options& options) {
  auto words = std::make_shared<Words>();
  options.argument("ACTION", words->action, "verify or rebuild");
  options.rest("APP/COLLECTION", words->collections, "those; else all that declare rollups");
  return [words](Session& session) { return tend_rollups(session, *words); };
}

}  // namespace daybook::cli
