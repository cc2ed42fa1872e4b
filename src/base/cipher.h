// Authenticated encryption of short texts (XChaCha20-Poly1305, libsodium) with one key. A DataKey
// is an immutable value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook {

class DataKey {
 public:
  // From the system's generator.
  static DataKey make();
  // What text() gave; kMalformed for anything else.
  static Result<DataKey> parse(std::string_view text);
  // 64 hexadecimal digits. Whoever has them reads all that was encrypted.
  std::string text() const;

  // As printable text, another one each time. Only who says the same context reads it again, so
  // that a ciphertext moved to another place is of no use.
  std::string encrypt(std::string_view plain, std::string_view context) const;
  // kMalformed for a text of another key or context, and for one that was changed.
  Result<std::string> decrypt(std::string_view text, std::string_view context) const;

 private:
  static constexpr std::size_t kBytes = 32;
  DataKey() = default;

  std::array<std::uint8_t, kBytes> bytes_{};
};

}  // namespace daybook
