// Short ways to say batches and questions about the shop, and to read answers as text. What is
// wrong in a test's own words ends the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"
#include "tests/contract/shop.h"

namespace daybook::contract {

// 2026-03-10T12:00:00Z: now, unless a test says otherwise.
Instant noon();
Instant at(std::string_view text);
Window between(std::string_view start, std::string_view end);

// Rows and changes as JSON, decoded as the product does it.
Operation insert(std::string_view name, std::string_view json, Instant now = noon());
Operation put(std::string_view name, std::string_view json, Instant now = noon());
Operation update(std::string_view name, std::string_view id, std::string_view json);
Operation remove(std::string_view name, std::string_view id);
Operation counted(Operation operation);  // it only counts
// An update or delete of the row of this tenant.
Operation of_tenant(std::string_view tenant, Operation operation);
Operation only_if(Condition condition, Operation operation);
Condition equals(std::string_view name, std::string_view field, Value value);
Condition tagged(std::vector<std::string> tags);

Batch each(std::vector<Operation> operations, Instant now = noon());
Batch atomic(std::vector<Operation> operations, Instant now = noon());

// "[1..2 of 2] stored, conflict #/id: ..." or the error.
std::string say(const Result<Committed>& committed);
std::string say(const Verdict& verdict);
std::string say(const Result<Groups>& groups);
std::string say(const Result<Changes>& changes);
std::string say(const Error& error);
std::string_view code_name(Code code);

Filter where(std::string_view name, std::string_view expression);

struct Words {
  std::string where = {};
  std::string order = {};  // the default when empty
  std::optional<Window> window = {};
  std::size_t limit = 1'000'000;
  std::optional<Place> after = {};
  Instant now = noon();
};
Scan scan_of(std::string_view name, const Words& words = {});
Search search_of(std::string_view name, std::string_view text, const Words& words = {});

// The answers: rows, their ids in order with commas, all rows of a collection as lines of text by
// (time, id).
Result<std::vector<Row>> rows_of(Store& store, const Scan& scan);
std::string ids_of(Store& store, const Scan& scan);
std::string ids_of(const Result<Hits>& hits);
std::string all_rows(Store& store, std::string_view name, Instant now = noon());
// Of every collection of shop().
std::string everything(Store& store, Instant now = noon());

// Where what is stored of the collection's rollups first differs from its rows, or why that cannot
// be said; empty when nowhere.
std::string rollup_difference(Store& store, const Collection& of);

// The first row with this id, or none.
std::optional<Row> find_one(Store& store, std::string_view name, const std::string& id,
                            Instant now = noon());

struct MeasureWords {
  std::string name;
  std::string expression;  // "avg(amount)"
};
struct SummaryWords {
  std::vector<std::string> by = {};
  std::string every = {};
  std::string zone = "UTC";
  std::vector<MeasureWords> of = {};
  std::vector<GroupOrder> order = {};
  std::size_t limit = 1'000'000;
};
Summary summary_of(std::string_view name, const SummaryWords& summary, const Words& words = {});

}  // namespace daybook::contract
