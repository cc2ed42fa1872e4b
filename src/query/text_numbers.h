// TextNumbers: different texts by number, counted from 0 in the order they came. Internal of
// query/; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

class TextNumbers {
 public:
  // The text's number: the next one when it is new.
  std::uint32_t add(std::string_view text);
  // Until the next add().
  std::string_view operator[](std::uint32_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(texts_).substr(begin, ends_[number] - begin);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  void clear();

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t place = 0;  // number + 1; 0: free
  };
  void grow();

  std::string texts_;              // one behind the other
  std::vector<std::size_t> ends_;  // in texts_, by number
  std::vector<Slot> slots_;        // open addressing
};

}  // namespace daybook
