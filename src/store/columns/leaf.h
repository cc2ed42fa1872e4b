// Leaf: one condition of a filter (compare, in, has) made ready for one column of one block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "catalog/row.h"
#include "query/filter.h"
#include "store/columns/chosen.h"
#include "store/columns/column.h"

namespace daybook::columns {

// One thread. Filter and column outlive it.
class Leaf {
 public:
  // `fields`: how many the collection has.
  Leaf(const Filter& filter, const Column& column, std::size_t fields);

  // Keeps the positions for which it holds.
  void narrow(Chosen& chosen);
  bool holds(std::size_t position);

  // Whether it is asked of texts by their codes.
  bool is_of_dictionary() const { return how_ == How::kCodes; }

  // How dear it is to look at such a condition, before anything is fetched: least first.
  static int price_of(const Filter& filter, const Collection& collection);

 private:
  enum class How {
    kPresence,  // whether there is a value: `= null`, `!= null`
    kIntegers,  // an integer against the numbers as they lie
    kFloats,
    kOneOf,   // of integers
    kCodes,   // judged once per code
    kUuids,   // a UUID against the packed ones
    kValues,  // every value is judged
  };
  void bind_comparison();
  void bind_set();
  bool judge(Value value);
  bool judge_code(std::uint32_t code);
  bool holds_code(std::uint32_t code);
  bool holds_number(std::int64_t bits, std::uint8_t mark) const;
  bool is_one_of(std::int64_t number) const;
  void narrow_numbers(Chosen& chosen) const;

  const Filter& filter_;
  const Column& column_;
  How how_ = How::kValues;
  bool compares_text_ = false;    // the literals are texts, and so are the entries
  bool holds_of_absent_ = false;  // of kOneOf and the comparisons of numbers
  std::int64_t integer_ = 0;
  double number_ = 0;
  std::vector<std::int64_t> integers_;   // of kOneOf, in order
  std::vector<std::string_view> texts_;  // the literals, in order, when they are compared as texts
  Uuid uuid_{};
  std::vector<std::int8_t> verdicts_;  // by code: -1 not judged yet
  Row scratch_;                        // a row that holds nothing but the value to be judged
};

}  // namespace daybook::columns
