// Statistics and most frequent values: groups of rows and what is computed of each.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/ask.h"
#include "engine/question.h"
#include "query/summary.h"

namespace daybook {

struct Statistics {
  Summary summary;  // as it was asked; its first measure is the count of rows
  Groups groups;
  Inquiries inquiries;
};

// Understands filter, window words, by, every, of, order, limit; kInvalid for other words. Without
// a window: the last 24 hours. Without an order: by bucket, or the largest groups first.
Result<Statistics> stats(Engine& engine, Question question);

struct TopValues {
  struct Item {
    Value value;
    std::int64_t count = 0;
    double share = 0;  // of all rows that have the field
  };
  std::optional<Window> window;
  std::vector<Item> items;
  Inquiries inquiries;
};

// Understands filter, window words, field, limit; kInvalid for other words.
Result<TopValues> top(Engine& engine, Question question);

}  // namespace daybook
