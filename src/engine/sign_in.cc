#include "engine/sign_in.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/uuid.h"
#include "engine/commit.h"
#include "engine/rights.h"
#include "engine/sessions.h"
#include "engine/trail.h"

namespace daybook {

namespace {

Error wrong_login() { return {Code::kUnauthorized, "the login or the password is wrong"}; }

// To who has shown already who he is.
Error wrong_old_password() {
  return Error(Code::kInvalid, "the old password is wrong")
      .with_problems(
          {{std::nullopt, "#/old", "is not the password of the account", Code::kInvalid}});
}

Error no_accounts(const std::string& application) {
  return {Code::kNotFound, application.empty()
                               ? "this catalog has no accounts"
                               : "'" + application + "' has no accounts of its own"};
}

Error too_often(Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return {Code::kBusy, "tried too often; try again in " + std::to_string(seconds) + " seconds"};
}

// The account with this login; empty also for what can be no login.
Result<std::optional<Row>> find_account(Engine& engine, const Collection& accounts,
                                        const std::string& login) {
  const Field& field = login_field(accounts);
  const auto value = decode_text(field, login);
  if (!value.ok()) return std::optional<Row>();
  DAYBOOK_ASSIGN(auto rows, find_rows(engine.store(), accounts,
                                      equals(accounts, field.name, *value), engine.now(), 1));
  if (rows.empty()) return std::optional<Row>();
  return std::optional(std::move(rows[0]));
}

// An unknown account takes as long as a known one.
Result<bool> is_password(const Collection& accounts, const std::optional<Row>& row,
                         const std::string& password) {
  const std::string* hash =
      row ? row->values[accounts.declared.identity->password].get_if<std::string>() : nullptr;
  return verify_password(hash == nullptr ? kHashOfNobody : *hash, password);
}

// Checks a password, with its throttle: the account, or wrong_login().
Result<Row> check_password(Engine& engine, const Principal& caller, const Collection& accounts,
                           const std::string& login, const std::string& password) {
  const std::string name = accounts.full_name() + "\n" + ascii_lower(login);
  SignInThrottle& throttle = engine.sign_in_throttle();
  if (const auto wait = throttle.take(name, caller.address, engine.now())) return too_often(*wait);
  DAYBOOK_ASSIGN(auto row, find_account(engine, accounts, login));
  const auto is_right = is_password(accounts, row, password);
  if (!is_right.ok()) {
    throttle.give_back(name, caller.address, engine.now());
    return is_right.error();
  }
  if (row && *is_right && is_active(accounts, *row)) {
    throttle.succeeded(name, caller.address, engine.now());
    return *std::move(row);
  }
  // What was typed as a login may be a password: only known accounts are named.
  DAYBOOK_TRY(record(engine, caller,
                     {.event = "session.refuse",
                      .action = "execute",
                      .resource = accounts.full_name(),
                      .id = row ? row->id : "",
                      .application = accounts.application}));
  return wrong_login();
}

// The members of a body, but for those that are not of the account.
std::string without(const json::Value& body, const std::vector<std::string_view>& names) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  auto members = body.members();
  while (const auto member = members.next()) {
    if (std::find(names.begin(), names.end(), member->first) != names.end()) continue;
    std::string value;
    member->second.write(value);
    out.key(member->first).raw(value);
  }
  out.end_object();
  return text;
}

// Nobody gives himself a role, a tenant or activity.
Result<void> check_said(const Collection& accounts, const std::vector<bool>& sent) {
  const Identity& identity = *accounts.declared.identity;
  std::vector<Problem> problems;
  for (const auto& field : {identity.role, identity.tenant, identity.active}) {
    if (!field || !sent[*field]) continue;
    problems.push_back({std::nullopt, "#/" + accounts.fields[*field].name,
                        "is not yours to say when you register", Code::kInvalid});
  }
  if (problems.empty()) return {};
  return Error(Code::kInvalid, "the account has fields that are not yours to say")
      .with_problems(std::move(problems));
}

// Whether the next account becomes the administrator's; kForbidden when there is to be none.
Result<bool> becomes_admin(Engine& engine, const Collection& accounts,
                           const std::string& setup_code) {
  if (!setup_code.empty()) {
    const Instant now = engine.now();
    DAYBOOK_ASSIGN(const bool is_guarded, engine.credentials().is_guarded(now));
    const SetupLink::State state = engine.setup_link().state(setup_code, is_guarded, now);
    if (state == SetupLink::State::kGood) return true;
    return Error(Code::kForbidden, std::string(describe(state)));
  }
  const auto registration = accounts.declared.identity->registration;
  if (registration == Identity::Register::kClosed) {
    return Error(Code::kForbidden, accounts.application +
                                       " takes no registrations; its administrator makes accounts");
  }
  if (registration == Identity::Register::kOpen) return false;
  DAYBOOK_ASSIGN(const auto others, find_rows(engine.store(), accounts, Filter(), engine.now(), 1));
  return others.empty();
}

Result<Decoded> decode_account(Engine& engine, const Collection& accounts,
                               const std::string& body) {
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(body));
  if (value.kind() != json::Kind::kObject) {
    return Error(Code::kInvalid, "the body must be one JSON object");
  }
  const std::string fields = without(value, {"application", "setup"});
  json::Parser again;
  DAYBOOK_ASSIGN(const json::Value row, again.parse(fields));
  Stamp stamp;
  stamp.now = engine.now();
  stamp.speaks_for_others = true;
  IdMaker ids;
  return decode_row(accounts, row, stamp, ids);
}

}  // namespace

