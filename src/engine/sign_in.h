// Signing in: from a password to tokens, renewing and ending them, and new accounts. Access tokens
// last 15 minutes and are renewed by refresh tokens, each of which is good once; a cookie lasts a
// week. Tokens are kept as hashes and end exactly at their instants.
//
// Any thread.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "engine/account.h"
#include "engine/engine.h"
#include "engine/principal.h"

namespace daybook {

inline constexpr Duration kAccessLasts = std::chrono::minutes(15);
inline constexpr Duration kRefreshLasts = std::chrono::hours(24 * 30);
inline constexpr Duration kCookieLasts = std::chrono::hours(24 * 7);

struct SignInWords {
  enum class Form { kTokens, kCookie };
  std::string application;  // empty: Daybook itself
  std::string login, password;
  Form form = Form::kTokens;
};

struct SignedIn {
  Account account;
  Principal principal;
  std::string access_token, refresh_token;  // of kTokens
  std::string cookie;                       // of kCookie
};

// `caller` says from where. kUnauthorized says nothing of whether there is such an account, kBusy
// when it was tried too often, kUnavailable when too many passwords are being checked.
Result<SignedIn> sign_in(Engine& engine, const Principal& caller, const SignInWords& words);
// kUnauthorized for a token that is not good; one that was used before ends its whole family.
Result<SignedIn> renew(Engine& engine, const Principal& caller, std::string_view refresh_token);
// Ends the session that the principal has, with its refresh tokens.
Result<void> sign_out(Engine& engine, const Principal& principal);
// All other sessions of the account end with that. kInvalid when the old one is wrong.
Result<void> change_password(Engine& engine, const Principal& principal, const std::string& old,
                             const std::string& next);

// An account that somebody makes for himself, where the application allows it; the body holds the
// fields of the account. With the code of the engine's setup link it is the first administrator's.
Result<Account> register_account(Engine& engine, const Principal& caller,
                                 const std::string& application, const std::string& setup_code,
                                 const std::string& body);

// The account of a signed-in person; kForbidden for anybody else.
Result<Account> account_of(Engine& engine, const Principal& principal);

// What a page that uses a cookie has to show besides: only who has the cookie's value can make it.
std::string csrf_token(std::string_view cookie);

}  // namespace daybook
