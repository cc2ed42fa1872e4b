// SetupLink: the one-time link by which the first administrator is made while nobody can sign in.
// Another one in each process, good for a day. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace daybook {

class SetupLink {
 public:
  static constexpr Duration kLasts = std::chrono::hours(24);

  explicit SetupLink(Instant made);

  // What is shown to prove that one has the link.
  const std::string& code() const { return code_; }
  Instant expires_at() const { return expires_at_; }

  enum class State { kGood, kWrong, kExpired, kUsed };
  // `is_guarded` says whether somebody can sign in: then no link is good any more, this one or a
  // guessed one.
  State state(std::string_view shown, bool is_guarded, Instant now) const;

 private:
  const std::string code_;
  const Instant expires_at_;
};

// In words, for who has come with it.
std::string_view describe(SetupLink::State state);

}  // namespace daybook
