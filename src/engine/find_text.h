// Text search over the rows of a collection, newest or best first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/encode.h"
#include "engine/ask.h"
#include "engine/question.h"
#include "query/search.h"

namespace daybook {

struct FoundText {
  struct Item {
    Row row;
    double score = 0;  // among all that match (best first) or among the page (newest first)
    std::string snippet;
  };
  std::string query;  // as it was understood
  std::optional<Window> window;
  Projection projection;
  std::vector<Item> items;
  std::string next_cursor;  // empty at the end, and when the best come first
  Inquiries inquiries;
};

// Understands q, rank, filter, window words, fields, limit, cursor; kInvalid for other words.
// `fixed` holds besides what the words say.
Result<FoundText> find_text(Engine& engine, Question question, Filter fixed);

}  // namespace daybook
