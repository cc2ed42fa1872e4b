#include "engine/mixed_batch.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "engine/change.h"
#include "engine/commit.h"
#include "engine/ingest.h"
#include "engine/recurrence.h"
#include "engine/references.h"
#include "engine/rights.h"
#include "engine/sampling.h"
#include "engine/sight.h"

namespace daybook {
namespace {

enum class Part { kRows, kUpdate, kDelete };
constexpr std::array<std::pair<std::string_view, Part>, 3> kParts = {
    {{"rows", Part::kRows}, {"update", Part::kUpdate}, {"delete", Part::kDelete}}};

Access access_of(Part part) {
  switch (part) {
    case Part::kRows:
      return Access::kCreate;
    case Part::kUpdate:
      return Access::kUpdate;
    case Part::kDelete:
      break;
  }
  return Access::kDelete;
}

class Decoder {
 public:
  Decoder(Engine& engine, const Application& application, const Principal& principal)
      : engine_(engine),
        application_(application),
        principal_(principal),
        stamp_(stamp_of(engine, principal)) {
    mixed_.batch.application = &application;
    mixed_.batch.mode = Batch::Mode::kAtomic;
    mixed_.batch.at = stamp_.now;
  }

  Result<MixedBatch> run(const json::Value& body) && {
    if (body.kind() != json::Kind::kObject) {
      return Error(Code::kInvalid, "the body must be one JSON object with rows, update or delete");
    }
    check_members(body);
    for (const auto& [name, part] : kParts) {
      if (const auto value = body.find(name)) DAYBOOK_TRY(take_part(part, name, *value));
      if (part == Part::kRows) mixed_.rows = mixed_.batch.operations.size();
    }
    DAYBOOK_TRY(check_references());
    if (!problems_.empty()) return std::move(*this).invalid();
    if (mixed_.batch.operations.empty()) {
      return Error(Code::kInvalid, "the batch is empty: give rows, update or delete");
    }
    DAYBOOK_ASSIGN(auto reopened, reopenings(engine_, mixed_.batch.operations));
    std::ranges::move(reopened, std::back_inserter(mixed_.batch.operations));
    return std::move(mixed_);
  }

 private:
  void blame(std::string pointer, std::string detail) {
    problems_.push_back({std::nullopt, std::move(pointer), std::move(detail), Code::kInvalid});
  }

  void check_members(const json::Value& body) {
    auto members = body.members();
    while (const auto member = members.next()) {
      const auto known = [&](const auto& part) { return part.first == member->first; };
      if (std::ranges::none_of(kParts, known)) {
        blame("#/" + std::string(member->first), "is not one of rows, update, delete");
      }
    }
  }

  // {collection: [items]}
  Result<void> take_part(Part part, std::string_view name, const json::Value& value) {
    const std::string pointer = "#/" + std::string(name);
    if (value.kind() != json::Kind::kObject) {
      blame(pointer, "must be an object of collections");
      return {};
    }
    auto members = value.members();
    while (const auto member = members.next()) {
      const std::string below = pointer + "/" + std::string(member->first);
      const auto collection = engine_.catalog().collection(application_.name, member->first);
      if (!collection.ok()) {
        blame(below, collection.error().message());
        continue;
      }
      DAYBOOK_TRY(may(principal_, access_of(part), **collection));
      if (member->second.kind() != json::Kind::kArray) {
        blame(below, "must be an array");
        continue;
      }
      DAYBOOK_ASSIGN(const Sight sight, Sight::of(engine_, principal_, **collection));
      DAYBOOK_TRY(take_items(part, sight, below, member->second));
    }
    return {};
  }

  Result<void> take_items(Part part, const Sight& sight, const std::string& pointer,
                          const json::Value& array) {
    if (mixed_.batch.operations.size() + array.size() > kMaxItems) {
      return Error(Code::kTooLarge,
                   "a batch holds at most " + std::to_string(kMaxItems) + " operations");
    }
    std::size_t index = 0;
    auto elements = array.elements();
    while (const auto element = elements.next()) {
      take_item(part, sight, pointer + "/" + std::to_string(index++), *element);
    }
    return {};
  }

  void take_item(Part part, const Sight& sight, std::string pointer, const json::Value& item) {
    Operation operation;
    operation.collection = &sight.collection();
    auto taken = decode(part, sight, item, operation);
    if (!taken.ok()) {
      if (taken.error().problems().empty())
        return blame(std::move(pointer), taken.error().message());
      for (const Problem& problem : taken.error().problems()) {
        const std::size_t skip = problem.pointer.starts_with("#") ? 1 : 0;
        blame(pointer + problem.pointer.substr(skip), problem.detail);
      }
      return;
    }
    mixed_.batch.operations.push_back(std::move(operation));
    pointers_.push_back(std::move(pointer));
  }

  Result<void> decode(Part part, const Sight& sight, const json::Value& item,
                      Operation& operation) {
    switch (part) {
      case Part::kRows:
        return decode_insert(sight, item, operation);
      case Part::kUpdate:
        return decode_update(sight, item, operation);
      case Part::kDelete:
        break;
    }
    operation.verb = Verb::kDelete;
    if (item.kind() != json::Kind::kString) return Error(Code::kInvalid, "must be the id of a row");
    operation.id = item.as_string();
    DAYBOOK_ASSIGN([[maybe_unused]] const auto there, find_seen(sight, operation));
    return {};
  }

