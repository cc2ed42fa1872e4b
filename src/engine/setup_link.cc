#include "engine/setup_link.h"

#include "base/bug.h"
#include "base/hash.h"
#include "engine/credentials.h"

namespace daybook {

SetupLink::SetupLink(Instant made) : code_(make_token("")), expires_at_(made + kLasts) {}

SetupLink::State SetupLink::state(std::string_view shown, bool is_guarded, Instant now) const {
  if (is_guarded) return State::kUsed;
  if (!is_same_secret(shown, code_)) return State::kWrong;
  return now < expires_at_ ? State::kGood : State::kExpired;
}

std::string_view describe(SetupLink::State state) {
  switch (state) {
    case SetupLink::State::kGood:
      return "the link is good";
    case SetupLink::State::kWrong:
      return "this is not the link that the server said when it started";
    case SetupLink::State::kExpired:
      return "the link has expired; the server says a new one when it is started again";
    case SetupLink::State::kUsed:
      return "the link was used, or is not needed any more: somebody can sign in already";
  }
  bug("a setup link of no state");
}

}  // namespace daybook
