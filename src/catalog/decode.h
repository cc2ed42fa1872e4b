// JSON and text -> Row, checked against a Collection. Every way into a store comes through here.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cipher.h"
#include "base/json.h"
#include "base/result.h"
#include "base/uuid.h"
#include "catalog/collection.h"
#include "catalog/row.h"

namespace daybook {

// What a row takes from the request rather than from its body.
struct Stamp {
  Instant now;
  std::string principal_id;
  std::string tenant;  // of the principal; empty when it is bound to none
  std::string address;
  std::string user_agent;
  // Service keys and the operator write on behalf of others: the body may say such fields.
  bool speaks_for_others = false;
  Zone zone;  // for derived dates
  // Without it no encrypted secret is taken. Borrowed.
  const DataKey* data_key = nullptr;
};

struct Decoded {
  Row row;
  std::vector<bool> sent;  // by ordinal: the client said this field
  bool id_given = false;   // else the id was made here
  std::size_t masked = 0;  // values that held a password, a token or the like
  std::size_t exempt = 0;  // the same of fields that are written by people: left as they are
};

// Secrets in texts are masked, but for fields declared `content`. All problems at once, pointers
// relative to the item ("#/status"). `ids` makes the id when the object has none: its time is the
// row's time (journal) or now (register).
Result<Decoded> decode_row(const Collection& collection, const json::Value& object,
                           const Stamp& stamp, IdMaker& ids);

// A new value for one field of a stored row.
struct Assignment {
  std::size_t field = 0;
  Value value;
  bool operator==(const Assignment&) const = default;
};

// The members of a PATCH body (JSON Merge Patch, RFC 7396, on declared fields; null clears). A
// field that may not change is a problem of its own. Secrets are masked as in a row. The body may
// repeat the row's `id`.
Result<std::vector<Assignment>> decode_changes(const Collection& collection,
                                               const json::Value& object, const Stamp& stamp,
                                               std::string_view id = {});

// One value of a field as JSON, as text (a query parameter, a CSV cell). The error's message is a
// phrase that follows the field's name: "must be between 100 and 599, not 9999".
Result<Value> decode_value(const Field& field, const json::Value& value);
Result<Value> decode_text(const Field& field, std::string_view text);

// Where an encrypted secret stands, "shop/orders.key": the context it is encrypted in.
std::string secret_place(const Collection& collection, const Field& field);

// 1 to 128 printable bytes without '/', not a verb of the interface.
Result<void> check_id(std::string_view id);

constexpr std::size_t kMaxRowBytes = 1 << 20;
constexpr std::size_t kMaxRowDepth = 32;

}  // namespace daybook
