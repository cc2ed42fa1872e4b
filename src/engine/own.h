// Own: the collections that hold what is Daybook's own (`holds` and [identity] of the catalog), and
// their rows by the names of fields, which the catalog's reader has checked. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "catalog/decode.h"
#include "query/filter.h"
#include "store/store.h"

namespace daybook {

// Null where a catalog has none: then nobody can sign in, have a key, or be recorded.
struct Own {
  explicit Own(const Catalog& catalog);

  const Application* application = nullptr;  // that of the keys: Daybook itself
  const Collection* keys = nullptr;
  const Collection* sessions = nullptr;
  const Collection* counters = nullptr;
  const Collection* tenants = nullptr;
  const Collection* trail = nullptr;
  std::vector<const Collection*> accounts;  // those with [identity]

  // The accounts of an application; those of Daybook itself for an empty name. Null when it has
  // none.
  const Collection* accounts_of(std::string_view application_name) const;
};

// Whether rows of the collection decide who may do what.
bool is_about_access(const Collection& collection);

const Value& value_at(const Collection& collection, const Row& row, std::string_view field);
std::string text_at(const Collection& collection, const Row& row, std::string_view field);
std::optional<Instant> time_at(const Collection& collection, const Row& row,
                               std::string_view field);
std::vector<std::string> texts_at(const Collection& collection, const Row& row,
                                  std::string_view field);

Filter equals(const Collection& collection, std::string_view field, Value value);
// The rows that match, at most `limit`.
Result<std::vector<Row>> find_rows(Store& store, const Collection& collection, Filter filter,
                                   Instant now, std::size_t limit);
// A row made of JSON, checked as any other.
Result<Row> make_row(const Collection& collection, std::string_view json, const Stamp& stamp);

Operation insert_of(const Collection& collection, Row row);
Operation update_of(const Collection& collection, std::string id,
                    std::vector<std::pair<std::string_view, Value>> changes);
Operation delete_of(const Collection& collection, std::string id);

}  // namespace daybook
