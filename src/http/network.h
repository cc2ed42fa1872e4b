// Network: a range of IP addresses, "10.0.0.0/8" or "fd00::/8", or one address. A plain value; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace daybook::http {

class Network {
 public:
  // kInvalid says what is wrong, also of bits beyond the prefix: "10.0.0.1/8" may be a slip.
  static Result<Network> parse(std::string_view text);

  // Whether an address lies in it; false for what is none. "::ffff:10.0.0.1" is 10.0.0.1.
  bool holds(std::string_view address) const;

  bool operator==(const Network&) const = default;

 private:
  Address bytes_{};
  unsigned bits_ = 0;
};

// The address in what is written of it, "192.0.2.1:443", "[2001:db8::1]:443", "fe80::1%eth0", in
// the one form that it has here: "::ffff:192.0.2.1" is 192.0.2.1. Empty when there is none
// ("unknown").
std::string address_in(std::string_view text);

// Whether an address is this machine's own, 127.0.0.0/8 or ::1.
bool is_loopback(std::string_view address);

}  // namespace daybook::http
