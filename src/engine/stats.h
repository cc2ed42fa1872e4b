// Statistics and most frequent values: groups of rows and what is computed of each.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/question.h"
#include "query/summary.h"

namespace daybook {

// What statistics tell of each field in `of=`, in this order.
inline constexpr std::array kFigures = {Aggregate::kAvg, Aggregate::kMin, Aggregate::kMax,
                                        Aggregate::kSum, Aggregate::kP50, Aggregate::kP95,
                                        Aggregate::kP99};

struct Statistics {
  Summary summary;              // as it was asked
  std::vector<std::string> of;  // the fields; measure 0 is the count, then kFigures of each
  Groups groups;
};

// Understands filter, window words, by, every, of, order, limit; kInvalid for other words. Without
// a window: the last 24 hours.
Result<Statistics> stats(Engine& engine, Question question);

struct TopValues {
  struct Item {
    Value value;
    std::int64_t count = 0;
    double share = 0;  // of all rows that have the field
  };
  std::optional<Window> window;
  std::vector<Item> items;
};

// Understands filter, window words, field, limit; kInvalid for other words.
Result<TopValues> top(Engine& engine, Question question);

}  // namespace daybook
