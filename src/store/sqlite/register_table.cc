#include "store/sqlite/register_table.h"

#include <utility>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "store/columns/bytes.h"
#include "store/sql/tables.h"
#include "store/sql/where.h"

namespace daybook::sqlite {

namespace {

using sql::quote_name;

// Lists and maps are kept as their bytes, made here and alive until the statement has run.
struct Binder {
  Query& query;
  std::vector<std::string>& bytes;

  void bind(int parameter, const Value& value) {
    if (value.is_null()) {
      query.bind_null(parameter);
    } else if (const auto* text = value.get_if<std::string>()) {
      query.bind(parameter, std::string_view(*text));
    } else if (const auto* integer = value.get_if<std::int64_t>()) {
      query.bind(parameter, *integer);
    } else if (const auto* real = value.get_if<double>()) {
      query.bind(parameter, *real);
    } else if (const auto* truth = value.get_if<bool>()) {
      query.bind(parameter, std::int64_t{*truth});
    } else if (const auto* instant = value.get_if<Instant>()) {
      query.bind(parameter, micros(*instant));
    } else if (const auto* date = value.get_if<Date>()) {
      query.bind(parameter, std::int64_t{date->time_since_epoch().count()});
    } else if (const auto* json = value.get_if<Json>()) {
      query.bind(parameter, std::string_view(json->text));
    } else {
      columns::put_value(bytes.emplace_back(), value);
      query.bind_blob(parameter, bytes.back());
    }
  }
};

// Binds values to the parameters from 1 on.
void bind_all(Query& query, const std::vector<Value>& values, std::vector<std::string>& bytes) {
  bytes.reserve(bytes.size() + values.size());
  Binder binder{query, bytes};
  for (std::size_t i = 0; i < values.size(); ++i) binder.bind(static_cast<int>(i + 1), values[i]);
}

Row read_row(const Query& query, const Collection& collection) {
  Row row;
  row.id = query.text(0);
  row.values.reserve(collection.fields.size());
  int column = 1;
  for (const Field& field : collection.fields) {
    row.values.push_back(read_column(query, column++, field.type));
  }
  row.extra = query.text(column);
  return row;
}

std::string select(const Collection& collection) {
  return "SELECT " + sql::column_list(collection) + " FROM " + quote_name(collection.full_name());
}

std::string upsert(const Collection& collection) {
  std::string text = "INSERT OR REPLACE INTO " + quote_name(collection.full_name()) + " (" +
                     sql::column_list(collection) + ") VALUES (?1";
  for (std::size_t i = 0; i <= collection.fields.size(); ++i) {
    text += ", ?" + std::to_string(i + 2);
  }
  return text + ")";
}

// The condition of a row's key, of parameters 1 and 2.
std::string by_key(const Collection& collection) {
  const auto tenant = key_tenant(collection);
  if (!tenant) return " WHERE \"id\" = ?1";
  return " WHERE \"id\" = ?1 AND " + quote_name(collection.fields[*tenant].name) + " IS ?2";
}

void bind_key(Query& query, std::string_view id, const Value& tenant) {
  query.bind(1, id);
  if (const auto* text = tenant.get_if<std::string>()) query.bind(2, std::string_view(*text));
}

Result<void> remove_elements(Connection& db, const Collection& collection, std::string_view id,
                             const Row& row) {
  for (std::size_t field = 0; field < collection.fields.size(); ++field) {
    const auto* list = row.values[field].get_if<List>();
    if (list == nullptr || !sql::has_element_table(collection, field)) continue;
    DAYBOOK_ASSIGN(Query query,
                   db.query("DELETE FROM " + quote_name(sql::element_table(collection, field)) +
                            " WHERE \"value\" = ?1 AND \"id\" = ?2"));
    std::vector<std::string> bytes;
    for (const Value& element : *list) {
      const std::vector<Value> bound = {element};  // lives until the statement has run
      bind_all(query, bound, bytes);
      query.bind(2, id);
      DAYBOOK_TRY(query.run());
    }
  }
  return {};
}

Result<void> add_elements(Connection& db, const Collection& collection, const Row& row) {
  for (std::size_t field = 0; field < collection.fields.size(); ++field) {
    const auto* list = row.values[field].get_if<List>();
    if (list == nullptr || !sql::has_element_table(collection, field)) continue;
    DAYBOOK_ASSIGN(Query query, db.query("INSERT OR IGNORE INTO " +
                                         quote_name(sql::element_table(collection, field)) +
                                         " (\"value\", \"id\") VALUES (?1, ?2)"));
    std::vector<std::string> bytes;
    for (const Value& element : *list) {
      const std::vector<Value> bound = {element};  // lives until the statement has run
      bind_all(query, bound, bytes);
      query.bind(2, std::string_view(row.id));
      DAYBOOK_TRY(query.run());
    }
  }
  return {};
}

// Those that an id has by the rows of other tenants, after one row's were removed.
Result<void> restore_elements(Connection& db, const Collection& collection, std::string_view id) {
  if (!key_tenant(collection)) return {};
  bool has_any = false;
  for (std::size_t field = 0; field < collection.fields.size(); ++field) {
    has_any = has_any || sql::has_element_table(collection, field);
  }
  if (!has_any) return {};
  DAYBOOK_ASSIGN(const auto rows, find_rows(db, collection, id));
  for (const Row& row : rows) DAYBOOK_TRY(add_elements(db, collection, row));
  return {};
}

}  // namespace

Value read_column(const Query& query, int column, Type type) {
  if (query.is_null(column)) return {};
  switch (type) {
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
    case Type::kSecret:
      return Value(query.text(column));
    case Type::kInt:
      return Value(query.integer(column));
    case Type::kFloat:
      return Value(query.real(column));
    case Type::kBool:
      return Value(query.integer(column) != 0);
    case Type::kTime:
      return Value(from_micros(query.integer(column)));
    case Type::kDate:
      return Value(Date(std::chrono::days(static_cast<int>(query.integer(column)))));
    case Type::kJson:
      return Value(Json{std::string(query.text(column))});
    case Type::kList:
    case Type::kMap: {
      columns::ByteReader in(query.blob(column));
      return columns::read_value(in);
    }
  }
  bug("unknown type");
}

Result<std::optional<Row>> find_row(Connection& db, const Collection& collection,
                                    std::string_view id, const Value& tenant) {
  DAYBOOK_ASSIGN(Query query, db.query(select(collection) + by_key(collection)));
  bind_key(query, id, tenant);
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) return std::optional<Row>();
  return std::optional(read_row(query, collection));
}

