// `daybook user`: the people who may sign in to Daybook itself, or to an application.
#include <iostream>
#include <string>

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
  std::string email;
  std::string app;
  std::string role;
  std::string tenant;
  std::string name;
  bool admin = false;
  FormatWords format;
};

// The collection of an application's accounts, "/api/v1/system/users".
Result<std::string> accounts_target(Connection& connection, const std::string& app) {
  DAYBOOK_ASSIGN(const std::string body, connection.get("/api/v1/catalog/" + app));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value application, parser.parse(body));
  if (const auto collections = application.find("collections")) {
    auto members = collections->members();
    while (const auto member = members.next()) {
      if (member->second.find("identity")) {
        return "/api/v1/" + app + "/" + std::string(member->first);
      }
    }
  }
  return Error(Code::kNotFound, app + " has no accounts of its own");
}

// From standard input, so that it stands in no list of processes and no history.
Result<std::string> read_password(Terminal& terminal) {
  if (terminal.look().is_interactive) terminal.say("password (shown as you type):");
  std::string line;
  if (std::getline(std::cin, line) && !line.empty()) return line;
  return Error(Code::kInvalid, "the password is read from standard input, which has none");
}

Result<std::string> send(Connection& connection, http::Method method, const std::string& target,
                         const std::string& body) {
  http::Headers headers;
  headers.add("Content-Type", "application/json");
  DAYBOOK_ASSIGN(auto response, connection.send(method, target, headers, body));
  if (response.status >= 400) return error_of(response);
  return std::move(response.body);
}

Result<void> create(Session& session, Connection& connection, const Words& words) {
  DAYBOOK_ASSIGN(const std::string target, accounts_target(connection, words.app));
  DAYBOOK_ASSIGN(const std::string password, read_password(session.terminal));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("email").value(words.email).key("password").value(password);
  const std::string role = words.admin ? "admin" : words.role;
  if (!role.empty()) out.key("role").value(role);
  if (!words.tenant.empty()) out.key("tenant").value(words.tenant);
  if (!words.name.empty()) out.key("name").value(words.name);
  out.end_object();
  DAYBOOK_TRY(send(connection, http::Method::kPost, target, body));
  session.terminal.say(words.email + " may sign in to " + words.app);
  return {};
}

// The id of the account with this address.
Result<std::string> find_id(Connection& connection, const std::string& target,
                            const std::string& email) {
  DAYBOOK_ASSIGN(const std::string body,
                 connection.get(target + "?fields=id&email=" + http::percent_encode(email)));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  if (const auto items = answer.find("items"); items && items->size() > 0) {
    return std::string(items->elements().next()->find("id")->as_string());
  }
  return Error(Code::kNotFound, "there is no account of " + email);
}

Result<void> change(Session& session, Connection& connection, const Words& words,
                    const std::string& body, const std::string& done) {
  DAYBOOK_ASSIGN(const std::string target, accounts_target(connection, words.app));
  DAYBOOK_ASSIGN(const std::string id, find_id(connection, target, words.email));
  DAYBOOK_TRY(
      send(connection, http::Method::kPatch, target + "/" + http::percent_encode(id), body));
  session.terminal.say(words.email + " " + done);
  return {};
}

Result<void> set_password(Session& session, Connection& connection, const Words& words) {
  DAYBOOK_ASSIGN(const std::string password, read_password(session.terminal));
  return change(session, connection, words, "{\"password\":" + json::quote(password) + "}",
                "has a new password and is signed out everywhere");
}

Result<void> list(Session& session, Connection& connection, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm form, format_of(words.format));
  DAYBOOK_ASSIGN(const std::string path, accounts_target(connection, words.app));
  if (form == RowForm::kJson) {
    DAYBOOK_ASSIGN(const std::string body, connection.get(path));
    session.terminal.print(body + "\n");
    return {};
  }
  RowsOut out(session.terminal, form, {"id", "email", "role", "tenant", "name", "is_active"});
  DAYBOOK_TRY(
      walk_list(connection, Target(path), kAllRows, [&](const json::Value& row) { out.add(row); }));
  out.finish();
  return {};
}

Result<void> user(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  if (words.verb == "list") return list(session, connection, words);
  if (words.email.empty()) {
    return Error(Code::kInvalid, "EMAIL is missing: whose account");
  }
  if (words.verb == "create") return create(session, connection, words);
  if (words.verb == "password") return set_password(session, connection, words);
  if (words.verb == "disable") {
    return change(session, connection, words, R"({"is_active":false})", "cannot sign in any more");
  }
  if (words.verb == "enable") {
    return change(session, connection, words, R"({"is_active":true})", "may sign in again");
  }
  return Error(Code::kInvalid,
               "'" + words.verb + "' is not one of create, list, password, disable, enable");
}

}  // namespace

Run declare_user(Options& options) {
  auto words = std::make_shared<Words>();
  words->app = "system";
  options.argument("VERB", words->verb,
                   "create, list, password, disable or enable; a password is read from standard "
                   "input");
  options.maybe("EMAIL", words->email, "whose account");
  options.option("--app", "APP", words->app, "whose accounts (Daybook's own)");
  options.option("--role", "ROLE", words->role, "what the person may do");
  options.flag("--admin", words->admin, "the person runs everything; the same as --role admin");
  options.option("--tenant", "TENANT", words->tenant, "the person belongs to this tenant only");
  options.option("--name", "NAME", words->name, "what the person is called");
  declare_format(options, words->format);
  return [words](Session& session) { return user(session, *words); };
}

}  // namespace daybook::cli
