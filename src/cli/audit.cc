// `daybook audit list`: who changed access, declarations or the installation, newest first.
#include <string>

#include "base/json.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/pages.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  std::string verb;
  Question question;
  std::int64_t limit = 100;
  FormatWords format;
};

// The collection that the server's declarations say holds the trail, "shop/log".
Result<std::string> trail_of(Connection& connection) {
  DAYBOOK_ASSIGN(const std::string body, connection.get("/api/v1/catalog"));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value catalog, parser.parse(body));
  auto applications = catalog.find("applications")->members();
  while (const auto application = applications.next()) {
    const auto collections = application->second.find("collections");
    if (!collections) continue;
    auto members = collections->members();
    while (const auto member = members.next()) {
      const auto holds = member->second.find("holds");
      if (holds && holds->as_string() == "trail") {
        return std::string(application->first) + "/" + std::string(member->first);
      }
    }
  }
  return Error(Code::kNotFound, "the declarations of " + connection.place() + " have no trail");
}

Result<void> list(Session& session, Words words) {
  DAYBOOK_ASSIGN(const RowForm form, format_of(words.format));
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(words.question.collection, trail_of(connection));
  DAYBOOK_ASSIGN(const Target target, target_of(words.question, ""));
  if (form == RowForm::kJson) {
    DAYBOOK_ASSIGN(const std::string body, connection.get(target.text()));
    session.terminal.print(body + "\n");
    return {};
  }
  RowsOut out(
      session.terminal, form,
      {"created_at", "user_id", "event_type", "resource_type", "resource_id", "ip_address"});
  DAYBOOK_TRY(
      walk_list(connection, target, words.limit, [&](const json::Value& row) { out.add(row); }));
  out.finish();
  return {};
}

Result<void> audit(Session& session, const Words& words) {
  if (words.verb == "list") return list(session, words);
  return Error(Code::kInvalid, "'" + words.verb + "' is not list");
}

}  // namespace

Run declare_audit(Options& options) {
  auto words = std::make_shared<Words>();
  options.argument("VERB", words->verb, "list");
  declare_question(options, words->question);
  options.option("--limit", "N", words->limit, "at most N entries (100)");
  declare_format(options, words->format);
  return [words](Session& session) { return audit(session, *words); };
}

}  // namespace daybook::cli
