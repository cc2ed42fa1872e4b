// How often somebody may try to sign in: by account and address together, by address, and by
// account for addresses that never signed in to it. Nobody can lock an account against the
// addresses that its person uses. How often somebody may register is by address alone. Accounts and
// addresses are held as keyed hashes, so that what is written down of them names nobody. Any
// thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"
#include "engine/counter.h"
#include "engine/throttle.h"

namespace daybook {

class SignInThrottle {
 public:
  // Counters are understood again by who has the same secret.
  explicit SignInThrottle(std::string secret = {});

  // Takes a try. How long to wait when there is none.
  std::optional<Duration> take(const std::string& account, std::string_view address, Instant now);
  // What was taken was no try: the password was not looked at.
  void give_back(const std::string& account, std::string_view address, Instant now);
  // It was the right password: the try was none.
  void succeeded(const std::string& account, std::string_view address, Instant now);

  // Takes a registration from a place, which has as many of them as it has tries to sign in. How
  // long to wait when there is none.
  std::optional<Duration> take_registration(std::string_view address, Instant now);

  // All that is missing of its buckets, and who is known; and back, also among other counters.
  Counters counters(Instant now) const;
  void restore(const Counters& counters);

 private:
  struct Names {
    std::string both, address, account;
  };
  Names names_of(const std::string& account, std::string_view address) const;
  bool is_known(const std::string& both, Instant now) const;

  const std::string secret_;
  Throttle by_both_, by_address_, by_account_;
  mutable std::mutex mutex_;  // guards all below
  // Account and address that signed in, and until when that is remembered.
  std::unordered_map<std::string, Instant> known_;
};

// What of an address stands for one place: an IPv4 address, also one that is mapped into IPv6, the
// first 64 bits of another IPv6 address.
std::string network_of(std::string_view address);

}  // namespace daybook
