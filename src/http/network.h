// Network: a range of IP addresses, "10.0.0.0/8" or "fd00::/8", or one address. A plain value; any
// thread.
#pragma once

#include <array>
#include <string_view>

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
  using Bytes = std::array<unsigned char, 16>;

  Bytes bytes_{};  // IPv4 as it is mapped into IPv6
  unsigned bits_ = 0;
};

// The address in what a proxy writes of it: "192.0.2.1", "192.0.2.1:443", "[2001:db8::1]:443".
// Empty when there is none ("unknown").
std::string_view address_in(std::string_view text);

}  // namespace daybook::http