  // The row that is changed or deleted, for those who do not see all: what is not seen is not
  // there.
  Result<std::optional<Row>> find_seen(const Sight& sight, Operation& operation) {
    if (principal_.is_operator()) return std::optional<Row>();
    DAYBOOK_ASSIGN(auto row, daybook::find_seen(engine_, sight, operation.id));
    if (!row) return Error(Code::kInvalid, "there is no row with this id");
    // Others of this id may be another's.
    mean(operation, *row);
    return row;
  }

  Result<void> decode_insert(const Sight& sight, const json::Value& item, Operation& operation) {
    if (item.kind() != json::Kind::kObject) return Error(Code::kInvalid, "must be an object");
    DAYBOOK_ASSIGN(Decoded decoded, decode_row(*operation.collection, item, stamp_, ids_));
    const KeepRule keep = KeepRule::of(*operation.collection);
    const auto tenants = engine_.tenant_keeps().of(engine_, *operation.collection);
    std::string why =
        gone_on_arrival(*operation.collection, keep, *tenants, decoded.row, stamp_.now);
    if (!why.empty()) return Error(Code::kInvalid, std::move(why));
    DAYBOOK_TRY(refused(sight.problems_of(decoded.sent, decoded.row)));
    operation.verb = Verb::kInsert;
    operation.row = std::move(decoded.row);
    if (decoded.id_given) operation.sent = std::move(decoded.sent);
    return {};
  }

  static Result<void> refused(std::vector<Problem> problems) {
    if (problems.empty()) return {};
    Error error(Code::kInvalid, problems.front().detail);
    return std::move(error).with_problems(std::move(problems));
  }

  Result<void> decode_update(const Sight& sight, const json::Value& item, Operation& operation) {
    if (item.kind() != json::Kind::kObject) return Error(Code::kInvalid, "must be an object");
    const auto id = item.find("id");
    if (!id || id->kind() != json::Kind::kString) {
      return Error(Code::kInvalid, "must have the id of the row as a text");
    }
    operation.verb = Verb::kUpdate;
    operation.id = id->as_string();
    DAYBOOK_ASSIGN(operation.assignments,
                   decode_changes(*operation.collection, item, stamp_, operation.id));
    DAYBOOK_ASSIGN(const auto there, find_seen(sight, operation));
    if (there) DAYBOOK_TRY(refused(sight.problems_of(operation.assignments, *there)));
    return {};
  }

  Result<void> check_references() {
    DAYBOOK_ASSIGN(const auto missing,
                   missing_references(engine_, principal_, mixed_.batch.operations));
    for (std::size_t i = 0; i < missing.size(); ++i) {
      for (const Problem& problem : missing[i]) {
        blame(pointers_[i] + problem.pointer.substr(1), problem.detail);
      }
    }
    return {};
  }

  Error invalid() && {
    const std::size_t count = problems_.size();
    if (count > kMaxProblems) problems_.resize(kMaxProblems);
    return Error(Code::kInvalid, std::to_string(count) + (count == 1 ? " place" : " places") +
                                     " of the batch " + (count == 1 ? "is" : "are") + " invalid")
        .with_problems(std::move(problems_));
  }

  Engine& engine_;
  const Application& application_;
  const Principal& principal_;
  Stamp stamp_;
  IdMaker ids_;
  MixedBatch mixed_;
  std::vector<std::string> pointers_;  // by operation
  std::vector<Problem> problems_;
};

// What a failed operation was about: "there is no row with this id: orders 'a1'".
Error blame_operation(const MixedBatch& mixed, const Committed& committed) {
  const std::size_t index = committed.verdicts.size() - 1;
  const Operation& operation = mixed.batch.operations[index];
  const bool has_row = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
  const std::string& id = has_row ? operation.row.id : operation.id;
  const Verdict& verdict = committed.verdicts.back();
  const std::string detail = std::string(verb_name(operation.verb)) + " of '" + id + "' in " +
                             operation.collection->name + ": " + verdict.detail;
  const Code code =
      verdict.kind == Verdict::Kind::kPrecondition ? Code::kPrecondition : Code::kConflict;
  return Error(code, "nothing was stored: " + detail)
      .with_problems({{index, verdict.pointer, detail, code}});
}

}  // namespace

std::vector<std::pair<const Collection*, std::vector<std::string>>> MixedBatch::ids() const {
  std::vector<std::pair<const Collection*, std::vector<std::string>>> ids;
  for (std::size_t i = 0; i < rows; ++i) {
    const Operation& operation = batch.operations[i];
    if (ids.empty() || ids.back().first != operation.collection) {
      ids.emplace_back(operation.collection, std::vector<std::string>());
    }
    const bool is_row = operation.presence != Presence::kCountedOnly;
    ids.back().second.push_back(is_row ? operation.row.id : std::string());
  }
  return ids;
}

Result<MixedBatch> decode_mixed_batch(Engine& engine, const Application& application,
                                      const Principal& principal, const json::Value& body) {
  return Decoder(engine, application, principal).run(body);
}

Result<Position> apply_mixed_batch(Engine& engine, const Principal& principal, MixedBatch& mixed) {
  DAYBOOK_ASSIGN(Sampling sampling,
                 Sampling::begin(engine, mixed.batch.operations, mixed.batch.at));
  DAYBOOK_ASSIGN(const Committed committed, commit(engine, principal, mixed.batch));
  sampling.settle(committed);
  if (!committed.applied) return blame_operation(mixed, committed);
  return committed.last;
}

}  // namespace daybook
