// Pseudonyms: names that stand for others. One key and one purpose give the same pseudonym for the
// same name; two purposes give pseudonyms that nobody without the key can bring together. An
// immutable value; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/cipher.h"
#include "base/hash.h"

namespace daybook {

class Pseudonyms {
 public:
  Pseudonyms(const DataKey& key, std::string_view purpose);

  // "p-" and 22 characters of base64url: 128 bits.
  std::string of(std::string_view name) const;

 private:
  Sha256 key_;
};

// The network that an IP address is in, "192.168.1.0/24" or "2001:db8:1::/48", in which many have
// theirs; empty for what is no address.
std::optional<std::string> truncated_address(std::string_view address);

}  // namespace daybook
