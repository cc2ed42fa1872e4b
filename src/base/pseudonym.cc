// A purpose has a key of its own, HMAC-SHA-256 of the data key's text over "pseudonyms:" and the
// purpose; a pseudonym is the first half of HMAC-SHA-256 of that key over the name.
#include "base/pseudonym.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace daybook {
namespace {

std::string_view text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Of the bytes of an address, which are cut off behind `kept` of them.
template <std::size_t size>
std::string network_text(int family, std::array<unsigned char, size> bytes, std::size_t kept) {
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(kept), bytes.end(), 0);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
  return std::string(text.data()) + "/" + std::to_string(8 * kept);
}

std::string network_4(const std::array<unsigned char, 4>& bytes) {
  return network_text(AF_INET, bytes, 3);
}

bool is_mapped(const std::array<unsigned char, 16>& bytes) {
  constexpr std::array<unsigned char, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin());
}

}  // namespace

Pseudonyms::Pseudonyms(const DataKey& key, std::string_view purpose)
    : key_(keyed_hash(key.text(), "pseudonyms:" + std::string(purpose))) {}

std::string Pseudonyms::of(std::string_view name) const {
  constexpr std::size_t kBytes = 16;
  const Sha256 digest = keyed_hash(text_of(key_), name);
  return "p-" + base64url(text_of(digest).substr(0, kBytes));
}

std::optional<std::string> truncated_address(std::string_view address) {
  const std::string text(address);
  std::array<unsigned char, 4> bytes_4{};
  if (inet_pton(AF_INET, text.c_str(), bytes_4.data()) == 1) return network_4(bytes_4);
  std::array<unsigned char, 16> bytes_6{};
  if (inet_pton(AF_INET6, text.c_str(), bytes_6.data()) != 1) return std::nullopt;
  if (!is_mapped(bytes_6)) return network_text(AF_INET6, bytes_6, 6);
  std::copy(bytes_6.begin() + 12, bytes_6.end(), bytes_4.begin());
  return network_4(bytes_4);
}

}  // namespace daybook
