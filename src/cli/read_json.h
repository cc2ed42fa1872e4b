// The values of a JSON file one by one: the elements of an array, or values one after the other,
// without holding the whole file. One thread.
#pragma once

#include <string>

#include "cli/record.h"

namespace daybook::cli {

class JsonReader final : public RecordReader {
 public:
  explicit JsonReader(Input& input) : input_(input) {}

  Result<bool> next(Record& record) override;

 private:
  // The next byte, or -1 at the end.
  Result<int> peek();
  void take();
  Result<void> skip_between();
  Result<void> read_value(Record& record);

  Input& input_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  bool at_end_ = false;
  bool in_array_ = false;
  bool is_begun_ = false;
};

}  // namespace daybook::cli
