#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace daybook {

namespace {

constexpr std::size_t kLongest = 45;  // characters of an address
constexpr std::size_t kMappedBytes = kMappedBits / 8;

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const std::string terminated(text);
  Address address{};
  if (text.find(':') != std::string_view::npos) {
    if (inet_pton(AF_INET6, terminated.c_str(), address.data()) != 1) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xff;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + kMappedBytes) != 1) {
    return std::nullopt;
  }
  return address;
}

std::string address_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_4 = is_ipv4(address);
  inet_ntop(is_4 ? AF_INET : AF_INET6, address.data() + (is_4 ? kMappedBytes : 0), text.data(),
            static_cast<socklen_t>(text.size()));
  return text.data();
}

bool is_ipv4(const Address& address) {
  constexpr std::array<unsigned char, kMappedBytes> kMapped = {0, 0, 0, 0, 0,    0,
                                                               0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

Address address_prefix(Address address, unsigned bits) {
  for (unsigned i = 0; i < address.size(); ++i) {
    const unsigned kept = std::clamp<unsigned>(bits > 8 * i ? bits - 8 * i : 0, 0, 8);
    address[i] = static_cast<unsigned char>(address[i] & (0xff00U >> kept));
  }
  return address;
}

}  // namespace daybook
