// Sessions as rows: opened, renewed, ended. A session is one row of the collection that holds them,
// whose id is the family of its refresh tokens, which are rows of the register that [identity]
// names. Any thread.
#pragma once

#include "base/result.h"
#include "engine/sign_in.h"

namespace daybook {

Result<SignedIn> open_session(Engine& engine, const Principal& caller, Account account,
                              SignInWords::Form form);
// Ends all sessions of a person, with their refresh tokens, but the one that the principal uses.
Result<void> end_other_sessions(Engine& engine, const Principal& principal,
                                const Collection& accounts, const std::string& person);

}  // namespace daybook
