#include "engine/change.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "engine/commit.h"
#include "engine/ingest.h"
#include "engine/references.h"
#include "engine/rights.h"
#include "engine/sight.h"

namespace daybook {
namespace {

Error no_such_row(const RowRequest& request) {
  return {Code::kNotFound,
          "there is no row '" + request.id + "' in " + request.collection.full_name()};
}

Error not_an_object() { return {Code::kInvalid, "the body must be one JSON object"}; }

Operation operation_of(const RowRequest& request, Verb verb) {
  Operation operation;
  operation.collection = &request.collection;
  operation.verb = verb;
  operation.id = request.id;
  operation.condition = request.condition;
  return operation;
}

ChangedRow::What what_of(const Operation& operation, const Verdict& verdict) {
  if (operation.verb == Verb::kDelete) return ChangedRow::What::kDeleted;
  if (verdict.kind == Verdict::Kind::kUnchanged) return ChangedRow::What::kUnchanged;
  return verdict.there ? ChangedRow::What::kChanged : ChangedRow::What::kCreated;
}

// As the principal is told of it.
ChangedRow changed_by(const Operation& operation, const Committed& committed, const Sight& sight) {
  const Verdict& verdict = committed.verdicts.front();
  ChangedRow changed{what_of(operation, verdict), {}, committed.last};
  if (changed.what == ChangedRow::What::kDeleted) return changed;
  changed.row = verdict.there ? *verdict.there : operation.row;
  sight.veil(changed.row);
  return changed;
}

// One operation as a batch of its own.
Result<ChangedRow> apply_alone(Engine& engine, const RowRequest& request, const Sight& sight,
                               Operation operation) {
  Batch batch;
  batch.application = engine.catalog().find(request.collection.application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  batch.operations.push_back(std::move(operation));
  DAYBOOK_ASSIGN(const auto missing,
                 missing_references(engine, request.principal, batch.operations));
  if (!missing[0].empty()) {
    return Error(Code::kInvalid, missing[0][0].detail).with_problems(missing[0]);
  }
  if (request.once != nullptr) {
    batch.once = request.once->record(batch.at, [&](const Committed& committed) {
      return request.render(changed_by(batch.operations[0], committed, sight));
    });
  }
  DAYBOOK_ASSIGN(const Committed committed, commit(engine, request.principal, batch));
  const Verdict& verdict = committed.verdicts.front();
  if (verdict.kind == Verdict::Kind::kMissing) return no_such_row(request);
  if (!verdict.is_good()) return refusal(verdict);
  return changed_by(batch.operations[0], committed, sight);
}

// The row that a request is about, as it is stored; kNotFound for one that is not seen.
Result<Row> find_seen(Engine& engine, const RowRequest& request, const Sight& sight) {
  DAYBOOK_ASSIGN(auto row, find_seen(engine, sight, request.id));
  if (!row) return no_such_row(request);
  return *std::move(row);
}

// The row that an operation changes for those who do not see all. Of the rows with one id others
// may be another's: what is changed is the one that was seen.
Result<Row> find_meant(Engine& engine, const RowRequest& request, const Sight& sight,
                       Operation& operation) {
  DAYBOOK_ASSIGN(Row there, find_seen(engine, request, sight));
  mean(operation, there);
  return there;
}

// The row that a put of this one replaces. Who names a foreign tenant replaces nothing, whether or
// not that one has such a row.
Result<std::optional<Row>> find_replaced(Engine& engine, const RowRequest& request,
                                         const Row& row) {
  Filter same;
  if (const auto tenant = key_tenant(request.collection)) {
    same = both(own_tenant(request.principal, request.collection),
                equals(FieldRef{*tenant, {}}, row.values[*tenant]));
  }
  DAYBOOK_ASSIGN(auto rows,
                 engine.store().find(request.collection, {request.id}, engine.now(), same));
  return std::move(rows[0]);
}

// The tags of a condition are those of rows as they were told: where that differs from what is
// stored, they are compared here, and the row must still be the same when it is changed.
Result<void> translate_tags(const Sight& sight, const Row& there, Condition& condition) {
  if (condition.kind != Condition::Kind::kTag || sight.is_clear()) return {};
  Row told = there;
  sight.veil(told);
  if (std::ranges::find(condition.tags, row_tag(told)) == condition.tags.end()) {
    return Error(Code::kPrecondition, "the row is not what If-Match expects");
  }
  condition.tags = {row_tag(there)};
  return {};
}

Error not_yours(std::vector<Problem> problems) {
  const Code code = problems.front().code;
  std::string message = problems.front().detail;
  return Error(code, "the change " + message).with_problems(std::move(problems));
}

// The row of a put, with the id of its path.
Result<Decoded> decode_put(Engine& engine, const RowRequest& request, const json::Value& body) {
  IdMaker ids;
  DAYBOOK_ASSIGN(Decoded decoded,
                 decode_row(request.collection, body, stamp_of(engine, request.principal), ids));
  if (decoded.id_given && decoded.row.id != request.id) {
    return Error(Code::kInvalid, "the body has another id than the path")
        .with_problems({{std::nullopt, "#/id", "must be '" + request.id + "', as in the path",
                         Code::kInvalid}});
  }
  decoded.row.id = request.id;
  const auto tenants = engine.tenant_keeps().of(engine, request.collection);
  std::string why = gone_on_arrival(request.collection, KeepRule::of(request.collection), *tenants,
                                    decoded.row, engine.now());
  if (!why.empty()) return Error(Code::kInvalid, "the row " + why);
  return decoded;
}

}  // namespace

Error refusal(const Verdict& verdict) {
  const auto error = [&](Code code) {
    Error refused(code, verdict.detail);
    if (verdict.pointer.empty()) return refused;
    return std::move(refused).with_problems(
        {{std::nullopt, verdict.pointer, verdict.detail, code}});
  };
  switch (verdict.kind) {
    case Verdict::Kind::kConflict:
      return error(Code::kConflict);
    case Verdict::Kind::kMissing:
      return error(Code::kNotFound);
    case Verdict::Kind::kPrecondition:
      return error(Code::kPrecondition);
    case Verdict::Kind::kStored:
    case Verdict::Kind::kSame:
    case Verdict::Kind::kUnchanged:
      break;
  }
  bug("a good verdict was refused");
}

Result<Row> get_row(Engine& engine, const RowRequest& request) {
  DAYBOOK_ASSIGN(const Sight sight, Sight::of(engine, request.principal, request.collection));
  DAYBOOK_ASSIGN(Row row, find_seen(engine, request, sight));
  sight.veil(row);
  return row;
}

Result<ChangedRow> put_row(Engine& engine, const RowRequest& request, const json::Value& body) {
  if (body.kind() != json::Kind::kObject) return not_an_object();
  if (auto good = check_id(request.id); !good.ok()) {
    return std::move(good).error().with_context("id");
  }
  DAYBOOK_ASSIGN(const Sight sight, Sight::of(engine, request.principal, request.collection));
  Operation operation = operation_of(request, Verb::kPut);
  DAYBOOK_ASSIGN(Decoded decoded, decode_put(engine, request, body));
  if (!request.principal.is_operator()) {
    DAYBOOK_ASSIGN(const auto there, find_replaced(engine, request, decoded.row));
    if (there && !sight.sees(*there)) return no_such_row(request);
    if (there) sight.keep_unsaid(*there, decoded.row);
    if (there) DAYBOOK_TRY(translate_tags(sight, *there, operation.condition));
    if (!there) DAYBOOK_TRY(may(request.principal, Access::kCreate, request.collection));
  }
  if (auto problems = sight.problems_of(decoded.sent, decoded.row); !problems.empty()) {
    return not_yours(std::move(problems));
  }
  operation.row = std::move(decoded.row);
  return apply_alone(engine, request, sight, std::move(operation));
}

Result<ChangedRow> patch_row(Engine& engine, const RowRequest& request, const json::Value& body) {
  if (body.kind() != json::Kind::kObject) return not_an_object();
  DAYBOOK_ASSIGN(const Sight sight, Sight::of(engine, request.principal, request.collection));
  Operation operation = operation_of(request, Verb::kUpdate);
  DAYBOOK_ASSIGN(
      operation.assignments,
      decode_changes(request.collection, body, stamp_of(engine, request.principal), request.id));
  if (!request.principal.is_operator()) {
    DAYBOOK_ASSIGN(const Row there, find_meant(engine, request, sight, operation));
    DAYBOOK_TRY(translate_tags(sight, there, operation.condition));
    if (auto problems = sight.problems_of(operation.assignments, there); !problems.empty()) {
      return not_yours(std::move(problems));
    }
  }
  return apply_alone(engine, request, sight, std::move(operation));
}

Result<ChangedRow> delete_row(Engine& engine, const RowRequest& request) {
  DAYBOOK_ASSIGN(const Sight sight, Sight::of(engine, request.principal, request.collection));
  Operation operation = operation_of(request, Verb::kDelete);
  if (!request.principal.is_operator()) {
    DAYBOOK_ASSIGN(const Row there, find_meant(engine, request, sight, operation));
    DAYBOOK_TRY(translate_tags(sight, there, operation.condition));
  }
  return apply_alone(engine, request, sight, std::move(operation));
}

}  // namespace daybook
