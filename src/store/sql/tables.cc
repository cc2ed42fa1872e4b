#include "store/sql/tables.h"

#include <algorithm>

#include "catalog/row_key.h"

namespace daybook::sql {

namespace {

bool is_over_list(const Collection& collection, const Index& index) {
  return collection.fields[index.on.front().field].type == Type::kList;
}

std::string key_text(const Dialect& dialect, const Collection& collection, const Index& index,
                     const IndexKey& key) {
  const Field& field = collection.fields[key.field];
  std::string column = quote_name(field.name);
  // Two absent values collide in a unique index unless it is sparse.
  if (index.unique && !index.sparse && !field.required) column = dialect.null_as_value(column);
  return column + (key.descending ? " DESC" : "");
}

std::string create_index(const Dialect& dialect, const Collection& collection, const Index& index) {
  std::string text = std::string("CREATE ") + (index.unique ? "UNIQUE " : "") +
                     "INDEX IF NOT EXISTS " + quote_name(index_name(collection, index)) + " ON " +
                     quote_name(collection.full_name()) + " (";
  for (std::size_t i = 0; i < index.on.size(); ++i) {
    text += (i == 0 ? "" : ", ") + key_text(dialect, collection, index, index.on[i]);
  }
  text += ")";
  if (index.sparse) {
    text += " WHERE " + quote_name(collection.fields[index.on.front().field].name) + " IS NOT NULL";
  }
  return text;
}

}  // namespace

std::string create_table(const Dialect& dialect, const Collection& collection) {
  std::string text = "CREATE TABLE IF NOT EXISTS " + quote_name(collection.full_name()) +
                     " (\n  \"id\" TEXT NOT NULL" + (key_tenant(collection) ? "" : " PRIMARY KEY");
  for (const Field& field : collection.fields) {
    text += ",\n  " + quote_name(field.name) + " " + std::string(dialect.column_type(field.type));
  }
  return text + ",\n  \"extra\" TEXT\n)" + std::string(dialect.table_suffix());
}

std::string add_column(const Dialect& dialect, const Collection& collection, const Field& field) {
  return "ALTER TABLE " + quote_name(collection.full_name()) + " ADD COLUMN " +
         quote_name(field.name) + " " + std::string(dialect.column_type(field.type));
}

std::optional<std::string> create_key(const Dialect& dialect, const Collection& collection) {
  const auto tenant = key_tenant(collection);
  if (!tenant) return std::nullopt;
  // No index of a declaration and no list has this name.
  return "CREATE UNIQUE INDEX IF NOT EXISTS " + quote_name(collection.full_name() + "/id") +
         " ON " + quote_name(collection.full_name()) + " (\"id\", " +
         dialect.null_as_value(quote_name(collection.fields[*tenant].name)) + ")";
}

std::vector<std::string> create_indexes(const Dialect& dialect, const Collection& collection) {
  std::vector<std::string> texts;
  if (auto key = create_key(dialect, collection)) texts.push_back(*std::move(key));
  for (const Index& index : collection.indexes) {
    if (!is_over_list(collection, index)) {
      texts.push_back(create_index(dialect, collection, index));
    }
  }
  return texts;
}

std::vector<std::string> create_element_tables(const Dialect& dialect,
                                               const Collection& collection) {
  std::vector<std::string> texts;
  for (std::size_t field = 0; field < collection.fields.size(); ++field) {
    if (!has_element_table(collection, field)) continue;
    const Type type = collection.fields[field].element_field().type;
    texts.push_back("CREATE TABLE IF NOT EXISTS " + quote_name(element_table(collection, field)) +
                    " (\n  \"value\" " + std::string(dialect.column_type(type)) +
                    " NOT NULL,\n  \"id\" TEXT NOT NULL,\n  PRIMARY KEY (\"value\", \"id\")\n)" +
                    std::string(dialect.table_suffix()));
  }
  return texts;
}

bool has_element_table(const Collection& collection, std::size_t field) {
  if (collection.fields[field].type != Type::kList) return false;
  return std::ranges::any_of(collection.indexes,
                             [&](const Index& index) { return index.on.front().field == field; });
}

std::string element_table(const Collection& collection, std::size_t field) {
  return collection.full_name() + "/" + collection.fields[field].name;
}

std::string index_name(const Collection& collection, const Index& index) {
  return collection.full_name() + "/" + index.name;
}

std::string column_list(const Collection& collection) {
  std::string text = quote_name("id");
  for (const Field& field : collection.fields) text += ", " + quote_name(field.name);
  return text + ", " + quote_name("extra");
}

}  // namespace daybook::sql