Result<std::vector<Row>> find_rows(Connection& db, const Collection& collection,
                                   std::string_view id) {
  std::vector<Row> rows;
  if (!key_tenant(collection)) {
    DAYBOOK_ASSIGN(auto row, find_row(db, collection, id, Value()));
    if (row) rows.push_back(*std::move(row));
    return rows;
  }
  const auto keep = [&](Row&& row) -> Result<bool> {
    rows.push_back(std::move(row));
    return true;
  };
  DAYBOOK_TRY(look_at_rows(db, collection, equals(FieldRef{}, Value(id)),
                           *sql::order_by(collection, default_order(collection)), keep));
  return rows;
}

Result<void> put_row(Connection& db, const Collection& collection, const Row& row) {
  DAYBOOK_ASSIGN(const auto old, find_row(db, collection, row.id, tenant_of(collection, row)));
  if (old) DAYBOOK_TRY(remove_elements(db, collection, row.id, *old));
  DAYBOOK_ASSIGN(Query query, db.query(upsert(collection)));
  std::vector<Value> values;
  values.reserve(row.values.size() + 2);
  values.emplace_back(row.id);
  values.insert(values.end(), row.values.begin(), row.values.end());
  values.push_back(row.extra.empty() ? Value() : Value(row.extra));
  std::vector<std::string> bytes;
  bind_all(query, values, bytes);
  DAYBOOK_TRY(query.run());
  DAYBOOK_TRY(add_elements(db, collection, row));
  return old ? restore_elements(db, collection, row.id) : Result<void>();
}

Result<void> remove_row(Connection& db, const Collection& collection, std::string_view id,
                        const Value& tenant) {
  DAYBOOK_ASSIGN(const auto old, find_row(db, collection, id, tenant));
  if (!old) return {};
  DAYBOOK_TRY(remove_elements(db, collection, id, *old));
  DAYBOOK_ASSIGN(Query query, db.query("DELETE FROM " + quote_name(collection.full_name()) +
                                       by_key(collection)));
  bind_key(query, id, tenant);
  DAYBOOK_TRY(query.run());
  return restore_elements(db, collection, id);
}

Result<std::optional<std::string>> key_holder(Connection& db, const Collection& collection,
                                              const Index& index, const Row& row) {
  if (index.sparse && row.values[index.on.front().field].is_null()) {
    return std::optional<std::string>();
  }
  const sql::Dialect& dialect = sql::sqlite_dialect();
  std::string text = "SELECT \"id\" FROM " + quote_name(collection.full_name()) + " WHERE ";
  std::vector<Value> values;
  for (const IndexKey& key : index.on) {
    const Field& field = collection.fields[key.field];
    const std::string name = quote_name(field.name);
    values.push_back(row.values[key.field]);
    const std::string parameter = dialect.placeholder(values.size());
    const bool may_collide_absent = !index.sparse && !field.required;
    text += may_collide_absent
                ? dialect.null_as_value(name) + " = " + dialect.null_as_value(parameter)
                : name + " " + std::string(dialect.is_same()) + " " + parameter;
    text += " AND ";
  }
  values.emplace_back(row.id);
  text += "\"id\" <> " + dialect.placeholder(values.size()) + " LIMIT 1";
  DAYBOOK_ASSIGN(Query query, db.query(text));
  std::vector<std::string> bytes;
  bind_all(query, values, bytes);
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) return std::optional<std::string>();
  return std::optional(std::string(query.text(0)));
}

Result<void> look_at_rows(Connection& db, const Collection& collection, const Filter& filter,
                          const std::string& order_by, const Look& look) {
  const sql::Where where = sql::where(sql::sqlite_dialect(), collection, filter);
  std::string text = select(collection);
  if (!where.text.empty()) text += " WHERE " + where.text;
  if (!order_by.empty()) text += " " + order_by;
  DAYBOOK_ASSIGN(Query query, db.query(text));
  std::vector<std::string> bytes;
  bind_all(query, where.values, bytes);
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return {};
    Row row = read_row(query, collection);
    if (!matches(filter, row)) continue;
    DAYBOOK_ASSIGN(const bool goes_on, look(std::move(row)));
    if (!goes_on) return {};
  }
}

}  // namespace daybook::sqlite
