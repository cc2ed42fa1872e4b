// Scan: rows of one collection, filtered, in an order, some of them. A plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "query/filter.h"
#include "query/window.h"

namespace daybook {

struct OrderBy {
  FieldRef ref;
  bool descending = false;
  bool operator==(const OrderBy&) const = default;
};

// Rows order by these keys, then by what tells them apart (catalog/row_key.h): in a journal by
// time, then by id, then by tenant, each in the direction of the last key, so the order is total.
struct Order {
  std::vector<OrderBy> keys;
  bool operator==(const Order&) const = default;
};

// Newest first in a journal, by id in a register.
Order default_order(const Collection& collection);
// "-timestamp,endpoint"; kInvalid names the field.
Result<Order> parse_order(const Collection& collection, std::string_view text);
// Negative, zero or positive: a comes before, is, or comes after b.
int compare_rows(const Collection& collection, const Order& order, const Row& a, const Row& b);

// A place in an order: the row last given out. The next page begins right after it.
struct Place {
  std::vector<Value> keys;      // by the order's keys
  std::optional<Instant> time;  // of a journal
  std::string id;
  Value tenant;  // of a collection with tenants
  bool operator==(const Place&) const = default;
};
Place place_of(const Collection& collection, const Order& order, const Row& row);
int compare_to_place(const Collection& collection, const Order& order, const Row& row,
                     const Place& place);

// What a question may cost; a store that passes one answers kTooSlow or kTooLarge.
struct Budget {
  Duration time = std::chrono::seconds(10);
  std::uint64_t rows = 100'000'000;    // looked at
  std::uint64_t bytes = 256ull << 20;  // of memory for groups and sorting
  std::function<bool()> is_cancelled;  // may be empty
};

struct Scan {
  const Collection* collection = nullptr;
  Filter filter;
  std::optional<Window> window;  // of a journal: by its time
  Order order;
  std::optional<Place> after;
  std::size_t limit = 100;
  Instant now;  // rows past their keep at this instant are not seen
  Budget budget;
};

// What a question cost, for explain and the slow log.
struct Cost {
  // Blocks that were not looked into, by what told that they have none of the rows.
  struct Skipped {
    std::uint64_t by_window = 0;
    std::uint64_t by_header = 0;      // least and greatest values
    std::uint64_t by_dictionary = 0;  // the texts of a column
    std::uint64_t by_postings = 0;    // the rows of an index
    std::uint64_t all() const { return by_window + by_header + by_dictionary + by_postings; }
    bool operator==(const Skipped&) const = default;
  };

  std::uint64_t partitions = 0;
  std::uint64_t blocks_read = 0;
  Skipped blocks_skipped;
  std::uint64_t rows = 0;   // looked at
  std::uint64_t bytes = 0;  // read from the store
  std::uint64_t columns_decoded = 0;
  std::uint64_t columns_cached = 0;  // found decoded
  std::string plan;                  // one line, the store's own words

  // Adds what was counted; the plan stays.
  Cost& operator+=(const Cost& other);
  bool operator==(const Cost&) const = default;
};

}  // namespace daybook
