// The words of declarations for the closed sets of a field, in one place for reading, printing and
// JSON Schema. Private to this folder.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "catalog/collection.h"
#include "catalog/field.h"

namespace daybook {

template <typename T, std::size_t N>
using WordTable = std::array<std::pair<std::string_view, T>, N>;

inline constexpr WordTable<Personal, 4> kPersonalWords = {{{"subject", Personal::kSubject},
                                                           {"direct", Personal::kDirect},
                                                           {"address", Personal::kAddress},
                                                           {"content", Personal::kContent}}};

inline constexpr WordTable<From, 4> kFromWords = {
    {{"principal.id", From::kPrincipalId},
     {"principal.tenant", From::kPrincipalTenant},
     {"connection.address", From::kConnectionAddress},
     {"connection.user_agent", From::kConnectionUserAgent}}};

inline constexpr WordTable<Format, 4> kFormatWords = {{{"email", Format::kEmail},
                                                       {"uri", Format::kUri},
                                                       {"ip", Format::kIp},
                                                       {"hostname", Format::kHostname}}};

inline constexpr WordTable<SecretForm, 2> kHashWords = {
    {{"argon2id", SecretForm::kArgon2id}, {"sha256", SecretForm::kSha256}}};

inline constexpr WordTable<Type, 12> kTypeWords = {{{"text", Type::kText},
                                                    {"uuid", Type::kUuid},
                                                    {"int", Type::kInt},
                                                    {"float", Type::kFloat},
                                                    {"bool", Type::kBool},
                                                    {"time", Type::kTime},
                                                    {"date", Type::kDate},
                                                    {"choice", Type::kChoice},
                                                    {"json", Type::kJson},
                                                    {"list", Type::kList},
                                                    {"map", Type::kMap},
                                                    {"secret", Type::kSecret}}};

inline constexpr WordTable<Kind, 2> kKindWords = {
    {{"journal", Kind::kJournal}, {"register", Kind::kRegister}}};

inline constexpr WordTable<Extra, 3> kExtraWords = {
    {{"refuse", Extra::kRefuse}, {"keep", Extra::kKeep}, {"drop", Extra::kDrop}}};

inline constexpr WordTable<Identity::Register, 3> kRegisterWords = {
    {{"closed", Identity::Register::kClosed},
     {"open", Identity::Register::kOpen},
     {"first", Identity::Register::kFirst}}};

inline constexpr WordTable<DeviceFilter::Mode, 2> kModeWords = {
    {{"row", DeviceFilter::Mode::kRow}, {"per_metric", DeviceFilter::Mode::kPerMetric}}};

inline constexpr WordTable<Holds, 5> kHoldsWords = {{{"keys", Holds::kKeys},
                                                     {"sign-ins", Holds::kSessions},
                                                     {"counters", Holds::kCounters},
                                                     {"tenancies", Holds::kTenants},
                                                     {"trail", Holds::kTrail}}};

// The word for a value; empty when it has none.
template <typename T, std::size_t N>
constexpr std::string_view word_for(const WordTable<T, N>& words, T value) {
  for (const auto& [word, meant] : words) {
    if (meant == value) return word;
  }
  return {};
}

}  // namespace daybook
