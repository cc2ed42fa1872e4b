#include <utility>

#include "base/bug.h"
#include "engine/answer.h"
#include "engine/answer_plan.h"

namespace daybook {
namespace {

// The same expression with every parameter optional: without arguments, what names one is left out
// and the rest can be checked.
void relax(Expression& expression) {
  if (expression.kind == Expression::Kind::kParameter) expression.optional = true;
  for (Expression& arg : expression.args) relax(arg);
}

Route relaxed(Route route) {
  for (Expression& where : route.where) relax(where);
  for (AnswerPart& part : route.answer) {
    relax(part.expression);
    for (Expression& where : part.where) relax(where);
    for (auto& [name, expression] : part.of) relax(expression);
  }
  return route;
}

template <typename T>
Result<void> outcome(Result<T> plan) {
  if (plan.ok()) return {};
  return std::move(plan).error();
}

Result<void> check_part(const AnswerContext& context, const AnswerPart& part) {
  using As = AnswerPart::As;
  if (part.without) DAYBOOK_TRY(outcome(plan_without(context, part)));
  switch (part.as) {
    case As::kExpression:
      return {};
    case As::kGroups:
      return outcome(plan_groups(context, part));
    case As::kMap:
      return outcome(plan_map(context, part));
    case As::kRows:
    case As::kRow:
    case As::kValues:
      return outcome(plan_rows(context, part));
    case As::kValue:
      return outcome(plan_value(context, part));
  }
  bug("an answer of no kind");
}

void blame(const Origin& origin, const Route& route, const Result<void>& checked,
           std::vector<Problem>& problems) {
  if (checked.ok()) return;
  problems.push_back(
      {std::nullopt, "",
       describe(origin) + ": " + route.method + " " + route.path + ": " + checked.error().message(),
       Code::kInvalid});
}

void check_answer(const Application& application, const Route& declared,
                  std::vector<Problem>& problems) {
  const Route route = relaxed(declared);
  const AnswerContext context{application,  route,  std::nullopt, {},
                              std::nullopt, Zone(), Instant(),    Budget()};
  bool has_figures = false;
  for (const AnswerPart& part : route.answer) {
    has_figures = has_figures || is_figure(part);
    blame(part.origin, route, check_part(context, part), problems);
  }
  if (has_figures) blame(route.origin, route, outcome(plan_figures(context)), problems);
}

void check_list(const Application& application, const Route& declared,
                std::vector<Problem>& problems) {
  const Route route = relaxed(declared);
  const Collection* collection = application.find(route.collection);
  if (collection == nullptr) return;  // the catalog's reader has said so
  blame(route.origin, route, outcome(bind_where(*collection, route.where, {})), problems);
  blame(route.origin, route, outcome(bind_order(*collection, route.order)), problems);
}

}  // namespace

Result<void> check_answers(const Catalog& catalog) {
  std::vector<Problem> problems;
  for (const auto& [name, application] : catalog.applications()) {
    for (const Route& route : application.routes) {
      if (route.action == Route::Action::kAnswer) check_answer(application, route, problems);
      if (route.action == Route::Action::kList) check_list(application, route, problems);
    }
  }
  if (problems.empty()) return {};
  return Error(Code::kInvalid, "the catalog declares answers that cannot be asked")
      .with_problems(std::move(problems));
}

}  // namespace daybook
