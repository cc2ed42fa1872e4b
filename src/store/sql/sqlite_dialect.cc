// How SQLite keeps a value: texts, choices, UUIDs, secrets and json as TEXT; bool as 0 or 1; a time
// as microseconds since 1970 in UTC, a date as days; lists and maps as bytes of the store's own.
#include "base/bug.h"
#include "store/sql/dialect.h"

namespace daybook::sql {

namespace {

class SqliteDialect final : public Dialect {
 public:
  std::string placeholder(std::size_t n) const override { return "?" + std::to_string(n); }

  std::string_view column_type(Type type) const override {
    switch (type) {
      case Type::kText:
      case Type::kUuid:
      case Type::kChoice:
      case Type::kSecret:
      case Type::kJson:
        return "TEXT";
      case Type::kInt:
      case Type::kBool:
      case Type::kTime:
      case Type::kDate:
        return "INTEGER";
      case Type::kFloat:
        return "REAL";
      case Type::kList:
      case Type::kMap:
        return "BLOB";
    }
    bug("unknown type");
  }

  std::string_view table_suffix() const override { return " STRICT"; }
  std::string_view is_same() const override { return "IS"; }
  std::string_view is_other() const override { return "IS NOT"; }

  // No column of a register holds both text or numbers and an empty blob.
  std::string null_as_value(std::string_view column) const override {
    return "ifnull(" + std::string(column) + ", x'')";
  }
};

}  // namespace

const Dialect& sqlite_dialect() {
  static const SqliteDialect kDialect;
  return kDialect;
}

}  // namespace daybook::sql
