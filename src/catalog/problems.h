// The problems of one row while it is decoded. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/decode_value.h"
#include "catalog/members.h"

namespace daybook {

class RowProblems {
 public:
  bool empty() const { return problems_.empty(); }

  void add(std::string pointer, std::string detail, Code code = Code::kInvalid) {
    problems_.push_back({std::nullopt, std::move(pointer), std::move(detail), code});
  }
  void add(const Place& place, std::string detail) { add(place.pointer(), std::move(detail)); }
  void add(const Place& place, const std::vector<Refusal>& refusals) {
    for (const Refusal& refusal : refusals) add(place.pointer() + refusal.at, refusal.phrase);
  }

  // Only when not empty.
  Error error() && {
    const std::size_t count = problems_.size();
    return Error(Code::kInvalid,
                 count == 1 ? "1 field is invalid" : std::to_string(count) + " fields are invalid")
        .with_problems(std::move(problems_));
  }

 private:
  std::vector<Problem> problems_;
};

}  // namespace daybook
