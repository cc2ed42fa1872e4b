// A purpose has a key of its own, HMAC-SHA-256 of the data key's text over "pseudonyms:" and the
// purpose; a pseudonym is the first half of HMAC-SHA-256 of that key over the name.
#include "base/pseudonym.h"

#include "base/address.h"
#include "base/text.h"

namespace daybook {
namespace {

std::string_view text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

Pseudonyms::Pseudonyms(const DataKey& key, std::string_view purpose)
    : key_(keyed_hash(key.text(), "pseudonyms:" + std::string(purpose))) {}

std::string Pseudonyms::of(std::string_view name) const {
  constexpr std::size_t kBytes = 16;
  const Sha256 digest = keyed_hash(text_of(key_), name);
  return "p-" + base64url(text_of(digest).substr(0, kBytes));
}

std::optional<std::string> truncated_address(std::string_view text) {
  const auto address = parse_address(text);
  if (!address) return std::nullopt;
  const unsigned before = is_ipv4(*address) ? kMappedBits : 0;
  const unsigned kept = is_ipv4(*address) ? 24 : 48;
  return address_text(address_prefix(*address, before + kept)) + "/" + std::to_string(kept);
}

}  // namespace daybook
