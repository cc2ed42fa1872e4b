#include "engine/change.h"

#include <utility>

#include "base/bug.h"
#include "engine/ingest.h"
#include "engine/references.h"
#include "engine/rights.h"

namespace daybook {
namespace {

Error no_such_row(const RowRequest& request) {
  return {Code::kNotFound,
          "there is no row '" + request.id + "' in " + request.collection.full_name()};
}

Error not_an_object() { return {Code::kInvalid, "the body must be one JSON object"}; }

bool is_tenant_bound(const RowRequest& request) {
  return !request.principal.tenant.empty() && request.collection.tenant_field.has_value();
}

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

ChangedRow changed_by(const Operation& operation, const Committed& committed) {
  const Verdict& verdict = committed.verdicts.front();
  ChangedRow changed{what_of(operation, verdict), {}, committed.last};
  if (changed.what == ChangedRow::What::kDeleted) return changed;
  changed.row = verdict.there ? *verdict.there : operation.row;
  return changed;
}

// One operation as a batch of its own.
Result<ChangedRow> apply_alone(Engine& engine, const RowRequest& request, Operation operation) {
  Batch batch;
  batch.application = engine.catalog().find(request.collection.application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  batch.operations.push_back(std::move(operation));
  DAYBOOK_ASSIGN(const auto missing, missing_references(engine, batch.operations));
  if (!missing[0].empty()) {
    return Error(Code::kInvalid, missing[0][0].detail).with_problems(missing[0]);
  }
  if (request.once != nullptr) {
    batch.once = request.once->record(batch.at, [&](const Committed& committed) {
      return request.render(changed_by(batch.operations[0], committed));
    });
  }
  DAYBOOK_ASSIGN(const Committed committed, engine.store().apply(batch));
  const Verdict& verdict = committed.verdicts.front();
  if (verdict.kind == Verdict::Kind::kMissing) return no_such_row(request);
  if (!verdict.is_good()) return refusal(verdict);
  return changed_by(batch.operations[0], committed);
}

// A principal bound to a tenant changes only what it sees.
Result<void> check_visible(Engine& engine, const RowRequest& request) {
  if (!is_tenant_bound(request)) return {};
  DAYBOOK_ASSIGN(const Row row, get_row(engine, request));
  return {};
}

// The row of a put, with the id of its path.
Result<Row> decode_put(Engine& engine, const RowRequest& request, const json::Value& body) {
  IdMaker ids;
  DAYBOOK_ASSIGN(Decoded decoded,
                 decode_row(request.collection, body, stamp_of(engine, request.principal), ids));
  if (decoded.id_given && decoded.row.id != request.id) {
    return Error(Code::kInvalid, "the body has another id than the path")
        .with_problems({{std::nullopt, "#/id", "must be '" + request.id + "', as in the path",
                         Code::kInvalid}});
  }
  decoded.row.id = request.id;
  std::string why = gone_on_arrival(request.collection, KeepRule::of(request.collection),
                                    decoded.row, engine.now());
  if (!why.empty()) return Error(Code::kInvalid, "the row " + why);
  return std::move(decoded.row);
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
  DAYBOOK_ASSIGN(auto rows, engine.store().find(request.collection, {request.id}, engine.now()));
  const Filter visible = visible_rows(request.principal, request.collection);
  if (!rows[0] || !matches(visible, *rows[0])) return no_such_row(request);
  return *std::move(rows[0]);
}

Result<ChangedRow> put_row(Engine& engine, const RowRequest& request, const json::Value& body) {
  if (body.kind() != json::Kind::kObject) return not_an_object();
  if (auto good = check_id(request.id); !good.ok()) {
    return std::move(good).error().with_context("id");
  }
  Operation operation = operation_of(request, Verb::kPut);
  DAYBOOK_ASSIGN(operation.row, decode_put(engine, request, body));
  if (is_tenant_bound(request)) {
    DAYBOOK_ASSIGN(const auto there,
                   engine.store().find(request.collection, {request.id}, engine.now()));
    if (there[0]) DAYBOOK_TRY(check_visible(engine, request));
  }
  return apply_alone(engine, request, std::move(operation));
}

Result<ChangedRow> patch_row(Engine& engine, const RowRequest& request, const json::Value& body) {
  if (body.kind() != json::Kind::kObject) return not_an_object();
  DAYBOOK_TRY(check_visible(engine, request));
  Operation operation = operation_of(request, Verb::kUpdate);
  DAYBOOK_ASSIGN(
      operation.assignments,
      decode_changes(request.collection, body, stamp_of(engine, request.principal), request.id));
  return apply_alone(engine, request, std::move(operation));
}

Result<ChangedRow> delete_row(Engine& engine, const RowRequest& request) {
  DAYBOOK_TRY(check_visible(engine, request));
  return apply_alone(engine, request, operation_of(request, Verb::kDelete));
}

}  // namespace daybook
