// Dictionary: the different texts of one column of one block, by code. Codes count from 1; 0 stands
// for null. One writer adds; readers may look up any code that a published row holds.
//
// Equal codes mean equal texts; the reverse is not promised: a column whose values hardly ever
// repeat stops looking for repeats, and then equal texts have codes of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "store/columns/growing.h"

namespace daybook::columns {

class Dictionary {
 public:
  // The code of the text, which is copied when it is new.
  std::uint32_t code_of(std::string_view text);
  // Adds without looking for a repeat.
  std::uint32_t add(std::string_view text);
  // No more than n texts will ever be added. Before the first.
  void limit_to(std::size_t n) { entries_.limit_to(n + 1); }
  std::string_view operator[](std::uint32_t code) const { return entries_[code]; }
  // Codes are below this. Of the writer, or of a column nobody writes any more.
  std::uint32_t size() const { return size_; }
  // Allocated, beside the object itself.
  std::size_t bytes() const;

 private:
  std::string_view keep(std::string_view text);
  void grow();
  bool is_pointless() const;

  Growing<std::string_view> entries_;
  std::uint32_t size_ = 1;
  std::vector<std::unique_ptr<char[]>> pages_;
  char* free_ = nullptr;
  std::size_t room_ = 0;
  std::size_t page_bytes_ = 0;

  // Open addressing over hashes; the writer's own.
  std::vector<std::uint32_t> slots_;
  std::uint32_t last_ = 0;
  std::uint32_t asked_ = 0;
  bool looks_for_repeats_ = true;
};

}  // namespace daybook::columns
