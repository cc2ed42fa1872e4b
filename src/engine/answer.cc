#include "engine/answer.h"

#include <algorithm>
#include <set>

#include "base/bug.h"
#include "catalog/decode.h"
#include "engine/answer_plan.h"
#include "engine/question.h"
#include "query/all_samples.h"

namespace daybook {
namespace {

Value value_of(const Group& group, const GroupMember& member) {
  switch (member.from) {
    case GroupMember::From::kBucket:
      return group.bucket ? Value(*group.bucket) : Value();
    case GroupMember::From::kKey:
      return group.key[member.index];
    case GroupMember::From::kMeasure:
      return group.measures[member.index];
  }
  bug("a group's member from nowhere");
}

// The key of a map in an answer.
std::string key_text(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  return debug_text(value);
}

class Answerer {
 public:
  Answerer(Engine& engine, AnswerContext context) : engine_(engine), context_(std::move(context)) {}

  Result<Answer> run() {
    DAYBOOK_TRY(ask_figures());
    Answer answer;
    for (const AnswerPart& part : context_.route.answer) {
      DAYBOOK_ASSIGN(AnswerMember member, answer_part(part));
      member.name = part.name;
      answer.members.push_back(std::move(member));
    }
    answer.inquiries = std::move(inquiries_);
    return answer;
  }

 private:
  using As = AnswerPart::As;

  Result<AnswerMember> answer_part(const AnswerPart& part) {
    switch (part.as) {
      case As::kExpression:
        return plain(part);
      case As::kGroups:
        return groups(part);
      case As::kMap:
        return map(part);
      case As::kRows:
      case As::kRow:
        return rows(part);
      case As::kValues:
        return values(part);
      case As::kValue:
        return value(part);
    }
    bug("an answer of no kind");
  }

  Result<void> ask_figures() {
    if (std::ranges::none_of(context_.route.answer, is_figure)) return {};
    DAYBOOK_ASSIGN(const Summary summary, plan_figures(context_));
    DAYBOOK_ASSIGN(figures_, figures_of(summary));
    return {};
  }

  // The measures of a summary that makes no groups.
  Result<std::vector<Value>> figures_of(const Summary& summary) {
    DAYBOOK_ASSIGN(Groups groups, summarize(summary));
    return std::move(groups.groups[0].measures);
  }

  // An aggregate of the route's rows, the window, a parameter or a literal.
  Result<AnswerMember> plain(const AnswerPart& part) {
    if (is_figure(part)) return AnswerMember{{}, figures_.at(next_figure_++)};
    const Expression& expression = part.expression;
    if (expression.kind != Expression::Kind::kParameter)
      return AnswerMember{{}, expression.literal};
    if (expression.name == "window") return AnswerMember{{}, context_.window};
    for (const auto& [name, argument] : context_.arguments) {
      if (name == expression.name) return AnswerMember{{}, argument};
    }
    return AnswerMember{{}, Value()};
  }

  Result<AnswerMember> value(const AnswerPart& part) {
    DAYBOOK_ASSIGN(const Summary summary, plan_value(context_, part));
    DAYBOOK_ASSIGN(std::vector<Value> figures, figures_of(summary));
    return AnswerMember{{}, std::move(figures[0])};
  }

  Result<AnswerMember> groups(const AnswerPart& part) {
    DAYBOOK_ASSIGN(const GroupPlan plan, plan_groups(context_, part));
    DAYBOOK_ASSIGN(const Groups groups, summarize(plan.summary));
    Table table;
    for (const GroupMember& member : plan.members) table.columns.push_back(member.name);
    for (const Group& group : groups.groups) {
      std::vector<Value>& row = table.rows.emplace_back();
      for (const GroupMember& member : plan.members) row.push_back(value_of(group, member));
    }
    return AnswerMember{{}, std::move(table), groups.more};
  }

  // Rows without the key field have no place in an object.
  Result<AnswerMember> map(const AnswerPart& part) {
    DAYBOOK_ASSIGN(const GroupPlan plan, plan_map(context_, part));
    DAYBOOK_ASSIGN(const Groups groups, summarize(plan.summary));
    KeyedValues values;
    for (const Group& group : groups.groups) {
      if (group.key[0].is_null()) continue;
      values.emplace_back(key_text(group.key[0]), group.measures[0]);
    }
    return AnswerMember{{}, std::move(values), groups.more};
  }

  Result<AnswerMember> rows(const AnswerPart& part) {
    DAYBOOK_ASSIGN(const Scan scan, plan_rows(context_, part));
    if (part.as == As::kRows) {
      DAYBOOK_ASSIGN(Page page, told_page(scan));
      return AnswerMember{{}, RowList{scan.collection, std::move(page.rows)}, page.is_cut};
    }
    FirstRow first{scan.collection, std::nullopt};
    DAYBOOK_ASSIGN(std::vector<Row> found, told(scan));
    if (!found.empty()) first.row = std::move(found[0]);
    return AnswerMember{{}, std::move(first)};
  }

  Result<AnswerMember> values(const AnswerPart& part) {
    DAYBOOK_ASSIGN(const Scan scan, plan_rows(context_, part));
    DAYBOOK_ASSIGN(const FieldRef field, find_field(*scan.collection, part.field));
    DAYBOOK_ASSIGN(const Page page, told_page(scan));
    std::vector<Value> list;
    for (const Row& row : page.rows) list.push_back(read(field, row));
    if (part.without) DAYBOOK_TRY(drop_present(part, list));
    return AnswerMember{{}, std::move(list), page.is_cut};
  }

