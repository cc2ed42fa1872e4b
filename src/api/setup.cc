// The page behind the one-time link of the first start: it makes the first administrator. A form
// without a script; what it sends is as good as the link's code that it brings along.
#include <optional>
#include <string>

#include "api/endpoints.h"
#include "api/html.h"
#include "api/respond.h"
#include "base/text.h"
#include "catalog/decode.h"
#include "engine/sign_in.h"

namespace daybook::api {
namespace {

using State = SetupLink::State;

constexpr std::string_view kTitle = "Daybook: the first administrator";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::string paragraph(std::string_view text) { return "<p>" + escape_html(text) + "</p>\n"; }

std::string input(std::string_view name, std::string_view label, std::string_view more) {
  const std::string id(name);
  return "<label for=\"" + id + "\">" + escape_html(label) + "</label>\n<input id=\"" + id +
         "\" name=\"" + id + "\" required " + std::string(more) + ">\n";
}

// What somebody filled in, or has to.
struct Filled {
  std::string code, login, password;
};

std::string form(const Collection& accounts, const Filled& filled) {
  const Field& login = login_field(accounts);
  const Field& password = accounts.fields[accounts.declared.identity->password];
  const std::string least = std::to_string(static_cast<int>(password.min.value_or(1)));
  return "<form method=\"post\" action=\"/setup\">\n"
         "<input type=\"hidden\" name=\"code\" value=\"" +
         escape_html(filled.code) + "\">\n" +
         input("login", login.name,
               "autocomplete=\"username\" value=\"" + escape_html(filled.login) + "\"") +
         input("password", "password, at least " + least + " bytes",
               "type=\"password\" autocomplete=\"new-password\" minlength=\"" + least + "\"") +
         "<button>Make the administrator</button>\n</form>\n";
}

std::string heading() { return "<h1>The first administrator</h1>\n"; }

http::Response form_page(const Collection& accounts, const Filled& filled, const Error* error) {
  std::string main = heading();
  if (error == nullptr) {
    main += paragraph(
        "Nobody can sign in to this Daybook yet. Who comes by this link makes the "
        "first account, which may do everything; then the link is used up.");
  } else {
    main += "<div class=\"problem\">\n" + paragraph(error->message());
    for (const Problem& problem : error->problems()) {
      main += paragraph(problem.pointer + " " + problem.detail);
    }
    main += "</div>\n";
  }
  const int status = error == nullptr ? 200 : problem_type(error->code()).status;
  return html_page(status, kTitle, main + form(accounts, filled), Forms::kOwn);
}

http::Response refusal_page(State state) {
  const int status = state == State::kWrong ? 404 : 410;
  std::string text(describe(state));
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return html_page(status, kTitle,
                   heading() + paragraph(text + ".") +
                       "<p>On the server's machine <code>daybook user create EMAIL --admin</code> "
                       "makes an administrator at any time.</p>\n");
}

http::Response made_page(const std::string& login) {
  return html_page(
      201, kTitle,
      heading() + paragraph(login + " is the administrator now, and the link is used up.") +
          "<p>Sign in with <code>POST /api/v1/auth/login</code>, or make keys with <code>daybook "
          "key "
          "create</code>; <a href=\"/docs\">the routes</a> are told by the server.</p>\n");
}

Result<const Collection*> accounts_of(const Call& call) {
  const Collection* accounts = call.engine.own().accounts_of({});
  if (accounts != nullptr) return accounts;
  return Error(Code::kNotFound, "this catalog has no accounts");
}

Result<State> state_of(const Call& call, std::string_view code) {
  const Instant now = call.engine.now();
  DAYBOOK_ASSIGN(const bool is_guarded, call.engine.credentials().is_guarded(now));
  return call.engine.setup_link().state(code, is_guarded, now);
}

// "a=b&c=d" as a browser sends it.
Result<Filled> read_form(Call& call) {
  const std::string_view type = call.request.headers.get("Content-Type");
  if (!ascii_lower(type).starts_with(kFormType)) {
    return Error(Code::kMediaType, "the form of this page sends " + std::string(kFormType));
  }
  DAYBOOK_ASSIGN(const std::string body, read_body(call));
  DAYBOOK_ASSIGN(const http::Target target, http::parse_target("/?" + body));
  Filled filled;
  for (const auto& [name, value] : target.query) {
    if (name == "code") filled.code = value;
    if (name == "login") filled.login = value;
    if (name == "password") filled.password = value;
  }
  return filled;
}

std::string account_json(const Collection& accounts, const Filled& filled) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key(sent_name(login_field(accounts))).value(filled.login);
  out.key(sent_name(accounts.fields[accounts.declared.identity->password])).value(filled.password);
  out.end_object();
  return text;
}

}  // namespace

Result<http::Response> read_setup(Call& call) {
  Words words = words_of(call);
  Filled filled;
  filled.code = words.take("code").value_or("");
  DAYBOOK_TRY(words.finish());
  DAYBOOK_ASSIGN(const Collection* accounts, accounts_of(call));
  DAYBOOK_ASSIGN(const State state, state_of(call, filled.code));
  if (state != State::kGood) return refusal_page(state);
  return form_page(*accounts, filled, nullptr);
}

Result<http::Response> run_setup(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const Collection* accounts, accounts_of(call));
  DAYBOOK_ASSIGN(const Filled filled, read_form(call));
  DAYBOOK_ASSIGN(const State state, state_of(call, filled.code));
  if (state != State::kGood) return refusal_page(state);
  const auto made = daybook::register_account(call.engine, call.principal, {}, filled.code,
                                              account_json(*accounts, filled));
  if (made.ok()) return made_page(login_of(*accounts, made->row));
  if (made.error().code() == Code::kForbidden) return refusal_page(State::kUsed);
  return form_page(*accounts, filled, &made.error());
}

}  // namespace daybook::api
