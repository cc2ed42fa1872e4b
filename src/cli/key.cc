// `daybook key`: access keys, made, listed and revoked.
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/pages.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  std::string verb;
  std::string id;
  std::string app, role, tenant, subject, name, expires;
  std::vector<std::string> collections, verbs, origins;
  bool publishable = false;
  FormatWords format;
};

void write_text(json::Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.key(name).value(text);
}

void write_texts(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const std::string& text : texts) out.value(text);
  out.end_array();
}

std::string key_json(const Words& words) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.key("name").value(words.name.empty() ? words.app + " " + words.role : words.name);
  out.key("application").value(words.app).key("role").value(words.role);
  write_text(out, "tenant", words.tenant);
  write_text(out, "subject", words.subject);
  write_texts(out, "collections", words.collections);
  write_texts(out, "verbs", words.verbs);
  write_texts(out, "origins", words.origins);
  if (words.publishable) out.key("publishable").value(true);
  write_text(out, "expires_at", words.expires);
  out.end_object();
  return body;
}

// The key stands alone on stdout, so that a script can keep it.
Result<void> create(Session& session, Connection& connection, const Words& words) {
  if (words.app.empty() || words.role.empty()) {
    return Error(Code::kInvalid, "a key needs --app and --role");
  }
  http::Headers headers;
  headers.add("Content-Type", "application/json");
  DAYBOOK_ASSIGN(auto response,
                 connection.send(http::Method::kPost, "/api/v1/keys", headers, key_json(words)));
  if (response.status >= 400) return error_of(response);
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value made, parser.parse(response.body));
  session.terminal.print(std::string(made.find("key")->as_string()) + "\n");
  session.terminal.say("key " + std::string(made.find("id")->as_string()) +
                       "; it is shown this once");
  return {};
}

Result<void> list(Session& session, Connection& connection, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm form, format_of(words.format));
  if (form == RowForm::kJson) {
    DAYBOOK_ASSIGN(const std::string body, connection.get("/api/v1/keys"));
    session.terminal.print(body + "\n");
    return {};
  }
  RowsOut out(session.terminal, form,
              {"id", "name", "application", "role", "tenant", "subject", "prefix", "publishable",
               "expires_at", "last_used_at", "revoked_at"});
  DAYBOOK_TRY(walk_list(connection, Target("/api/v1/keys"), kAllRows,
                        [&](const json::Value& row) { out.add(row); }));
  out.finish();
  return {};
}

Result<void> revoke(Session& session, Connection& connection, const Words& words) {
  if (words.id.empty()) return Error(Code::kInvalid, "ID is missing: which key");
  DAYBOOK_ASSIGN(auto response,
                 connection.send(http::Method::kDelete,
                                 "/api/v1/keys/" + http::percent_encode(words.id), {}, ""));
  if (response.status >= 400) return error_of(response);
  session.terminal.say("key " + words.id + " is nobody's any more");
  return {};
}

Result<void> key(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  if (words.verb == "create") return create(session, connection, words);
  if (words.verb == "list") return list(session, connection, words);
  if (words.verb == "revoke") return revoke(session, connection, words);
  return Error(Code::kInvalid, "'" + words.verb + "' is not one of create, list, revoke");
}

}  // namespace

Run declare_key(Options& options) {
  auto words = std::make_shared<Words>();
  options.argument("VERB", words->verb, "create, list or revoke");
  options.maybe("ID", words->id, "which key, for revoke");
  options.option("--app", "APP", words->app, "the application that it is for");
  options.option("--role", "ROLE", words->role, "what it may do there");
  options.option("--tenant", "TENANT", words->tenant, "it sees and writes this tenant only");
  options.option("--subject", "ID", words->subject,
                 "the device or person that it stands for; without one it writes for others");
  options.each("--collection", "NAME", words->collections, "only this collection; may be repeated");
  options.each("--verb", "VERB", words->verbs, "only this verb (create, read, ...)");
  options.each("--origin", "ORIGIN", words->origins, "only from pages of this origin");
  options.flag("--publishable", words->publishable,
               "may stand in a page: it creates rows and does nothing else");
  options.option("--expires", "TIME", words->expires, "good until then, 2026-12-31T00:00:00Z");
  options.option("--name", "NAME", words->name, "what it is called in lists");
  declare_format(options, words->format);
  return [words](Session& session) { return key(session, *words); };
}

}  // namespace daybook::cli
