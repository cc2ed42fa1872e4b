#include "engine/ingest.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/commit.h"
#include "engine/recurrence.h"
#include "engine/references.h"
#include "engine/rights.h"
#include "engine/sampling.h"

namespace daybook {

std::string gone_on_arrival(const Collection& collection, const KeepRule& keep,
                            const TenantKeeps& tenants, const Row& row, Instant now) {
  const auto gone = keep.expires_at(row, tenants);
  if (!gone || *gone > now) return {};
  const auto period = keep.keep_of(row, tenants);
  if (!period || collection.keep.at_field) {
    return "has expired already, at " + format_instant(*gone);
  }
  return "is older than " + collection.full_name() + " keeps its rows (" +
         format_duration(*period) + ")";
}

Ingest::Ingest(Engine& engine, const Principal& principal, Sight sight)
    : engine_(engine),
      collection_(sight.collection()),
      principal_(principal),
      stamp_(stamp_of(engine, principal)),
      sight_(std::move(sight)),
      keep_(KeepRule::of(collection_)),
      tenants_(engine.tenant_keeps().of(engine, collection_)) {}

void Ingest::take(const json::Value& item) {
  const std::uint64_t number = next_item_++;
  if (item.kind() != json::Kind::kObject) {
    return reject(number, {{std::nullopt, "#", "must be an object", Code::kInvalid}});
  }
  auto decoded = decode_row(collection_, item, stamp_, ids_);
  if (!decoded.ok()) {
    std::vector<Problem> problems = decoded.error().problems();
    if (problems.empty()) {
      problems.push_back({std::nullopt, "#", decoded.error().message(), decoded.error().code()});
    }
    return reject(number, std::move(problems));
  }
  if (std::string why = gone_on_arrival(collection_, keep_, *tenants_, decoded->row, stamp_.now);
      !why.empty()) {
    return reject(number, {{std::nullopt, "#", std::move(why), Code::kInvalid}});
  }
  if (auto problems = sight_.problems_of(decoded->sent, decoded->row); !problems.empty()) {
    return reject(number, std::move(problems));
  }
  intake_.masked += decoded->masked;
  intake_.exempt += decoded->exempt;
  Operation operation;
  operation.collection = &collection_;
  operation.verb = Verb::kInsert;
  operation.row = std::move(decoded->row);
  if (decoded->id_given) operation.sent = std::move(decoded->sent);
  staged_.push_back({number, operation.row.id});
  operations_.push_back(std::move(operation));
}

void Ingest::refuse(Problem problem) { reject(next_item_++, {std::move(problem)}); }

Result<void> Ingest::commit() {
  if (operations_.empty()) return {};
  return apply({});
}

Result<void> Ingest::commit(const Once& once, const Render& render) {
  Batch batch;
  batch.once = once.record(stamp_.now, [this, &render](const Committed& committed) {
    Intake intake = intake_;
    settle(committed, intake);
    arrange(intake);
    return render(intake);
  });
  return apply(std::move(batch));
}

Result<void> Ingest::apply(Batch batch) {
  DAYBOOK_TRY(drop_unreferenced());
  DAYBOOK_ASSIGN(auto reopened, reopenings(engine_, operations_));
  std::ranges::move(reopened, std::back_inserter(operations_));
  DAYBOOK_ASSIGN(Sampling sampling, Sampling::begin(engine_, operations_, stamp_.now));
  for (std::size_t i = 0; i < staged_.size(); ++i) staged_[i].counted_by = sampling.counted_by(i);
  batch.application = engine_.catalog().find(collection_.application);
  batch.mode = Batch::Mode::kEach;
  batch.at = stamp_.now;
  batch.operations = std::move(operations_);
  const auto committed = daybook::commit(engine_, principal_, batch);
  if (committed.ok()) {
    sampling.settle(*committed);
    settle(*committed, intake_);
  }
  operations_.clear();
  staged_.clear();
  ids_ = IdMaker();
  stamp_.now = engine_.now();
  if (!committed.ok()) return committed.error();
  return {};
}

const Intake& Ingest::intake() {
  arrange(intake_);
  return intake_;
}

Result<void> Ingest::drop_unreferenced() {
  DAYBOOK_ASSIGN(auto missing, missing_references(engine_, principal_, operations_));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    if (!missing[i].empty()) {
      reject(staged_[i].item, std::move(missing[i]));
      continue;
    }
    if (kept != i) {
      operations_[kept] = std::move(operations_[i]);
      staged_[kept] = std::move(staged_[i]);
    }
    ++kept;
  }
  operations_.resize(kept);
  staged_.resize(kept);
  return {};
}

void Ingest::reject(std::uint64_t item, std::vector<Problem> problems) {
  ++intake_.rejected;
  for (Problem& problem : problems) note(intake_, item, std::move(problem));
}

// Fills in the verdicts of what was staged.
void Ingest::settle(const Committed& committed, Intake& intake) const {
  intake.position = committed.last;
  const bool tells_ids = next_item_ <= kMaxItems;
  if (tells_ids) intake.ids.resize(next_item_);
  for (std::size_t i = 0; i < staged_.size(); ++i) {
    const Verdict& row = committed.verdicts[i];
    const Verdict& verdict =
        staged_[i].counted_by && row.is_good() ? committed.verdicts[*staged_[i].counted_by] : row;
    if (verdict.is_good()) {
      ++intake.accepted;
      if (verdict.kind == Verdict::Kind::kSame) ++intake.repeated;
      if (row.presence == Presence::kCountedOnly) continue;
      ++intake.kept;
      if (tells_ids) intake.ids[staged_[i].item] = staged_[i].id;
      continue;
    }
    ++intake.rejected;
    note(intake, staged_[i].item, {std::nullopt, verdict.pointer, verdict.detail, Code::kConflict});
  }
}

void Ingest::arrange(Intake& intake) const {
  intake.ids.resize(next_item_ <= kMaxItems ? next_item_ : 0);
  const auto by_item = [](const Problem& a, const Problem& b) { return *a.item < *b.item; };
  std::ranges::stable_sort(intake.problems, by_item);
}

void Ingest::note(Intake& intake, std::uint64_t item, Problem problem) {
  if (intake.problems.size() >= kMaxProblems) {
    ++intake.more_problems;
    return;
  }
  problem.item = item;
  intake.problems.push_back(std::move(problem));
}

}  // namespace daybook