Result<SignedIn> sign_in(Engine& engine, const Principal& caller, const SignInWords& words) {
  const Collection* accounts = engine.own().accounts_of(words.application);
  if (accounts == nullptr || engine.own().sessions == nullptr) {
    return no_accounts(words.application);
  }
  DAYBOOK_ASSIGN(Row row, check_password(engine, caller, *accounts, words.login, words.password));
  return open_session(engine, caller, {accounts, std::move(row)}, words.form);
}

Result<void> change_password(Engine& engine, const Principal& principal, const std::string& old,
                             const std::string& next) {
  DAYBOOK_ASSIGN(const Account account, account_of(engine, principal));
  const Collection& accounts = *account.collection;
  const auto row =
      check_password(engine, principal, accounts, login_of(accounts, account.row), old);
  if (!row.ok()) {
    return row.error().code() == Code::kUnauthorized ? wrong_old_password() : row.error();
  }
  const Field& field = accounts.fields[accounts.declared.identity->password];
  std::string body;
  json::Writer(body).begin_object().key(sent_name(field)).value(next).end_object();
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(body));
  Batch batch;
  batch.application = engine.catalog().find(accounts.application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  Operation change = update_of(accounts, row->id, {});
  DAYBOOK_ASSIGN(change.assignments, decode_changes(accounts, value, stamp_of(engine, principal)));
  batch.operations.push_back(std::move(change));
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, principal, batch));
  return {};
}

Result<Account> register_account(Engine& engine, const Principal& caller,
                                 const std::string& application, const std::string& setup_code,
                                 const std::string& body) {
  const Collection* accounts = engine.own().accounts_of(application);
  if (accounts == nullptr) return no_accounts(application);
  if (const auto wait = engine.sign_in_throttle().take_registration(caller.address, engine.now())) {
    return too_often(*wait);
  }
  // Nothing is hashed for who is refused, and nobody waits for the hashing of another.
  DAYBOOK_TRY(becomes_admin(engine, *accounts, setup_code));
  DAYBOOK_ASSIGN(Decoded decoded, decode_account(engine, *accounts, body));
  const std::lock_guard one_at_a_time(engine.registering());
  DAYBOOK_ASSIGN(const bool is_admin, becomes_admin(engine, *accounts, setup_code));
  DAYBOOK_TRY(check_said(*accounts, decoded.sent));
  if (is_admin && accounts->declared.identity->role) {
    decoded.row.values[*accounts->declared.identity->role] = Value(kAdminRole);
  }
  Batch batch;
  batch.application = engine.catalog().find(accounts->application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  batch.operations.push_back(insert_of(*accounts, decoded.row));
  DAYBOOK_ASSIGN(const Committed committed, commit(engine, caller, batch));
  const Verdict& verdict = committed.verdicts.front();
  if (!verdict.is_good()) return Error(Code::kConflict, verdict.detail);
  return Account{accounts, std::move(decoded.row)};
}

Result<Account> account_of(Engine& engine, const Principal& principal) {
  const Collection* accounts = principal.credential ? principal.credential->accounts : nullptr;
  if (accounts == nullptr) {
    return Error(Code::kForbidden, "this is for people who have signed in");
  }
  DAYBOOK_ASSIGN(auto rows, engine.store().find(*accounts, {principal.id}, engine.now()));
  if (!rows[0]) return Error(Code::kUnauthorized, "the account is gone");
  return Account{accounts, *std::move(rows[0])};
}

}  // namespace daybook
