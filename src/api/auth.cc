// Signing in and out, renewing, registering, changing a password, and who one is.
#include <optional>
#include <string>
#include <utility>

#include "api/caller.h"
#include "api/endpoints.h"
#include "api/respond.h"
#include "catalog/encode.h"
#include "engine/sign_in.h"

namespace daybook::api {

namespace {

using Seconds = std::chrono::seconds;

std::int64_t seconds(Duration duration) {
  return std::chrono::duration_cast<Seconds>(duration).count();
}

// A body of texts and flags, member by member; each must be one of those that are taken.
class Form {
 public:
  static Result<Form> read(Call& call) {
    Form form;
    DAYBOOK_TRY(words_of(call).finish());
    DAYBOOK_ASSIGN(form.body_, read_json_body(call));
    DAYBOOK_ASSIGN(form.value_, form.parser_.parse(form.body_));
    if (form.value_->kind() == json::Kind::kObject) return form;
    return Error(Code::kInvalid, "the body must be one JSON object");
  }

  const std::string& text() const { return body_; }

  // The text of a member; empty when it is absent.
  std::string maybe(std::string_view name) {
    const auto member = value_->find(name);
    if (!member || member->kind() == json::Kind::kNull) return {};
    if (member->kind() == json::Kind::kString) return std::string(member->as_string());
    blame(name, "must be a text");
    return {};
  }

  std::string need(std::string_view name) {
    const std::size_t before = problems_.size();
    std::string text = maybe(name);
    if (text.empty() && problems_.size() == before) blame(name, "is required");
    return text;
  }

  bool flag(std::string_view name) {
    const auto member = value_->find(name);
    if (!member) return false;
    if (member->kind() == json::Kind::kBool) return member->as_bool();
    blame(name, "must be true or false");
    return false;
  }

  Result<void> finish() {
    if (problems_.empty()) return {};
    return Error(Code::kInvalid, "the body has members that are wrong")
        .with_problems(std::move(problems_));
  }

 private:
  void blame(std::string_view name, std::string detail) {
    problems_.push_back(
        {std::nullopt, "#/" + std::string(name), std::move(detail), Code::kInvalid});
  }

  std::string body_;
  json::Parser parser_;
  std::optional<json::Value> value_;
  std::vector<Problem> problems_;
};

void write_person(const Call& call, const Principal& person, const Account& account,
                  json::Writer& out) {
  const Application* own = call.engine.own().application;
  out.begin_object().key("id").value(person.id);
  out.key("login").value(login_of(*account.collection, account.row));
  out.key("role").value(person.role);
  out.key("application")
      .value(person.application.empty() && own != nullptr ? own->name : person.application);
  if (!person.tenant.empty()) out.key("tenant").value(person.tenant);
  out.end_object();
}

std::string cookie_header(const Call& call, std::string_view value, Duration lasts) {
  std::string header =
      std::string(kSessionCookie) + "=" + std::string(value) +
      "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds(lasts));
  if (client_of(call.request, call.options).is_encrypted) header += "; Secure";
  return header;
}

http::Response signed_in_response(const Call& call, const SignedIn& signed_in) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  if (signed_in.cookie.empty()) {
    out.key("access_token").value(signed_in.access_token).key("token_type").value("Bearer");
    out.key("expires_in").value(seconds(kAccessLasts));
    if (!signed_in.refresh_token.empty()) {
      out.key("refresh_token").value(signed_in.refresh_token);
    }
  } else {
    out.key("expires_in").value(seconds(kCookieLasts));
    out.key("csrf_token").value(csrf_token(signed_in.cookie));
  }
  write_person(call, signed_in.principal, signed_in.account, out.key("user"));
  out.end_object();
  http::Response response = json_response(200, std::move(body));
  if (!signed_in.cookie.empty()) {
    response.headers.add("Set-Cookie", cookie_header(call, signed_in.cookie, kCookieLasts));
  }
  return response;
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

// Too many tries are told when to come again.
Result<http::Response> patiently(const Call& call, Result<http::Response> result) {
  if (result.ok() || result.error().code() != Code::kBusy) return result;
  http::Response response = problem(result.error(), call.request.path());
  response.headers.set("Retry-After", "60");
  return response;
}

Result<http::Response> sign_in_by(Call& call) {
  DAYBOOK_ASSIGN(Form form, Form::read(call));
  SignInWords words;
  words.application = form.maybe("application");
  const Collection* accounts = call.engine.own().accounts_of(words.application);
  words.login = form.need(accounts == nullptr ? "email" : login_field(*accounts).name);
  words.password = form.need("password");
  if (form.flag("cookie")) words.form = SignInWords::Form::kCookie;
  DAYBOOK_TRY(form.finish());
  DAYBOOK_ASSIGN(const SignedIn signed_in, daybook::sign_in(call.engine, call.principal, words));
  return signed_in_response(call, signed_in);
}

Result<http::Response> register_by(Call& call) {
  DAYBOOK_ASSIGN(Form form, Form::read(call));
  const std::string application = form.maybe("application");
  const std::string setup = form.maybe("setup");
  DAYBOOK_TRY(form.finish());
  DAYBOOK_ASSIGN(const Account account, daybook::register_account(call.engine, call.principal,
                                                                  application, setup, form.text()));
  const Principal person =
      daybook::principal_of(call.engine.own(), *account.collection, account.row);
  std::string body;
  json::Writer out(body);
  write_person(call, person, account, out.begin_object().key("user"));
  out.end_object();
  return json_response(201, std::move(body));
}

Result<http::Response> change_password_by(Call& call) {
  DAYBOOK_ASSIGN(Form form, Form::read(call));
  const std::string old = form.need("old");
  const std::string next = form.need("new");
  DAYBOOK_TRY(form.finish());
  DAYBOOK_TRY(daybook::change_password(call.engine, call.principal, old, next));
  return no_content();
}

}  // namespace

Result<http::Response> sign_in(Call& call) { return patiently(call, sign_in_by(call)); }

Result<http::Response> register_account(Call& call) { return patiently(call, register_by(call)); }

Result<http::Response> change_password(Call& call) {
  return patiently(call, change_password_by(call));
}

Result<http::Response> renew_tokens(Call& call) {
  DAYBOOK_ASSIGN(Form form, Form::read(call));
  const std::string token = form.need("refresh_token");
  DAYBOOK_TRY(form.finish());
  DAYBOOK_ASSIGN(const SignedIn signed_in, renew(call.engine, call.principal, token));
  return signed_in_response(call, signed_in);
}

Result<http::Response> sign_out(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_TRY(daybook::sign_out(call.engine, call.principal));
  http::Response response = no_content();
  response.headers.add("Set-Cookie", cookie_header(call, "", Duration(0)));
  return response;
}

Result<http::Response> read_me(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  const Principal& me = call.principal;
  std::string body;
  json::Writer out(body);
  if (me.credential && me.credential->accounts != nullptr) {
    DAYBOOK_ASSIGN(const Account account, account_of(call.engine, me));
    write_person(call, me, account, out.begin_object().key("user"));
    out.key("expires_at").value(format_instant(me.credential->expires_at)).end_object();
    return json_response(200, std::move(body));
  }
  out.begin_object().key("kind").value(me.is_operator() ? "operator" : "key");
  if (!me.id.empty()) out.key("id").value(me.id);
  if (!me.role.empty()) out.key("role").value(me.role);
  if (!me.application.empty()) out.key("application").value(me.application);
  if (!me.tenant.empty()) out.key("tenant").value(me.tenant);
  out.end_object();
  return json_response(200, std::move(body));
}

}  // namespace daybook::api
