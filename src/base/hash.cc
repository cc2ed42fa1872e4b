#include "base/hash.h"

#include <sodium.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/text.h"

namespace daybook {
namespace {

// Picks the fastest code for this machine and opens the system's generator; once per process.
void need_sodium() {
  static const bool kIsReady = sodium_init() >= 0;
  if (!kIsReady) bug("libsodium cannot start");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<Gate::Pass> place_to_hash() {
  auto pass = hashing().enter(1, kMostWaitForHashing);
  if (pass) return *std::move(pass);
  return Error(Code::kUnavailable, "too many passwords are being checked; try again in a moment");
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  need_sodium();
  Sha256 digest;
  crypto_hash_sha256(digest.data(), bytes_of(bytes), bytes.size());
  return digest;
}

Sha256 keyed_hash(std::string_view key, std::string_view bytes) {
  need_sodium();
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
  Sha256 digest;
  crypto_auth_hmacsha256_final(&state, digest.data());
  return digest;
}

std::string hex(const Sha256& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

bool is_same_secret(std::string_view a, std::string_view b) {
  need_sodium();
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::uint64_t hash64(std::string_view bytes) {
  constexpr unsigned char kKey[crypto_shorthash_KEYBYTES] = {'d', 'a', 'y', 'b', 'o', 'o', 'k'};
  unsigned char digest[crypto_shorthash_BYTES];
  crypto_shorthash(digest, bytes_of(bytes), bytes.size(), kKey);
  std::uint64_t value = 0;
  for (std::size_t i = sizeof digest; i-- > 0;) value = value << 8 | digest[i];
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes_of(bytes), bytes.size()));
}

Gate& hashing() {
  static Gate gate(kHashingAtOnce);
  return gate;
}

Result<std::string> hash_password(std::string_view password) {
  constexpr unsigned long long kPasses = 2;
  constexpr std::size_t kMemory = std::size_t{19} << 20;
  need_sodium();
  DAYBOOK_ASSIGN(const Gate::Pass pass, place_to_hash());
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password.data(), password.size(), kPasses, kMemory) != 0) {
    bug("no memory to hash a password");
  }
  return std::string(hash);
}

Result<bool> verify_password(std::string_view hash, std::string_view password) {
  need_sodium();
  const std::string terminated(hash);
  DAYBOOK_ASSIGN(const Gate::Pass pass, place_to_hash());
  return crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

void random_bytes(void* out, std::size_t size) {
  need_sodium();
  randombytes_buf(out, size);
}

std::uint64_t random64() {
  std::uint64_t value = 0;
  random_bytes(&value, sizeof value);
  return value;
}

}  // namespace daybook
