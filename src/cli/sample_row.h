// One row that a collection takes, made from its declaration as the server tells it: the generators
// of [demo] where there are some, examples and least values elsewhere. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace daybook::cli {

struct SampleRow {
  std::vector<std::pair<std::string, std::string>> members;  // name, JSON text

  std::string json() const;
  // Of a member that is a text or a number; empty for others.
  std::optional<std::string> plain(std::string_view name) const;
};

// Empty for a collection whose rows need those of others.
std::optional<SampleRow> sample_row(const json::Value& collection);

}  // namespace daybook::cli
