// Words: the named words of a question (a query string), taken one by one by whoever understands
// them. What nobody took, and a word said twice, is an error. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "query/filter.h"
#include "query/window.h"

namespace daybook {

class Words {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Words() = default;
  explicit Words(Pairs pairs) : left_(std::move(pairs)) {}

  // The word's text, when it was said.
  std::optional<std::string> take(std::string_view name);
  // start, end, start_date, end_date, hours, days, tz.
  WindowWords take_window();
  // A whole number of at least 1, lowered to `max`; `missing` when it was not said.
  std::size_t take_limit(std::size_t missing, std::size_t max);
  // 1 or true, 0 or false; false when it was not said.
  bool take_switch(std::string_view name);
  // `filter=` and every word that names a field of the collection, joined by AND. To be called when
  // the words with a meaning of their own have been taken.
  Filter take_filter(const Collection& collection);

  // kInvalid: the first mistake of the above, or the first word that is left, with a suggestion.
  Result<void> finish() const;

 private:
  void blame(std::string message);
  void blame_repeated(std::string_view name);

  Pairs left_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace daybook
