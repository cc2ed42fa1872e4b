#include "store/sqlite/shelf.h"

#include <utility>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "catalog/widen.h"
#include "store/sql/dialect.h"

namespace daybook::sqlite {

namespace {

// The number of a name in a table of (id, name); a new one for a new name.
Result<std::int64_t> number_of(Connection& db, const std::string& table, std::string_view name) {
  {
    DAYBOOK_ASSIGN(Query known, db.query("SELECT id FROM " + table + " WHERE name = ?1"));
    known.bind(1, name);
    DAYBOOK_ASSIGN(const bool found, known.step());
    if (found) return known.integer(0);
  }
  DAYBOOK_ASSIGN(Query made, db.query("INSERT INTO " + table + " (name) VALUES (?1) RETURNING id"));
  made.bind(1, name);
  DAYBOOK_ASSIGN(const bool found, made.step());
  if (!found) return Error(Code::kInternal, "no number was given to " + std::string(name));
  const std::int64_t number = made.integer(0);
  DAYBOOK_TRY(made.run());
  return number;
}

Error other_declaration(const std::string& name, const std::string& what, std::string_view stored,
                        std::string_view declared) {
  return {Code::kInvalid, name + ": its rows are stored by " + what + " '" + std::string(stored) +
                              "', and the declaration says '" + std::string(declared) +
                              "'; take it back, or move the rows to another collection"};
}

Result<bool> has_partitions(Connection& db, std::int64_t collection) {
  DAYBOOK_ASSIGN(Query rows, db.query("SELECT 1 FROM partition WHERE collection = ?1 LIMIT 1"));
  rows.bind(1, collection);
  return rows.step();
}

// Partitions are found by their start: rows that were divided otherwise would be lost or doubled.
Result<void> refuse_other_division(Connection& db, std::int64_t collection, const std::string& name,
                                   const std::string& what, std::string_view stored,
                                   std::string_view declared) {
  if (stored == declared) return {};
  DAYBOOK_ASSIGN(const bool has_rows, has_partitions(db, collection));
  if (!has_rows) return {};
  return other_declaration(name, what, stored, declared);
}

// How a journal's rows are divided into partitions, which stays as it is while there are any.
Result<void> keep_division(Connection& db, std::int64_t number, const Collection& declared) {
  if (!declared.is_journal()) return {};
  const std::string name = declared.full_name();
  const std::string period = format_step(declared.period);
  {
    DAYBOOK_ASSIGN(Query known, db.query("SELECT time, period FROM collection WHERE id = ?1"));
    known.bind(1, number);
    DAYBOOK_TRY(known.step());
    DAYBOOK_TRY(
        refuse_other_division(db, number, name, "time", known.text(0), declared.time().name));
    DAYBOOK_TRY(refuse_other_division(db, number, name, "period", known.text(1), period));
  }
  DAYBOOK_ASSIGN(Query keep,
                 db.query("UPDATE collection SET time = ?2, period = ?3 WHERE id = ?1"));
  keep.bind(1, number).bind(2, declared.time().name).bind(3, period);
  return keep.run();
}

Result<bool> has_rows(Connection& db, std::int64_t number, const Collection& collection) {
  if (collection.is_journal()) return has_partitions(db, number);
  // It may have been a journal before.
  const std::string name = collection.full_name();
  DAYBOOK_ASSIGN(Query table, db.query("SELECT 1 FROM pragma_table_info(?1)"));
  table.bind(1, std::string_view(name));
  DAYBOOK_ASSIGN(const bool is_there, table.step());
  if (!is_there) return false;
  DAYBOOK_ASSIGN(Query rows, db.query("SELECT 1 FROM " + sql::quote_name(name) + " LIMIT 1"));
  return rows.step();
}

// Rows of several tenants may have one key without it: who has tenants keeps them while there are
// rows.
Result<void> keep_tenants(Connection& db, std::int64_t number, const Collection& declared) {
  const std::string key = "tenant/" + std::to_string(number);
  const std::string name = key_tenant_name(declared);
  DAYBOOK_ASSIGN(const auto stored,
                 db.ask_text("SELECT value FROM meta WHERE key = '" + key + "'"));
  if (stored == name) return {};
  if (!stored.empty()) {
    DAYBOOK_ASSIGN(const bool is_used, has_rows(db, number, declared));
    if (is_used) return other_declaration(declared.full_name(), "tenant", stored, name);
  }
  DAYBOOK_ASSIGN(Query keep, db.query("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)"));
  keep.bind(1, std::string_view(key)).bind(2, std::string_view(name));
  return keep.run();
}

// A field that changes its type is another field: what was written under the old number is not it,
// unless every value of the old type is one of the new.
Result<columns::FieldNumbers> number_fields(Connection& db, std::int64_t collection,
                                            const Collection& declared) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> known;
  std::uint32_t next = 0;
  {
    DAYBOOK_ASSIGN(Query query,
                   db.query("SELECT number, name, type FROM field WHERE collection = ?1"));
    query.bind(1, collection);
    while (true) {
      DAYBOOK_ASSIGN(const bool more, query.step());
      if (!more) break;
      const auto number = static_cast<std::uint32_t>(query.integer(0));
      known[{std::string(query.text(1)), std::string(query.text(2))}] = number;
      next = std::max(next, number + 1);
    }
  }
  std::vector<std::uint32_t> numbers;
  std::vector<columns::FieldNumbers::Former> formers;
  for (const Field& field : declared.fields) {
    for (const Type narrow : narrower_types(field.type)) {
      const auto former = known.find({field.name, std::string(type_name(narrow))});
      if (former != known.end()) formers.push_back({numbers.size(), former->second, narrow});
    }
    const std::string type(type_name(field.type));
    const auto [it, is_new] = known.try_emplace({field.name, type}, next);
    numbers.push_back(it->second);
    if (!is_new) continue;
    DAYBOOK_ASSIGN(Query add, db.query("INSERT INTO field (collection, number, name, type) "
                                       "VALUES (?1, ?2, ?3, ?4)"));
    add.bind(1, collection).bind(2, std::int64_t{next++}).bind(3, field.name).bind(4, type);
    DAYBOOK_TRY(add.run());
  }
  return columns::FieldNumbers(std::move(numbers), std::move(formers));
}

std::string words_of(const Keep& keep) {
  std::string words;
  for (const Keep::Class& part : keep.classes) {
    words += format_duration(part.keep) + " " + format_expression(part.where) + "\n";
  }
  if (!words.empty() && keep.period) words += format_duration(*keep.period);
  return words;
}

}  // namespace

