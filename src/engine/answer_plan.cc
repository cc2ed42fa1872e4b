#include "engine/answer_plan.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"
#include "base/text.h"
#include "engine/answer.h"

namespace daybook {
namespace {

constexpr std::size_t kDefaultGroups = 1'000;
constexpr std::size_t kDefaultRows = 1'000;

// The rows that one member of an answer is about.
struct Scope {
  const Collection* collection = nullptr;
  Filter filter;
  std::optional<Window> window;
};

Result<const Collection*> find_collection(const AnswerContext& context, const std::string& name) {
  if (const Collection* collection = context.application.find(name)) return collection;
  return Error(Code::kInvalid,
               "there is no collection '" + name + "' in " + context.application.name);
}

Result<std::optional<Window>> window_of_part(const AnswerContext& context, const AnswerPart& part) {
  if (!part.window) return context.window;
  return resolve_window({}, *part.window, context.zone, context.now);
}

// To the rows that the caller sees; what the declaration filters by must be his to see.
Result<void> limit_to_seen(const AnswerContext& context, Scope& scope) {
  const Sight* sight = context.sight_of(*scope.collection);
  if (sight == nullptr) return {};
  DAYBOOK_TRY(sight->check(scope.filter));
  scope.filter = both(sight->rows(), std::move(scope.filter));
  return {};
}

Result<Scope> scope_of(const AnswerContext& context, const AnswerPart& part) {
  const bool is_routes = part.from.empty() || part.from == context.route.collection;
  Scope scope;
  DAYBOOK_ASSIGN(scope.collection,
                 find_collection(context, is_routes ? context.route.collection : part.from));
  if (is_routes) {
    DAYBOOK_ASSIGN(scope.filter,
                   bind_where(*scope.collection, context.route.where, context.arguments));
  }
  DAYBOOK_ASSIGN(Filter where, bind_where(*scope.collection, part.where, context.arguments));
  scope.filter = both(std::move(scope.filter), std::move(where));
  DAYBOOK_TRY(limit_to_seen(context, scope));
  if (scope.collection->is_journal()) {
    DAYBOOK_ASSIGN(scope.window, window_of_part(context, part));
  }
  return scope;
}

Summary summary_of(const AnswerContext& context, Scope scope) {
  Summary summary;
  summary.collection = scope.collection;
  summary.filter = std::move(scope.filter);
  summary.window = std::move(scope.window);
  summary.zone = context.zone;
  summary.now = context.now;
  summary.budget = context.budget;
  summary.limit = 1;
  return summary;
}

Result<std::vector<FieldRef>> find_fields(const Collection& collection,
                                          const std::vector<std::string>& names) {
  std::vector<FieldRef> refs;
  for (const std::string& name : names) {
    DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, name));
    refs.push_back(std::move(ref));
  }
  return refs;
}

// A group's own value of that name, its bucket or one of its keys.
std::optional<GroupMember> own_member(const AnswerPart& part, const std::string& name) {
  if (part.every && name == "bucket") return GroupMember{name, GroupMember::From::kBucket, 0};
  const auto key = std::ranges::find(part.by, name);
  if (key == part.by.end()) return std::nullopt;
  return GroupMember{name, GroupMember::From::kKey,
                     static_cast<std::size_t>(key - part.by.begin())};
}

Result<void> add_member(const AnswerContext& context, const std::string& name,
                        const Expression& expression, const AnswerPart& part, GroupPlan& plan) {
  if (expression.kind == Expression::Kind::kField) {
    auto own = own_member(part, expression.name);
    if (!own) {
      return Error(Code::kInvalid, "'" + expression.name + "' is neither the bucket nor in by");
    }
    own->name = name;
    plan.members.push_back(*std::move(own));
    return {};
  }
  DAYBOOK_ASSIGN(Measure measure,
                 bind_measure(*plan.summary.collection, name, expression, context.arguments));
  plan.members.push_back({name, GroupMember::From::kMeasure, plan.summary.measures.size()});
  plan.summary.measures.push_back(std::move(measure));
  return {};
}

// The bucket and the keys that no member renames come first, under their own names.
void add_own_names(const AnswerPart& part, GroupPlan& plan) {
  std::vector<std::string> names;
  if (part.every) names.emplace_back("bucket");
  names.insert(names.end(), part.by.begin(), part.by.end());
  const auto is_renamed = [&](const std::string& name) {
    return std::ranges::any_of(part.of, [&](const auto& member) {
      return member.second.kind == Expression::Kind::kField && member.second.name == name;
    });
  };
  for (const std::string& name : names) {
    if (!is_renamed(name)) plan.members.push_back(*own_member(part, name));
  }
}

