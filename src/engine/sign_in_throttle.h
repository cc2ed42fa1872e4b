// How often somebody may try to sign in: by account and address together, by address, and by
// account for addresses that never signed in to it. Nobody can lock an account against the
// addresses that its person uses. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/time.h"
#include "engine/throttle.h"

namespace daybook {

class SignInThrottle {
 public:
  SignInThrottle();

  // Takes a try. How long to wait when there is none.
  std::optional<Duration> take(const std::string& account, std::string_view address, Instant now);
  // It was the right password: the try was none.
  void succeeded(const std::string& account, std::string_view address);

 private:
  struct Names {
    std::string both, address, account;
  };
  static Names names_of(const std::string& account, std::string_view address);
  bool is_known(const std::string& both) const;

  Throttle by_both_, by_address_, by_account_;
  mutable std::mutex mutex_;               // guards all below
  std::unordered_set<std::string> known_;  // account and address that signed in once
};

// What of an address stands for one place: an IPv4 address, the first 64 bits of an IPv6 one.
std::string network_of(std::string_view address);

}  // namespace daybook
