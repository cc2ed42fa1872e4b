#include "tests/contract/words.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "catalog/decode.h"

namespace daybook::contract {

namespace {

[[noreturn]] void stop(std::string_view words, const Error& error) {
  std::cerr << "the test says '" << words << "': " << say(error) << "\n";
  std::abort();
}

template <typename T>
T must(std::string_view words, Result<T> result) {
  if (!result.ok()) stop(words, result.error());
  return std::move(*result);
}

Stamp stamp(Instant now) {
  Stamp stamp;
  stamp.now = now;
  stamp.speaks_for_others = true;
  return stamp;
}

Operation with_row(Verb verb, std::string_view name, std::string_view text, Instant now) {
  json::Parser parser;
  IdMaker ids;
  const json::Value object = must(text, parser.parse(text));
  Decoded decoded = must(text, decode_row(collection(name), object, stamp(now), ids));
  Operation operation;
  operation.collection = &collection(name);
  operation.verb = verb;
  operation.row = std::move(decoded.row);
  if (decoded.id_given) operation.sent = std::move(decoded.sent);
  return operation;
}

Batch batch(Batch::Mode mode, std::vector<Operation> operations, Instant now) {
  Batch batch;
  batch.application = shop().find(operations.front().collection->application);
  batch.mode = mode;
  batch.at = now;
  batch.operations = std::move(operations);
  return batch;
}

}  // namespace

Instant noon() {
  static const Instant instant = at("2026-03-10T12:00:00Z");
  return instant;
}

Instant at(std::string_view text) { return must(text, parse_instant(text)); }

Window between(std::string_view start, std::string_view end) { return {at(start), at(end), {}}; }

Operation insert(std::string_view name, std::string_view json, Instant now) {
  return with_row(Verb::kInsert, name, json, now);
}

Operation put(std::string_view name, std::string_view json, Instant now) {
  return with_row(Verb::kPut, name, json, now);
}

Operation update(std::string_view name, std::string_view id, std::string_view text) {
  json::Parser parser;
  const json::Value object = must(text, parser.parse(text));
  Operation operation;
  operation.collection = &collection(name);
  operation.verb = Verb::kUpdate;
  operation.id = id;
  operation.assignments = must(text, decode_changes(collection(name), object, stamp(noon())));
  return operation;
}

Operation counted(Operation operation) {
  operation.presence = Presence::kCountedOnly;
  return operation;
}

Operation of_tenant(std::string_view tenant, Operation operation) {
  operation.tenant = Value(tenant);
  return operation;
}

Operation remove(std::string_view name, std::string_view id) {
  Operation operation;
  operation.collection = &collection(name);
  operation.verb = Verb::kDelete;
  operation.id = id;
  return operation;
}

Operation only_if(Condition condition, Operation operation) {
  operation.condition = std::move(condition);
  return operation;
}

Condition equals(std::string_view name, std::string_view field, Value value) {
  Condition condition;
  condition.kind = Condition::Kind::kEquals;
  condition.field = collection(name).find_field(field).value();
  condition.value = std::move(value);
  return condition;
}

Condition tagged(std::vector<std::string> tags) {
  Condition condition;
  condition.kind = Condition::Kind::kTag;
  condition.tags = std::move(tags);
  return condition;
}

Batch each(std::vector<Operation> operations, Instant now) {
  return batch(Batch::Mode::kEach, std::move(operations), now);
}

Batch atomic(std::vector<Operation> operations, Instant now) {
  return batch(Batch::Mode::kAtomic, std::move(operations), now);
}

std::string_view code_name(Code code) {
  switch (code) {
    case Code::kMalformed:
      return "malformed";
    case Code::kUnauthorized:
      return "unauthorized";
    case Code::kForbidden:
      return "forbidden";
    case Code::kNotFound:
      return "not found";
    case Code::kConflict:
      return "conflict";
    case Code::kPrecondition:
      return "precondition";
    case Code::kTooLarge:
      return "too large";
    case Code::kMediaType:
      return "media type";
    case Code::kInvalid:
      return "invalid";
    case Code::kBusy:
      return "busy";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kTooSlow:
      return "too slow";
    case Code::kInternal:
      return "internal";
  }
  std::abort();
}

std::string say(const Error& error) {
  std::string text = "error " + std::string(code_name(error.code())) + ": " + error.message();
  for (const Problem& problem : error.problems()) {
    text += "; " + problem.pointer + " " + problem.detail;
  }
  return error.cause().empty() ? text : text + " (" + error.cause() + ")";
}

std::string say(const Verdict& verdict) {
  const auto kind = [&]() -> std::string {
    switch (verdict.kind) {
      case Verdict::Kind::kStored:
        return verdict.presence == Presence::kCountedOnly ? "counted" : "stored";
      case Verdict::Kind::kSame:
        return "same";
      case Verdict::Kind::kUnchanged:
        return "unchanged";
      case Verdict::Kind::kConflict:
        return "conflict";
      case Verdict::Kind::kMissing:
        return "missing";
      case Verdict::Kind::kPrecondition:
        return "precondition";
    }
    std::abort();
  };
  std::string text = kind();
  if (!verdict.pointer.empty()) text += " " + verdict.pointer;
  return verdict.detail.empty() ? text : text + ": " + verdict.detail;
}

std::string say(const Result<Committed>& committed) {
  if (!committed.ok()) return say(committed.error());
  std::vector<std::string> verdicts;
  for (const Verdict& verdict : committed->verdicts) verdicts.push_back(say(verdict));
  const std::string positions =
      std::to_string(committed->first) + ".." + std::to_string(committed->last);
  return (committed->applied ? "[" : "refused [") + positions + "] " + join(verdicts, ", ");
}

std::string say(const Result<Groups>& groups) {
  if (!groups.ok()) return say(groups.error());
  std::string text;
  for (const Group& group : groups->groups) {
    std::vector<std::string> parts;
    if (group.bucket) parts.push_back(format_instant(*group.bucket));
    for (const Value& value : group.key) parts.push_back(debug_text(value));
    text += join(parts, " ") + ":";
    for (const Value& value : group.measures) text += " " + debug_text(value);
    text += "\n";
  }
  return groups->more ? text + "more\n" : text;
}

std::string say(const Result<Changes>& changes) {
  if (!changes.ok()) return say(changes.error());
  std::string text;
  for (const Change& change : changes->changes) {
    text += std::to_string(change.position) + " " + std::string(verb_name(change.verb)) + " " +
            change.collection->name + " " + change.id;
    text += change.row ? " " + debug_text(*change.collection, *change.row) + "\n" : "\n";
  }
  return text + "next " + std::to_string(changes->next) + (changes->is_gap ? " gap\n" : "\n");
}

Filter where(std::string_view name, std::string_view expression) {
  if (expression.empty()) return {};
  return must(expression,
              bind_filter(collection(name), must(expression, parse_expression(expression)), {}));
}

Scan scan_of(std::string_view name, const Words& words) {
  const Collection& of = collection(name);
  Scan scan;
  scan.collection = &of;
  scan.filter = where(name, words.where);
  scan.window = words.window;
  scan.order =
      words.order.empty() ? default_order(of) : must(words.order, parse_order(of, words.order));
  scan.after = words.after;
  scan.limit = words.limit;
  scan.now = words.now;
  return scan;
}

Search search_of(std::string_view name, std::string_view text, const Words& words) {
  const Collection& of = collection(name);
  Search search;
  search.collection = &of;
  search.text = must(text, parse_text_query(text, of.text->language));
  search.filter = where(name, words.where);
  search.window = words.window;
  search.after = words.after;
  search.limit = words.limit;
  search.now = words.now;
  return search;
}

Result<std::vector<Row>> rows_of(Store& store, const Scan& scan) {
  std::vector<Row> rows;
  const auto sink = [&](Row&& row) {
    rows.push_back(std::move(row));
    return true;
  };
  DAYBOOK_TRY(store.scan(scan, sink));
  return rows;
}

std::string ids_of(Store& store, const Scan& scan) {
  const auto rows = rows_of(store, scan);
  if (!rows.ok()) return say(rows.error());
  std::vector<std::string> ids;
  for (const Row& row : *rows) ids.push_back(row.id);
  return join(ids, ",");
}

std::string ids_of(const Result<Hits>& hits) {
  if (!hits.ok()) return say(hits.error());
  std::vector<std::string> ids;
  for (const Hit& hit : hits->hits) ids.push_back(hit.row.id);
  return join(ids, ",") + (hits->more ? " more" : "");
}

std::string all_rows(Store& store, std::string_view name, Instant now) {
  const Collection& of = collection(name);
  Words words;
  words.now = now;
  words.order = of.is_journal() ? of.time().name : "id";
  const auto rows = rows_of(store, scan_of(name, words));
  if (!rows.ok()) return say(rows.error());
  std::string text;
  for (const Row& row : *rows) text += debug_text(of, row) + "\n";
  return text;
}

std::string everything(Store& store, Instant now) {
  std::string text;
  for (const auto& [application_name, application] : shop().applications()) {
    for (const auto& [name, of] : application.collections) {
      text += of.full_name() + "\n" + all_rows(store, of.full_name(), now);
    }
  }
  return text;
}

std::string rollup_difference(Store& store, const Collection& of) {
  RollupCheck check{&of, RollupCheck::Mode::kVerify, std::nullopt};
  while (!of.rollups.empty()) {
    const auto rolled = store.check_rollups(check);
    if (!rolled.ok()) return say(rolled.error());
    if (!rolled->difference.empty()) return of.full_name() + ": " + rolled->difference;
    if (!rolled->period) return "";
    check.after = rolled->period;
  }
  return "";
}

std::optional<Row> find_one(Store& store, std::string_view name, const std::string& id,
                            Instant now) {
  return must(id, store.find(collection(name), {id}, now)).front();
}

Summary summary_of(std::string_view name, const SummaryWords& summary, const Words& words) {
  const Collection& of = collection(name);
  Summary asked;
  asked.collection = &of;
  asked.filter = where(name, words.where);
  asked.window = words.window;
  for (const std::string& field : summary.by)
    asked.by.push_back(must(field, find_field(of, field)));
  if (!summary.every.empty()) asked.every = must(summary.every, parse_step(summary.every));
  asked.zone = must(summary.zone, Zone::find(summary.zone));
  for (const MeasureWords& measure : summary.of) {
    const Expression expression = must(measure.expression, parse_expression(measure.expression));
    asked.measures.push_back(
        must(measure.expression, bind_measure(of, measure.name, expression, {})));
  }
  asked.order = summary.order;
  asked.limit = summary.limit;
  asked.now = words.now;
  return asked;
}

}  // namespace daybook::contract
