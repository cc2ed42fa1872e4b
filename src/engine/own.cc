#include "engine/own.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"

namespace daybook {

namespace {

std::size_t ordinal_of(const Collection& collection, std::string_view field) {
  const auto ordinal = collection.find_field(field);
  if (!ordinal) bug("a field of Daybook's own that the catalog's reader did not miss");
  return *ordinal;
}

}  // namespace

Own::Own(const Catalog& catalog) {
  for (const auto& [application_name, one] : catalog.applications()) {
    for (const auto& [name, collection] : one.collections) {
      if (collection.declared.identity) accounts.push_back(&collection);
      switch (collection.declared.holds) {
        case Holds::kKeys:
          application = &one;
          keys = &collection;
          break;
        case Holds::kSessions:
          sessions = &collection;
          break;
        case Holds::kCounters:
          counters = &collection;
          break;
        case Holds::kTenants:
          tenants = &collection;
          break;
        case Holds::kTrail:
          trail = &collection;
          break;
        case Holds::kNothing:
          break;
      }
    }
  }
}

const Collection* Own::accounts_of(std::string_view application_name) const {
  if (application == nullptr) return nullptr;
  const std::string_view name = application_name.empty() ? application->name : application_name;
  const auto found =
      std::find_if(accounts.begin(), accounts.end(),
                   [&](const Collection* collection) { return collection->application == name; });
  return found == accounts.end() ? nullptr : *found;
}

bool is_about_access(const Collection& collection) {
  return collection.declared.identity || collection.declared.holds != Holds::kNothing;
}

const Value& value_at(const Collection& collection, const Row& row, std::string_view field) {
  return row.values[ordinal_of(collection, field)];
}

std::string text_at(const Collection& collection, const Row& row, std::string_view field) {
  const auto* text = value_at(collection, row, field).get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

std::optional<Instant> time_at(const Collection& collection, const Row& row,
                               std::string_view field) {
  const auto* time = value_at(collection, row, field).get_if<Instant>();
  return time == nullptr ? std::nullopt : std::optional(*time);
}

std::vector<std::string> texts_at(const Collection& collection, const Row& row,
                                  std::string_view field) {
  std::vector<std::string> texts;
  const auto* list = value_at(collection, row, field).get_if<List>();
  if (list == nullptr) return texts;
  for (const Value& element : *list) {
    if (const auto* text = element.get_if<std::string>()) texts.push_back(*text);
  }
  return texts;
}

Filter equals(const Collection& collection, std::string_view field, Value value) {
  return equals(FieldRef{ordinal_of(collection, field), {}}, std::move(value));
}

Result<std::vector<Row>> find_rows(Store& store, const Collection& collection, Filter filter,
                                   Instant now, std::size_t limit) {
  Scan scan;
  scan.collection = &collection;
  scan.filter = std::move(filter);
  scan.order = default_order(collection);
  scan.limit = limit;
  scan.now = now;
  std::vector<Row> rows;
  DAYBOOK_ASSIGN([[maybe_unused]] const Cost cost, store.scan(scan, [&](Row&& row) {
    rows.push_back(std::move(row));
    return true;
  }));
  return rows;
}

Result<Row> make_row(const Collection& collection, std::string_view json, const Stamp& stamp) {
  json::Parser parser;
  IdMaker ids;
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(json));
  DAYBOOK_ASSIGN(Decoded decoded, decode_row(collection, value, stamp, ids));
  return std::move(decoded.row);
}

Operation insert_of(const Collection& collection, Row row) {
  Operation operation;
  operation.collection = &collection;
  operation.verb = Verb::kInsert;
  operation.row = std::move(row);
  return operation;
}

Operation update_of(const Collection& collection, std::string id,
                    std::vector<std::pair<std::string_view, Value>> changes) {
  Operation operation;
  operation.collection = &collection;
  operation.verb = Verb::kUpdate;
  operation.id = std::move(id);
  for (auto& change : changes) {
    operation.assignments.push_back(
        {ordinal_of(collection, change.first), std::move(change.second)});
  }
  return operation;
}

Operation delete_of(const Collection& collection, std::string id) {
  Operation operation;
  operation.collection = &collection;
  operation.verb = Verb::kDelete;
  operation.id = std::move(id);
  return operation;
}

}  // namespace daybook
