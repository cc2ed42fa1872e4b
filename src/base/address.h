// IP addresses as bytes, IPv4 as it is mapped into IPv6 (::ffff:192.0.2.1): the two ways to write
// such an address are one. Pure; any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace daybook {

using Address = std::array<unsigned char, 16>;

inline constexpr unsigned kAddressBits = 128;
inline constexpr unsigned kMappedBits = 96;  // before an IPv4 address

// Nothing for what is no address.
std::optional<Address> parse_address(std::string_view text);
// In its shortest form, "192.0.2.1" or "2001:db8::1".
std::string address_text(const Address& address);

bool is_ipv4(const Address& address);
// Its first bits, the others zero.
Address address_prefix(Address address, unsigned bits);

}  // namespace daybook
