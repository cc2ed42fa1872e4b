// FieldNumbers: under which number each field of a collection is kept. Numbers are given once and
// for ever, so a catalog may add, drop and reorder fields without touching what is stored. A field
// that was made wider has a new number, and its former ones are read too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/value.h"

namespace daybook::columns {

class FieldNumbers {
 public:
  // What a field was before it was made wider.
  struct Former {
    std::size_t ordinal;
    std::uint32_t number;
    Type type;
  };

  // By ordinal.
  explicit FieldNumbers(std::vector<std::uint32_t> numbers, std::vector<Former> formers = {})
      : numbers_(std::move(numbers)), formers_(std::move(formers)) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      if (ordinals_.size() <= numbers_[i]) ordinals_.resize(numbers_[i] + 1);
      ordinals_[numbers_[i]] = i;
    }
  }
  // Field i under number i.
  static FieldNumbers in_order(std::size_t fields) {
    std::vector<std::uint32_t> numbers(fields);
    for (std::size_t i = 0; i < fields; ++i) numbers[i] = static_cast<std::uint32_t>(i);
    return FieldNumbers(std::move(numbers));
  }

  std::uint32_t number_of(std::size_t ordinal) const { return numbers_[ordinal]; }
  // Empty for a field that is not declared any more.
  std::optional<std::size_t> ordinal_of(std::uint32_t number) const {
    return number < ordinals_.size() ? ordinals_[number] : std::nullopt;
  }
  const std::vector<Former>& formers() const { return formers_; }
  bool has_former(std::size_t ordinal) const {
    for (const Former& former : formers_) {
      if (former.ordinal == ordinal) return true;
    }
    return false;
  }
  // The field that a number is read as: its own or, of a former one, what it has become.
  std::optional<std::size_t> reads_as(std::uint32_t number) const {
    for (const Former& former : formers_) {
      if (former.number == number) return former.ordinal;
    }
    return ordinal_of(number);
  }
  // Every number of a field is below this.
  std::size_t bound() const { return ordinals_.size(); }
  std::size_t fields() const { return numbers_.size(); }

 private:
  std::vector<std::uint32_t> numbers_;
  std::vector<Former> formers_;
  std::vector<std::optional<std::size_t>> ordinals_;
};

}  // namespace daybook::columns