Result<Shelves> Shelves::make(const Catalog& catalog, Connection& db) {
  Shelves shelves;
  for (const auto& [name, application] : catalog.applications()) {
    DAYBOOK_ASSIGN(const std::int64_t number, number_of(db, "application", name));
    shelves.applications_[name] = number;
    for (const auto& [collection_name, collection] : application.collections) {
      const std::string full_name = collection.full_name();
      DAYBOOK_ASSIGN(const std::int64_t id, number_of(db, "collection", full_name));
      DAYBOOK_TRY(keep_division(db, id, collection));
      DAYBOOK_TRY(keep_tenants(db, id, collection));
      DAYBOOK_ASSIGN(auto numbers, number_fields(db, id, collection));
      auto shelf = std::make_unique<const Shelf>(
          Shelf{&collection, shelves.shelves_.size(), id, number, std::move(numbers),
                KeepRule::of(collection), words_of(collection.keep)});
      shelves.by_name_[full_name] = shelf.get();
      shelves.by_address_[&collection] = shelf.get();
      shelves.shelves_.push_back(std::move(shelf));
    }
  }
  return shelves;
}

Result<const Shelf*> Shelves::find(const Collection& collection) const {
  if (const auto it = by_address_.find(&collection); it != by_address_.end()) return it->second;
  const std::string name = collection.full_name();
  if (const auto it = by_name_.find(name); it != by_name_.end()) return it->second;
  return Error(Code::kNotFound, "there is no collection " + name);
}

const Shelf* Shelves::by_number(std::int64_t number) const {
  for (const auto& shelf : shelves_) {
    if (shelf->number == number) return shelf.get();
  }
  return nullptr;
}

std::int64_t Shelves::application(const std::string& name) const {
  const auto it = applications_.find(name);
  return it == applications_.end() ? -1 : it->second;
}

}  // namespace daybook::sqlite
