// One row: read, put, changed or deleted, each under a condition.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"

namespace daybook {

// Which row, for whom, and what must hold of it (If-Match, If-None-Match).
struct RowRequest {
  const Collection& collection;
  const Principal& principal;
  std::string id;
  Condition condition;
};

// kNotFound names the id. All of these are kNotFound for rows that the principal does not see.
Result<Row> get_row(Engine& engine, const RowRequest& request);

struct ChangedRow {
  enum class What { kCreated, kChanged, kUnchanged };
  What what = What::kChanged;
  Row row;  // as it is now
  Position position = 0;
};

// A register's row, whole. The body may repeat the id.
Result<ChangedRow> put_row(Engine& engine, const RowRequest& request, const json::Value& body);
// The members of the body; in a journal only those that its [changes] names, along their moves.
Result<ChangedRow> patch_row(Engine& engine, const RowRequest& request, const json::Value& body);
Result<Position> delete_row(Engine& engine, const RowRequest& request);

// kConflict, kPrecondition or kNotFound for a verdict that is not good.
Error refusal(const Verdict& verdict);

}  // namespace daybook
