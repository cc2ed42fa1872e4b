// Whether a name says that its value is a password, a token or the like: "password", "accessToken",
// "X-API-Key", "db.pass". Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace daybook {

enum class NameKind {
  kPlain,
  kTokens,  // the plural of the next, which is often a count
  kToken,   // words that prose uses as well: token, cookie, authorization
  kSecret,
};

// Case, separators and digits at the end do not count.
NameKind kind_of_name(std::string_view name);

// The same of a parameter in a query string, where "sig" and "auth" are secrets too.
NameKind kind_of_parameter(std::string_view name);

// Longer names are plain.
constexpr std::size_t kMaxSecretName = 96;

}  // namespace daybook