GroupOrder order_of(const GroupMember& member, bool descending) {
  switch (member.from) {
    case GroupMember::From::kBucket:
      return {GroupOrder::What::kBucket, 0, descending};
    case GroupMember::From::kKey:
      return {GroupOrder::What::kKey, member.index, descending};
    case GroupMember::From::kMeasure:
      break;
  }
  return {GroupOrder::What::kMeasure, member.index, descending};
}

// By a member's name, or by the group's own one although it was renamed.
Result<void> add_orders(const AnswerPart& part, GroupPlan& plan) {
  for (const OrderKey& key : part.order) {
    auto member = own_member(part, key.name);
    for (const GroupMember& candidate : plan.members) {
      if (candidate.name == key.name) member = candidate;
    }
    if (!member) {
      return Error(Code::kInvalid, "order: the groups have no '" + key.name + "'");
    }
    plan.summary.order.push_back(order_of(*member, key.descending));
  }
  return {};
}

}  // namespace

const Sight* AnswerContext::sight_of(const Collection& collection) const {
  if (!sights) return nullptr;
  for (const Sight& sight : *sights) {
    if (&sight.collection() == &collection) return &sight;
  }
  bug("an answer asks a collection that its route does not name");
}

bool is_figure(const AnswerPart& part) {
  return part.as == AnswerPart::As::kExpression && part.expression.kind == Expression::Kind::kCall;
}

Result<Summary> plan_figures(const AnswerContext& context) {
  DAYBOOK_ASSIGN(Scope scope, scope_of(context, AnswerPart()));
  Summary summary = summary_of(context, std::move(scope));
  for (const AnswerPart& part : context.route.answer) {
    if (!is_figure(part)) continue;
    auto measure = bind_measure(*summary.collection, part.name, part.expression, context.arguments);
    if (!measure.ok()) return std::move(measure).error().with_context(part.name);
    summary.measures.push_back(*std::move(measure));
  }
  return summary;
}

Result<Summary> plan_value(const AnswerContext& context, const AnswerPart& part) {
  DAYBOOK_ASSIGN(Scope scope, scope_of(context, part));
  Summary summary = summary_of(context, std::move(scope));
  DAYBOOK_ASSIGN(Measure measure,
                 bind_measure(*summary.collection, part.name, part.expression, context.arguments));
  summary.measures.push_back(std::move(measure));
  return summary;
}

Result<GroupPlan> plan_groups(const AnswerContext& context, const AnswerPart& part) {
  DAYBOOK_ASSIGN(Scope scope, scope_of(context, part));
  GroupPlan plan{summary_of(context, std::move(scope)), {}};
  DAYBOOK_ASSIGN(plan.summary.by, find_fields(*plan.summary.collection, part.by));
  plan.summary.every = part.every;
  plan.summary.limit = part.limit ? static_cast<std::size_t>(*part.limit) : kDefaultGroups;
  add_own_names(part, plan);
  for (const auto& [name, expression] : part.of) {
    DAYBOOK_TRY(add_member(context, name, expression, part, plan));
  }
  DAYBOOK_TRY(add_orders(part, plan));
  return plan;
}

Result<GroupPlan> plan_map(const AnswerContext& context, const AnswerPart& part) {
  if (part.by.size() != 1) return Error(Code::kInvalid, "a map needs exactly one field in by");
  AnswerPart groups = part;
  groups.of = {{"value", part.expression}};
  return plan_groups(context, groups);
}

Result<Scan> plan_rows(const AnswerContext& context, const AnswerPart& part) {
  DAYBOOK_ASSIGN(Scope scope, scope_of(context, part));
  Scan scan;
  scan.collection = scope.collection;
  scan.filter = std::move(scope.filter);
  scan.window = std::move(scope.window);
  scan.now = context.now;
  scan.budget = context.budget;
  DAYBOOK_ASSIGN(scan.order, bind_order(*scan.collection, part.order));
  scan.limit = part.limit ? static_cast<std::size_t>(*part.limit) : kDefaultRows;
  if (part.as == AnswerPart::As::kRow) scan.limit = 1;
  if (part.as == AnswerPart::As::kValues) {
    DAYBOOK_ASSIGN(const FieldRef field, find_field(*scan.collection, part.field));
    static_cast<void>(field);
  }
  return scan;
}

Result<Summary> plan_without(const AnswerContext& context, const AnswerPart& part) {
  Scope scope;
  DAYBOOK_ASSIGN(scope.collection, find_collection(context, part.without->from));
  DAYBOOK_TRY(limit_to_seen(context, scope));
  if (scope.collection->is_journal()) {
    DAYBOOK_ASSIGN(scope.window,
                   resolve_window({}, part.without->window, context.zone, context.now));
  }
  Summary present = summary_of(context, std::move(scope));
  DAYBOOK_ASSIGN(present.by, find_fields(*present.collection, {part.without->on}));
  return present;
}

}  // namespace daybook
