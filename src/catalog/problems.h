// The problems of one row while it is decoded. Private to this folder.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
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
  void add(const Place& place, const Error& error) {
    add(place.pointer(), error.message(), error.code());
  }
  void add(const Place& place, const std::vector<Refusal>& refusals) {
    for (const Refusal& refusal : refusals) add(place.pointer() + refusal.at, refusal.phrase);
  }

  // Only when not empty. Where something was not to be had just now, the row may be good.
  Error error() && {
    const auto lacks = [](const Problem& problem) { return problem.code == Code::kUnavailable; };
    const auto lacking = std::find_if(problems_.begin(), problems_.end(), lacks);
    if (lacking != problems_.end()) return Error(Code::kUnavailable, std::move(lacking->detail));
    const std::size_t count = problems_.size();
    return Error(Code::kInvalid,
                 count == 1 ? "1 field is invalid" : std::to_string(count) + " fields are invalid")
        .with_problems(std::move(problems_));
  }

 private:
  std::vector<Problem> problems_;
};

}  // namespace daybook
