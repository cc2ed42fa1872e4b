// An encrypted text is "x1." and, in URL-safe base64 without padding, a nonce of 24 bytes, then the
// ciphertext, which is 16 bytes longer than the plain text. The "x1." is part of what is
// authenticated, before the context.
#include "base/cipher.h"

#include <sodium.h>

#include "base/bug.h"
#include "base/hash.h"
#include "base/text.h"

namespace daybook {
namespace {

constexpr std::string_view kForm = "x1.";
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string authenticated(std::string_view context) { return std::string(kForm).append(context); }

Error unreadable() {
  return {Code::kMalformed, "cannot be decrypted: it is of another data key or place, or damaged"};
}

}  // namespace

DataKey DataKey::make() {
  DataKey key;
  random_bytes(key.bytes_.data(), key.bytes_.size());
  return key;
}

Result<DataKey> DataKey::parse(std::string_view text) {
  DataKey key;
  std::size_t size = 0;
  const int bad = sodium_hex2bin(key.bytes_.data(), key.bytes_.size(), text.data(), text.size(),
                                 nullptr, &size, nullptr);
  if (bad == 0 && size == kBytes && text.size() == 2 * kBytes) return key;
  return Error(Code::kMalformed,
               "a data key is " + std::to_string(2 * kBytes) + " hexadecimal digits");
}

std::string DataKey::text() const {
  return hex(std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()));
}

std::string DataKey::encrypt(std::string_view plain, std::string_view context) const {
  const std::string more = authenticated(context);
  std::string bytes(kNonce + plain.size() + kTag, '\0');
  random_bytes(bytes.data(), kNonce);
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(bytes) + kNonce, &size, bytes_of(plain),
                                             plain.size(), bytes_of(std::string_view(more)),
                                             more.size(), nullptr, bytes_of(bytes), bytes_.data());
  if (size != plain.size() + kTag) bug("a ciphertext of another size");
  return std::string(kForm) + base64url(bytes);
}

Result<std::string> DataKey::decrypt(std::string_view text, std::string_view context) const {
  if (!text.starts_with(kForm)) return unreadable();
  const auto bytes = parse_base64url(text.substr(kForm.size()));
  if (!bytes || bytes->size() < kNonce + kTag) return unreadable();
  const std::string more = authenticated(context);
  const std::string_view sealed = std::string_view(*bytes).substr(kNonce);
  std::string plain(sealed.size() - kTag, '\0');
  unsigned long long size = 0;
  const int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes_of(plain), &size, nullptr, bytes_of(sealed), sealed.size(),
      bytes_of(std::string_view(more)), more.size(), bytes_of(std::string_view(*bytes)),
      bytes_.data());
  if (bad != 0) return unreadable();
  return plain;
}

}  // namespace daybook
