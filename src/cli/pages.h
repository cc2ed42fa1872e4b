// Lists longer than one answer, read page by page.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "cli/connection.h"
#include "cli/question.h"

namespace daybook::cli {

// The most rows that one page holds.
constexpr std::int64_t kPageRows = 1000;
// For walk_list: as many as there are.
constexpr std::int64_t kAllRows = INT64_MAX;

// What came besides the rows: window and count of the first page, where the next would begin.
struct ListEnd {
  std::int64_t rows = 0;
  std::string next_cursor;  // empty at the end
  std::string window;       // JSON, empty when there is none
  std::string count;        // JSON, empty when it was not asked for
  std::string explain;      // JSON, of all pages one after the other; empty likewise
};

// Calls `row` with the list's items in order, `limit` of them at most. The value dies with the
// call.
Result<ListEnd> walk_list(Connection& connection, const Target& target, std::int64_t limit,
                          const std::function<void(const json::Value&)>& row);

// "2025-12-05T00:00:00Z to 2025-12-06T00:00:00Z, UTC" of an answer's window.
std::string window_text(const json::Value& window);

}  // namespace daybook::cli
