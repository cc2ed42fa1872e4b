// Lists: rows by filter, window and order, page by page, and exports that walk all pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/encode.h"
#include "engine/ask.h"
#include "engine/pseudonymise.h"
#include "engine/question.h"

namespace daybook {

// What holds for a list before the question's words: of a collection, or of a declared route.
struct ListRule {
  Filter filter;
  WindowRule window;
  Order order;
  LimitRule limit;
};
ListRule list_rule(const Collection& collection);

// A question for a list, checked and ready to be asked.
struct ListPlan {
  Sight sight;
  Scan scan;
  Projection projection;
  std::string question;  // canonical, for cursors
  bool is_counted = false;
  std::optional<Pseudonymiser> pseudonymiser;  // of the rows, on their way out

  explicit ListPlan(Sight seen) : sight(std::move(seen)) {}
};

struct Page {
  std::vector<Row> rows;
  std::string next_cursor;            // empty at the end
  std::optional<std::int64_t> count;  // of all pages, when asked for
  Inquiries inquiries;
};

// `fields=`: the ordinals in the order asked for.
Result<Projection> parse_projection(const Collection& collection, const std::string& text);

// Understands filter, window words, order, fields, limit, cursor, count, pseudonymous, include;
// kInvalid for other words.
Result<ListPlan> plan_list(const Engine& engine, Question question, const ListRule& rule);
// The same for all rows: without a greatest limit.
Result<ListPlan> plan_export(const Engine& engine, Question question, const ListRule& rule);

Result<Page> list(Engine& engine, const ListPlan& plan);

// The rows of an export in pages, each of a snapshot of its own: rows that exist all the while come
// exactly once. One thread; the engine must outlive it.
class Export {
 public:
  Export(Engine& engine, ListPlan plan);
  // The next rows; none at the end.
  Result<std::vector<Row>> next();
  const ListPlan& plan() const { return plan_; }

 private:
  Engine& engine_;
  ListPlan plan_;
  std::size_t left_;
};

}  // namespace daybook