  // Takes out the values that have a row in the collection of `without`.
  Result<void> drop_present(const AnswerPart& part, std::vector<Value>& list) {
    if (list.empty()) return {};
    DAYBOOK_ASSIGN(Summary present, plan_without(context_, part));
    DAYBOOK_ASSIGN(const Expression among, parse_expression(part.without->on + " in [:values]"));
    DAYBOOK_ASSIGN(Filter candidates,
                   bind_filter(*present.collection, among, {{"values", Value(List(list))}}));
    present.filter = both(std::move(present.filter), std::move(candidates));
    present.limit = list.size();
    DAYBOOK_ASSIGN(const Groups groups, summarize(present));
    std::set<std::string> there;
    for (const Group& group : groups.groups) there.insert(key_text(group.key[0]));
    std::erase_if(list, [&](const Value& value) { return there.contains(key_text(value)); });
    return {};
  }

  Result<Groups> summarize(Summary summary) {
    DAYBOOK_TRY(fit_to_samples(summary));
    DAYBOOK_TRY(context_.sight_of(*summary.collection)->check(summary));
    return ask(engine_, summary, inquiries_);
  }

  struct Page {
    std::vector<Row> rows;
    bool is_cut = false;
  };
  // One row more than the limit says whether there are more.
  Result<Page> told_page(Scan scan) {
    const std::size_t limit = scan.limit++;
    DAYBOOK_ASSIGN(std::vector<Row> found, told(scan));
    const bool is_cut = found.size() > limit;
    if (is_cut) found.pop_back();
    return Page{std::move(found), is_cut};
  }

  // As the caller is told of them.
  Result<std::vector<Row>> told(const Scan& scan) {
    const Sight& sight = *context_.sight_of(*scan.collection);
    DAYBOOK_TRY(sight.check(scan.order));
    DAYBOOK_ASSIGN(std::vector<Row> found, ask(engine_, scan, inquiries_));
    for (Row& row : found) sight.veil(row);
    return found;
  }

  Engine& engine_;
  AnswerContext context_;
  Inquiries inquiries_;
  std::vector<Value> figures_;  // of the plain members, in their order
  std::size_t next_figure_ = 0;
};

Result<Value> parse_argument(const Parameter& parameter, const std::string& text) {
  Field field;
  field.name = parameter.name;
  field.type = parameter.type;
  auto value = decode_text(field, text);
  if (value.ok()) return value;
  return Error(Code::kInvalid, parameter.name + " " + value.error().message());
}

const Parameter* find_parameter(const Route& route, const std::string& name) {
  const auto same = [&](const Parameter& parameter) { return parameter.name == name; };
  const auto found = std::ranges::find_if(route.params, same);
  return found == route.params.end() ? nullptr : &*found;
}

}  // namespace

Result<Arguments> take_arguments(RouteCall& call) {
  Arguments arguments;
  for (const auto& [name, text] : call.path) {
    const Parameter* parameter = find_parameter(call.route, name);
    if (parameter == nullptr) {
      arguments.emplace_back(name, Value(text));
      continue;
    }
    DAYBOOK_ASSIGN(Value value, parse_argument(*parameter, text));
    arguments.emplace_back(name, std::move(value));
  }
  for (const Parameter& parameter : call.route.params) {
    const auto in_path = [&](const auto& pair) { return pair.first == parameter.name; };
    if (std::ranges::any_of(call.path, in_path)) continue;
    Value value = parameter.default_value;
    if (const auto text = call.words.take(parameter.name)) {
      DAYBOOK_ASSIGN(value, parse_argument(parameter, *text));
    } else if (parameter.required) {
      return Error(Code::kInvalid, "parameter '" + parameter.name + "' is missing");
    }
    if (!value.is_null()) arguments.emplace_back(parameter.name, std::move(value));
  }
  const Principal& principal = call.principal;
  if (!principal.id.empty()) arguments.emplace_back("principal.id", Value(principal.id));
  if (!principal.tenant.empty())
    arguments.emplace_back("principal.tenant", Value(principal.tenant));
  return arguments;
}

Result<Filter> bind_where(const Collection& collection, const std::vector<Expression>& where,
                          const Arguments& arguments) {
  Filter filter;
  for (const Expression& expression : where) {
    DAYBOOK_ASSIGN(Filter part, bind_filter(collection, expression, arguments));
    filter = both(std::move(filter), std::move(part));
  }
  return filter;
}

Result<Order> bind_order(const Collection& collection, const std::vector<OrderKey>& order) {
  if (order.empty()) return default_order(collection);
  std::string text;
  for (const OrderKey& key : order) {
    text += (text.empty() ? "" : ",") + std::string(key.descending ? "-" : "") + key.name;
  }
  return parse_order(collection, text);
}

Result<Answer> answer(Engine& engine, RouteCall call) {
  DAYBOOK_ASSIGN(Arguments arguments, take_arguments(call));
  AnswerContext context{call.application, call.route, std::vector<Sight>(), std::move(arguments),
                        std::nullopt,     Zone(),     engine.now(),         std::move(call.budget)};
  for (const Collection* collection : asked_collections(call.application, call.route)) {
    DAYBOOK_ASSIGN(Sight sight, Sight::of(engine, call.principal, *collection));
    context.sights->push_back(std::move(sight));
  }
  if (call.route.window.kind != WindowRule::Kind::kNone) {
    DAYBOOK_ASSIGN(context.window, resolve_window(call.words.take_window(), call.route.window,
                                                  Zone(), context.now));
    if (context.window) context.zone = context.window->zone;
  }
  DAYBOOK_TRY(call.words.finish());
  return Answerer(engine, std::move(context)).run();
}

}  // namespace daybook
