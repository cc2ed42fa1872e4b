// From the declaration of an answer's member to a question for the store, with the call's arguments
// filled in. Pure. Private to answer.cc and answer_check.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/application.h"
#include "engine/sight.h"
#include "query/scan.h"
#include "query/summary.h"

namespace daybook {

// What all members of one answer share.
struct AnswerContext {
  const Application& application;
  const Route& route;
  // What the caller sees of each collection that is asked; none: only a check, nothing is asked.
  std::optional<std::vector<Sight>> sights;
  Arguments arguments;
  std::optional<Window> window;  // of the route
  Zone zone;
  Instant now;
  Budget budget;

  // Null for a check.
  const Sight* sight_of(const Collection& collection) const;
};

// How a group becomes an object: where each of its members is found.
struct GroupMember {
  enum class From { kBucket, kKey, kMeasure };
  std::string name;
  From from = From::kMeasure;
  std::size_t index = 0;
};

struct GroupPlan {
  Summary summary;
  std::vector<GroupMember> members;
};

// The aggregates among the answer's plain members: one question over the route's rows.
Result<Summary> plan_figures(const AnswerContext& context);
// Whether a plain member is such an aggregate, not a parameter.
bool is_figure(const AnswerPart& part);

Result<GroupPlan> plan_groups(const AnswerContext& context, const AnswerPart& part);
Result<Summary> plan_value(const AnswerContext& context, const AnswerPart& part);
Result<GroupPlan> plan_map(const AnswerContext& context, const AnswerPart& part);
Result<Scan> plan_rows(const AnswerContext& context, const AnswerPart& part);
// The rows of `without`, still for all values of `on`.
Result<Summary> plan_without(const AnswerContext& context, const AnswerPart& part);

}  // namespace daybook
