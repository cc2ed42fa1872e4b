// Field: the declaration of one field of a collection. A plain value, built by catalog/read_*.cc.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/expression.h"
#include "catalog/value.h"

namespace daybook {

// In what way a field is about a person.
enum class Personal { kNone, kSubject, kDirect, kAddress, kContent };

// Who says the value when not the body.
enum class From {
  kBody,
  kPrincipalId,
  kPrincipalTenant,
  kConnectionAddress,
  kConnectionUserAgent,
};

// What computes the value when nobody says it.
enum class Derive {
  kNone,
  kNowOnChange,  // null until the row is changed, then the time of the last change
  kDateOfTime,   // the civil date of derive_of in the tenant's zone
  kFingerprint,  // of the collection's [group]
  kFilter,       // why the device filter kept the row
};

enum class Format { kNone, kEmail, kUri, kIp, kHostname };

enum class SecretForm { kNone, kArgon2id, kSha256, kEncrypted };

struct Field {
  std::string name;  // dotted when nested
  Type type = Type::kText;
  bool required = false;
  Value default_value;          // null: none
  bool default_is_now = false;  // default = "now"
  std::optional<double> min;    // of a number; of a text the bytes; of a list or map the entries
  std::optional<double> max;
  Format format = Format::kNone;
  bool fold_case = false;
  std::vector<std::string> choices;
  bool is_open = false;  // choices or map keys beyond the listed ones are taken
  std::vector<std::pair<std::string, std::string>> aliases;  // said -> stored
  std::vector<std::string> keys;                             // of a map; empty: any
  // Of a list's or map's elements: name empty, type and limits only. One level.
  std::vector<Field> element;
  std::string unit;
  std::string about;
  Value example;
  bool is_facet = false;    // may be grouped by
  bool is_measure = false;  // may be summed
  Personal personal = Personal::kNone;
  bool is_content = false;
  std::string references;  // a collection of the same application
  From from = From::kBody;
  Derive derive = Derive::kNone;
  std::size_t derive_of = 0;  // ordinal, for kDateOfTime
  SecretForm secret = SecretForm::kNone;
  Origin origin;

  const Field& element_field() const { return element.front(); }
};

// Whether some text can stand in its values, of its own or inside.
bool holds_text(const Field& field);

// Texts without a declared max hold at most this many bytes.
constexpr std::size_t kMaxTextBytes = 64 * 1024;

}  // namespace daybook
