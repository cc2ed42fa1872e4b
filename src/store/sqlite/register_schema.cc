// How a register's table comes to be what its declaration says.
#include <map>
#include <set>
#include <utility>

#include "catalog/row_key.h"
#include "catalog/widen.h"
#include "store/columns/bytes.h"
#include "store/sql/tables.h"
#include "store/sqlite/register_table.h"

namespace daybook::sqlite {

namespace {

using sql::quote_name;

// Names of the columns and their types as the database has them.
Result<std::map<std::string, std::string>> columns_of(Connection& db,
                                                      const Collection& collection) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT name, type FROM pragma_table_info(?1)"));
  const std::string name = collection.full_name();
  query.bind(1, std::string_view(name));
  std::map<std::string, std::string> types;
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return types;
    types.emplace(query.text(0), query.text(1));
  }
}

// A value as a column of another type holds it, made what the field is now.
Value reread_column(const Query& query, int column, const std::string& stored, Type type) {
  if (query.is_null(column)) return {};
  if (stored == "INTEGER") return widened(query.integer(column), type);
  if (stored == "REAL") return widened(query.real(column), type);
  if (stored == "TEXT") return widened(query.text(column), type);
  columns::ByteReader in(query.blob(column));
  return widened(columns::read_value(in), type);
}

// The rows as they are, with the fields of `retyped` (their former column types) made wider, or
// absent where that cannot be.
Result<std::vector<Row>> read_retyped(Connection& db, const Collection& collection,
                                      const std::map<std::string, std::string>& retyped) {
  std::vector<Row> rows;
  DAYBOOK_ASSIGN(Query query, db.query("SELECT " + sql::column_list(collection) + " FROM " +
                                       quote_name(collection.full_name())));
  while (true) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    Row& row = rows.emplace_back();
    row.id = query.text(0);
    int column = 1;
    for (const Field& field : collection.fields) {
      const auto it = retyped.find(field.name);
      row.values.push_back(it == retyped.end()
                               ? read_column(query, column, field.type)
                               : reread_column(query, column, it->second, field.type));
      ++column;
    }
    row.extra = query.text(column);
  }
}

// Whether the id alone is the key of the table that is there.
Result<bool> has_id_as_key(Connection& db, const Collection& collection) {
  DAYBOOK_ASSIGN(Query query, db.query("SELECT 1 FROM pragma_table_info(?1) WHERE pk > 0"));
  const std::string name = collection.full_name();
  query.bind(1, std::string_view(name));
  return query.step();
}

// Neither can a column change its type nor a table its key: the table is made anew, without what is
// not declared any more.
Result<void> make_anew(Connection& db, const Collection& collection,
                       const std::map<std::string, std::string>& retyped) {
  DAYBOOK_ASSIGN(const auto rows, read_retyped(db, collection, retyped));
  DAYBOOK_TRY(db.run("DROP TABLE " + quote_name(collection.full_name())));
  DAYBOOK_TRY(db.run(sql::create_table(sql::sqlite_dialect(), collection)));
  if (const auto key = sql::create_key(sql::sqlite_dialect(), collection))
    DAYBOOK_TRY(db.run(*key));
  for (const std::string& text : sql::create_element_tables(sql::sqlite_dialect(), collection)) {
    DAYBOOK_TRY(db.run(text));
  }
  for (const Row& row : rows) DAYBOOK_TRY(put_row(db, collection, row));
  return {};
}

// An index that is not declared any more, or otherwise, would go on refusing what collides in it.
Result<void> drop_undeclared_indexes(Connection& db, const Collection& collection) {
  constexpr std::string_view kIfNew = "IF NOT EXISTS ";  // which the database does not keep
  std::set<std::string> declared;
  for (std::string text : sql::create_indexes(sql::sqlite_dialect(), collection)) {
    declared.insert(text.erase(text.find(kIfNew), kIfNew.size()));
  }
  std::vector<std::string> old;
  {
    DAYBOOK_ASSIGN(Query query, db.query("SELECT name, sql FROM sqlite_master WHERE type = 'index' "
                                         "AND tbl_name = ?1 AND sql IS NOT NULL"));
    const std::string name = collection.full_name();
    query.bind(1, std::string_view(name));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      if (!declared.contains(std::string(query.text(1)))) old.emplace_back(query.text(0));
    }
  }
  for (const std::string& name : old) DAYBOOK_TRY(db.run("DROP INDEX " + quote_name(name)));
  return {};
}

// The element tables that are there; those that nobody fills any more are dropped.
Result<std::set<std::string>> find_element_tables(Connection& db, const Collection& collection) {
  std::set<std::string> declared;
  for (std::size_t field = 0; field < collection.fields.size(); ++field) {
    if (sql::has_element_table(collection, field)) {
      declared.insert(sql::element_table(collection, field));
    }
  }
  std::set<std::string> there;
  {
    DAYBOOK_ASSIGN(Query query, db.query("SELECT name FROM sqlite_master WHERE type = 'table' AND "
                                         "substr(name, 1, length(?1)) = ?1"));
    const std::string prefix = collection.full_name() + "/";
    query.bind(1, std::string_view(prefix));
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      there.emplace(query.text(0));
    }
  }
  for (const std::string& name : there) {
    if (!declared.contains(name)) DAYBOOK_TRY(db.run("DROP TABLE " + quote_name(name)));
  }
  std::erase_if(there, [&](const std::string& name) { return !declared.contains(name); });
  return there;
}

// Makes the element tables that are not there yet, and fills them.
Result<void> add_element_tables(Connection& db, const Collection& collection,
                                const std::set<std::string>& there) {
  const auto texts = sql::create_element_tables(sql::sqlite_dialect(), collection);
  if (texts.size() == there.size()) return {};
  for (const std::string& text : texts) DAYBOOK_TRY(db.run(text));
  std::vector<Row> rows;
  DAYBOOK_TRY(look_at_rows(db, collection, {}, "", [&](Row&& row) -> Result<bool> {
    rows.push_back(std::move(row));
    return true;
  }));
  for (const Row& row : rows) DAYBOOK_TRY(put_row(db, collection, row));
  return {};
}

}  // namespace

Result<void> prepare_register(Connection& db, const Collection& collection) {
  const sql::Dialect& dialect = sql::sqlite_dialect();
  DAYBOOK_TRY(db.run(sql::create_table(dialect, collection)));
  DAYBOOK_ASSIGN(const auto known, columns_of(db, collection));
  std::map<std::string, std::string> retyped;
  for (const Field& field : collection.fields) {
    const auto it = known.find(field.name);
    if (it == known.end()) {
      DAYBOOK_TRY(db.run(sql::add_column(dialect, collection, field)));
    } else if (it->second != dialect.column_type(field.type)) {
      retyped.insert(*it);
    }
  }
  DAYBOOK_ASSIGN(const auto element_tables, find_element_tables(db, collection));
  DAYBOOK_ASSIGN(const bool is_by_id, has_id_as_key(db, collection));
  if (!retyped.empty() || is_by_id == key_tenant(collection).has_value()) {
    DAYBOOK_TRY(make_anew(db, collection, retyped));
  }
  DAYBOOK_TRY(drop_undeclared_indexes(db, collection));
  for (const std::string& text : sql::create_indexes(dialect, collection)) {
    DAYBOOK_TRY(db.run(text));
  }
  return add_element_tables(db, collection, element_tables);
}

}  // namespace daybook::sqlite
