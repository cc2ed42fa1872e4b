#include "engine/sessions.h"

#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/uuid.h"
#include "engine/commit.h"
#include "engine/trail.h"

namespace daybook {

namespace {

constexpr std::size_t kMaxSessions = 10'000;

Error not_good() { return {Code::kUnauthorized, "the refresh token is not good, or not any more"}; }

Batch atomic_batch(Engine& engine, const std::string& application) {
  Batch batch;
  batch.application = engine.catalog().find(application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  return batch;
}

// The register of an account's refresh tokens; null when its application keeps none.
const Collection* tokens_of(Engine& engine, const Collection& accounts) {
  const Application* application = engine.catalog().find(accounts.application);
  return application->find(accounts.declared.identity->tokens);
}

Stamp own_stamp(Engine& engine) {
  Stamp stamp;
  stamp.now = engine.now();
  stamp.speaks_for_others = true;
  return stamp;
}

std::string session_json(const SignedIn& signed_in, const Principal& caller, Instant now) {
  const bool is_cookie = !signed_in.cookie.empty();
  std::string text;
  json::Writer out(text);
  out.begin_object().key("accounts").value(signed_in.account.collection->full_name());
  out.key("user_id").value(signed_in.account.row.id);
  out.key("token").value(is_cookie ? signed_in.cookie : signed_in.access_token);
  out.key("form").value(is_cookie ? "cookie" : "token");
  out.key("expires_at").value(format_instant(now + (is_cookie ? kCookieLasts : kAccessLasts)));
  if (!caller.address.empty()) out.key("ip_address").value(caller.address);
  if (!caller.user_agent.empty()) out.key("user_agent").value(caller.user_agent);
  out.end_object();
  return text;
}

std::string refresh_json(const SignedIn& signed_in, const std::string& family, Instant now) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("user_id").value(signed_in.account.row.id);
  out.key("token").value(signed_in.refresh_token).key("family").value(family);
  out.key("expires_at").value(format_instant(now + kRefreshLasts)).end_object();
  return text;
}

// The session's row with the tokens that it now has.
Result<void> write_session(Engine& engine, const Principal& caller, const SignedIn& signed_in,
                           const std::string& family, std::string event) {
  const Collection& sessions = *engine.own().sessions;
  Batch batch = atomic_batch(engine, sessions.application);
  Operation put;
  put.collection = &sessions;
  put.verb = Verb::kPut;
  DAYBOOK_ASSIGN(put.row, make_row(sessions, session_json(signed_in, caller, engine.now()),
                                   own_stamp(engine)));
  put.row.id = family;
  batch.operations.push_back(std::move(put));
  if (engine.own().trail != nullptr) {
    Principal person = signed_in.principal;
    person.address = caller.address;
    person.user_agent = caller.user_agent;
    DAYBOOK_ASSIGN(Operation entry,
                   trail_operation(engine, person,
                                   {.event = std::move(event),
                                    .action = "create",
                                    .resource = sessions.full_name(),
                                    .id = family,
                                    .application = signed_in.account.collection->application,
                                    .tenant = person.tenant}));
    batch.operations.push_back(std::move(entry));
  }
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, caller, batch));
  return {};
}

struct RefreshToken {
  const Collection* accounts = nullptr;
  const Collection* tokens = nullptr;
  Row row;
};

Result<RefreshToken> find_refresh(Engine& engine, std::string_view text) {
  if (!text.starts_with(kRefreshPrefix)) return not_good();
  const Value hash(token_hash(text));
  for (const Collection* accounts : engine.own().accounts) {
    const Collection* tokens = tokens_of(engine, *accounts);
    if (tokens == nullptr) continue;
    DAYBOOK_ASSIGN(auto rows, find_rows(engine.store(), *tokens, equals(*tokens, "token", hash),
                                        engine.now(), 1));
    if (!rows.empty()) return RefreshToken{accounts, tokens, std::move(rows[0])};
  }
  return not_good();
}

// Ends refresh tokens, but those of the family that is spared; says whether one was good still.
Result<bool> revoke(Engine& engine, const Principal& principal, const Collection& tokens,
                    Filter which, const std::string& spared = {}) {
  Filter good = both(std::move(which), equals(tokens, "revoked_at", Value()));
  if (!spared.empty()) {
    good = both(std::move(good), negate(equals(tokens, "family", Value(spared))));
  }
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(engine.store(), tokens, std::move(good), engine.now(), kMaxSessions));
  if (rows.empty()) return false;
  Batch batch = atomic_batch(engine, tokens.application);
  for (const Row& row : rows) {
    batch.operations.push_back(update_of(tokens, row.id, {{"revoked_at", Value(engine.now())}}));
  }
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, principal, batch));
  return true;
}

Result<void> end_session(Engine& engine, const Principal& principal, const std::string& family,
                         std::string event) {
  const Collection& sessions = *engine.own().sessions;
  Batch batch = atomic_batch(engine, sessions.application);
  batch.mode = Batch::Mode::kEach;  // it may have expired
  batch.operations.push_back(delete_of(sessions, family));
  if (engine.own().trail != nullptr) {
    DAYBOOK_ASSIGN(Operation entry, trail_operation(engine, principal,
                                                    {.event = std::move(event),
                                                     .action = "delete",
                                                     .resource = sessions.full_name(),
                                                     .id = family,
                                                     .application = principal.application,
                                                     .tenant = principal.tenant}));
    batch.operations.push_back(std::move(entry));
  }
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, principal, batch));
  return {};
}

