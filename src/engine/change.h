// One row: read, put, changed or deleted, each under a condition.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/once.h"
#include "engine/principal.h"

namespace daybook {

struct ChangedRow {
  enum class What { kCreated, kChanged, kUnchanged, kDeleted };
  What what = What::kChanged;
  Row row;  // as it is now; empty when it was deleted
  Position position = 0;
};

// Which row, for whom, and what must hold of it (If-Match, If-None-Match).
struct RowRequest {
  const Collection& collection;
  const Principal& principal;
  std::string id;
  Condition condition;
  // Of a change that may be sent twice: a repeat will be told what `render` makes of it, which is
  // kept in the same commit. What is refused is not kept. Borrowed, may be null.
  const Once* once = nullptr;
  std::function<std::string(const ChangedRow&)> render;
};

// kNotFound names the id. All of these are kNotFound for rows that the principal does not see.
Result<Row> get_row(Engine& engine, const RowRequest& request);

// A register's row, whole. The body may repeat the id.
Result<ChangedRow> put_row(Engine& engine, const RowRequest& request, const json::Value& body);
// The members of the body; in a journal only those that its [changes] names, along their moves.
Result<ChangedRow> patch_row(Engine& engine, const RowRequest& request, const json::Value& body);
Result<ChangedRow> delete_row(Engine& engine, const RowRequest& request);

// kConflict, kPrecondition or kNotFound for a verdict that is not good.
Error refusal(const Verdict& verdict);

}  // namespace daybook
