// Collection: one declared kind of row. Immutable once its catalog is loaded; read from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/zone.h"
#include "catalog/declared.h"
#include "catalog/expression.h"
#include "catalog/field.h"
#include "catalog/field_names.h"

namespace daybook {

enum class Kind { kJournal, kRegister };

// What happens to members of an object that no field declares.
enum class Extra { kRefuse, kKeep, kDrop };

struct IndexKey {
  std::size_t field = 0;  // ordinal
  bool descending = false;
  bool operator==(const IndexKey&) const = default;
};

struct Index {
  std::string name;  // "ix_" + the fields, unique in the collection
  std::vector<IndexKey> on;
  bool unique = false;
  bool sparse = false;  // rows without the first field are not in it
  Origin origin;
};

// How long rows are kept. At most one of period and at_field is there; neither: for ever.
struct Keep {
  struct Class {
    Duration keep;
    Expression where;  // over fields that never change
  };
  std::optional<Duration> period;
  std::string setting;                  // the application's setting that period came from, or empty
  std::optional<std::size_t> at_field;  // ordinal of a required time: gone at that instant
  bool per_tenant = false;              // a tenant may have its own period
  std::vector<Class> classes;           // the first that fits wins over period
  Origin origin;
};

struct TextIndex {
  std::string language = "english";                    // a Snowball algorithm, or "none"
  std::vector<std::pair<std::size_t, double>> fields;  // ordinal, weight
};

// Which values a changeable field of a journal may take.
struct ChangeRule {
  std::size_t field = 0;
  bool any = false;
  // From-state to states. A state that is reachable from the target and not the other way round is
  // "later": moving back to an earlier one is a harmless no-op, any other move is a conflict.
  std::vector<std::pair<std::string, std::vector<std::string>>> moves;
};

// Setting `field` to `value` also sets `other`: to the time of the change, to null or to a literal.
struct PairRule {
  enum class Set { kNow, kNull, kLiteral };
  std::size_t field = 0;
  Value value;  // null: any but null
  std::size_t other = 0;
  Set set = Set::kNull;
  Value literal;
};

struct Collection {
  std::string application;
  std::string name;
  Kind kind = Kind::kJournal;
  std::string about;
  std::size_t time_field = 0;  // of a journal: ordinal of a field of type time that is never null
  Step period{StepUnit::kDay, 1};
  Keep keep;
  Extra extra = Extra::kRefuse;
  std::optional<std::size_t> tenant_field;
  std::vector<Field> fields;
  std::vector<Index> indexes;
  std::optional<TextIndex> text;
  std::vector<ChangeRule> changes;  // of a journal; in a register every field may change
  std::vector<PairRule> pairs;
  std::vector<Rollup> rollups;
  Declared declared;  // what other capabilities read: filter, stream, upload, jobs, allow, ...
  Origin origin;

  bool is_journal() const { return kind == Kind::kJournal; }
  // "shop/orders".
  std::string full_name() const { return application + "/" + name; }
  // The ordinal, if there is such a field.
  std::optional<std::size_t> find_field(std::string_view field_name) const;
  const Field& time() const { return fields[time_field]; }
  // What a role may do here; null when nothing.
  const Right* right_of(std::string_view role) const;
  // Whether a PATCH may name the field.
  bool may_change(std::size_t field) const;

  FieldNames names;  // of `fields`; filled by the reader
};

}  // namespace daybook