// Somebody showed a token that is over. Where its family goes on without it, it was used before:
// one of the two who did so has stolen it. `person` is whose token it is.
Result<SignedIn> end_family(Engine& engine, const Principal& person, const RefreshToken& token) {
  const std::string family = text_at(*token.tokens, token.row, "family");
  DAYBOOK_ASSIGN(const bool went_on, revoke(engine, person, *token.tokens,
                                            equals(*token.tokens, "family", Value(family))));
  if (went_on) DAYBOOK_TRY(end_session(engine, person, family, "session.reuse"));
  return not_good();
}

// Takes the token and brings its successor in one commit; false when somebody was faster.
Result<bool> rotate(Engine& engine, const Principal& caller, const RefreshToken& token,
                    const SignedIn& next, const std::string& family) {
  const Collection& tokens = *token.tokens;
  Batch batch = atomic_batch(engine, tokens.application);
  Operation take = update_of(tokens, token.row.id, {{"revoked_at", Value(engine.now())}});
  take.condition.kind = Condition::Kind::kEquals;
  take.condition.field = *tokens.find_field("revoked_at");
  batch.operations.push_back(std::move(take));
  DAYBOOK_ASSIGN(Row row,
                 make_row(tokens, refresh_json(next, family, engine.now()), own_stamp(engine)));
  batch.operations.push_back(insert_of(tokens, std::move(row)));
  DAYBOOK_ASSIGN(const Committed committed, commit(engine, caller, batch));
  return committed.applied;
}

}  // namespace

Result<SignedIn> open_session(Engine& engine, const Principal& caller, Account account,
                              SignInWords::Form form) {
  SignedIn signed_in;
  signed_in.account = std::move(account);
  const Collection& accounts = *signed_in.account.collection;
  signed_in.principal = principal_of(engine.own(), accounts, signed_in.account.row);
  const std::string family = IdMaker().make(engine.now());
  if (form == SignInWords::Form::kCookie) {
    signed_in.cookie = make_token(kCookiePrefix);
  } else {
    signed_in.access_token = make_token(kAccessPrefix);
  }
  const Collection* tokens = tokens_of(engine, accounts);
  if (form == SignInWords::Form::kTokens && tokens != nullptr) {
    signed_in.refresh_token = make_token(kRefreshPrefix);
    DAYBOOK_ASSIGN(Row row, make_row(*tokens, refresh_json(signed_in, family, engine.now()),
                                     own_stamp(engine)));
    Batch batch = atomic_batch(engine, tokens->application);
    batch.operations.push_back(insert_of(*tokens, std::move(row)));
    DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, caller, batch));
  }
  DAYBOOK_TRY(write_session(engine, caller, signed_in, family, "session.open"));
  return signed_in;
}

Result<SignedIn> renew(Engine& engine, const Principal& caller, std::string_view refresh_token) {
  const std::lock_guard one_at_a_time(engine.renewing());
  DAYBOOK_ASSIGN(const RefreshToken token, find_refresh(engine, refresh_token));
  const std::string owner = text_at(*token.tokens, token.row, "user_id");
  DAYBOOK_ASSIGN(auto found, engine.store().find(*token.accounts, {owner}, engine.now()));
  if (!found[0]) return not_good();
  SignedIn next;
  next.account = {token.accounts, *std::move(found[0])};
  next.principal = principal_of(engine.own(), *token.accounts, next.account.row);
  Principal person = next.principal;
  person.address = caller.address;
  person.user_agent = caller.user_agent;
  if (time_at(*token.tokens, token.row, "revoked_at")) return end_family(engine, person, token);
  if (!is_active(*token.accounts, next.account.row)) return not_good();
  next.access_token = make_token(kAccessPrefix);
  next.refresh_token = make_token(kRefreshPrefix);
  const std::string family = text_at(*token.tokens, token.row, "family");
  DAYBOOK_ASSIGN(const bool was_first, rotate(engine, caller, token, next, family));
  if (!was_first) return end_family(engine, person, token);
  DAYBOOK_TRY(write_session(engine, caller, next, family, "session.renew"));
  return next;
}

Result<void> sign_out(Engine& engine, const Principal& principal) {
  DAYBOOK_ASSIGN(const Account account, account_of(engine, principal));
  const std::string family = principal.credential->row;
  if (const Collection* tokens = tokens_of(engine, *account.collection)) {
    DAYBOOK_TRY(revoke(engine, principal, *tokens, equals(*tokens, "family", Value(family))));
  }
  return end_session(engine, principal, family, "session.close");
}

Result<void> end_other_sessions(Engine& engine, const Principal& principal,
                                const Collection& accounts, const std::string& person) {
  // The change that this follows may have ended the credential it was asked with.
  Principal author = principal;
  author.credential = nullptr;
  const std::string used = principal.credential ? principal.credential->row : "";
  if (const Collection* tokens = tokens_of(engine, accounts)) {
    DAYBOOK_TRY(revoke(engine, author, *tokens, equals(*tokens, "user_id", Value(person)), used));
  }
  if (engine.own().sessions == nullptr) return {};
  const Collection& sessions = *engine.own().sessions;
  Filter theirs = both(equals(sessions, "user_id", Value(person)),
                       equals(sessions, "accounts", Value(accounts.full_name())));
  DAYBOOK_ASSIGN(const auto rows, find_rows(engine.store(), sessions, std::move(theirs),
                                            engine.now(), kMaxSessions));
  for (const Row& row : rows) {
    if (row.id != used) DAYBOOK_TRY(end_session(engine, author, row.id, "session.close"));
  }
  return {};
}

std::string csrf_token(std::string_view cookie) {
  const Sha256 digest = keyed_hash(cookie, "daybook csrf");
  return base64url(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace daybook
