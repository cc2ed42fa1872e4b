// Hashes, keyed hashes, random bytes and checksums, behind one file each of their libraries.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/gate.h"
#include "base/result.h"

namespace daybook {

using Sha256 = std::array<std::uint8_t, 32>;
Sha256 sha256(std::string_view bytes);

// HMAC-SHA-256: a hash that only who has the key can make or compare.
Sha256 keyed_hash(std::string_view key, std::string_view bytes);

std::string hex(const Sha256& digest);

// Compares in a time that does not tell where two secrets differ.
bool is_same_secret(std::string_view a, std::string_view b);

// Fast 64-bit keyed hash (SipHash-2-4) with a fixed key: the same on every machine; not a secret.
std::uint64_t hash64(std::string_view bytes);

// CRC-32 (zlib), the checksum of stored blobs.
std::uint32_t checksum(std::string_view bytes);

// Argon2id (19 MiB, 2 passes) with its salt and parameters in the text. Takes tens of milliseconds
// and 19 MiB; two run at once in a process and kMostWaitForHashing others wait, so that passwords
// take neither all memory nor all workers. kUnavailable for who comes then.
Result<std::string> hash_password(std::string_view password);
Result<bool> verify_password(std::string_view hash, std::string_view password);

// The hash of no password that anybody knows: to verify against it is the work of a real one.
inline constexpr std::string_view kHashOfNobody =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

// The gate in front of both.
inline constexpr std::size_t kHashingAtOnce = 2;
inline constexpr std::size_t kMostWaitForHashing = 16;
Gate& hashing();

// From the system's generator.
void random_bytes(void* out, std::size_t size);
std::uint64_t random64();

}  // namespace daybook
