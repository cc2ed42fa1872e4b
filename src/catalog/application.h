// Application: a namespace of collections with its settings, routes, recipes, panels and alerts.
// Immutable once loaded.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "catalog/collection.h"
#include "catalog/expression.h"
#include "catalog/field.h"

namespace daybook {

// A setting that an application declares; its value came from the environment or the default.
struct Setting {
  std::string name;
  std::string env;
  std::string unit;  // added to a bare number, "d"
  std::string default_value;
  std::string value;
};

// Daybook's own requests, recorded into a collection.
struct Recorder {
  bool enabled = true;
  std::string into;               // collection
  std::vector<std::string> skip;  // paths; a trailing '*' stands for the rest
};

// A parameter of a route (in the path or the query) or of a recipe.
struct Parameter {
  std::string name;
  Type type = Type::kText;
  bool required = false;
  Value default_value;
};

// Where an answer's window comes from.
struct WindowRule {
  enum class Kind { kNone, kDates, kHours, kDays, kFixed };
  Kind kind = Kind::kNone;
  std::int64_t default_value = 24;  // hours or days
  std::int64_t min = 1;
  std::int64_t max = 168;
  Duration fixed{};  // kFixed: the last so long
};

struct OrderKey {
  std::string name;
  bool descending = false;
  bool operator==(const OrderKey&) const = default;
};

struct LimitRule {
  std::int64_t default_value = 100;
  std::int64_t max = 1000;
};

// One member of a declared answer.
struct AnswerPart {
  enum class As {
    kExpression,  // over the route's rows: an aggregate, or a parameter (":window", ":device_id")
    kGroups,      // a list of objects
    kMap,         // an object keyed by the one `by` field, of `value`
    kRows,        // a list of rows
    kRow,         // the first row by order, or null
    kValues,      // a list of one field
    kValue,       // one aggregate with its own from, where, window
  };
  std::string name;
  As as = As::kExpression;
  Expression expression;             // kExpression, kValue, kMap
  std::string from;                  // collection; the route's if empty
  std::vector<Expression> where;     // besides the route's, if `from` is the route's
  std::optional<WindowRule> window;  // the route's if absent
  std::vector<std::string> by;
  std::optional<Step> every;
  std::vector<OrderKey> order;
  std::optional<std::int64_t> limit;
  std::vector<std::pair<std::string, Expression>> of;  // member -> aggregate or field
  std::string field;                                   // kValues
  struct Without {                                     // only rows whose `field` has no row there
    std::string from, on;
    WindowRule window;
  };
  std::optional<Without> without;
  Origin origin;
};

// A path bound to a declared verb.
struct Route {
  enum class Action {
    kCreate,
    kList,
    kSearch,
    kStream,
    kAppend,
    kAnswer,
    kPromiseUpload,
    kConfirmUpload
  };
  std::string method;  // "GET"
  std::string path;    // "/api/v1/x/{name}"
  Action action = Action::kAnswer;
  std::string collection;  // of kCreate, kList, ... ; of kAnswer the default `from`
  std::vector<Parameter> params;
  WindowRule window;
  std::vector<Expression> where;
  std::vector<OrderKey> order;
  std::optional<LimitRule> limit;
  std::vector<AnswerPart> answer;
  std::vector<std::string> allow;  // roles
  std::string about;
  Origin origin;
};

struct Application;
// The collections that a call of the route asks or writes.
std::vector<const Collection*> asked_collections(const Application& application,
                                                 const Route& route);
// The verbs one of which it needs there, as [allow] has them.
std::vector<std::string> verbs_of(const Route& route);

// One call that writes several rows in one batch.
struct Recipe {
  struct Part {
    std::string collection;
    std::string answer;  // the member that holds the new id
    // Member of the row (dotted) -> JSON literal text, or ":parameter".
    std::vector<std::pair<std::string, std::string>> row;
    std::vector<std::string> stream;  // type, id; literal or ":parameter"; empty when none
  };
  std::string name;
  std::string about;
  std::vector<Parameter> params;
  std::vector<Part> parts;
  Origin origin;
};

struct Panel {
  std::string title, route, show;
};

struct Alert {
  std::string name, from;
  Expression ask;
  Duration over{}, lasting{};
  std::optional<double> above, below, clear;
  Origin origin;
};

struct Application {
  std::string name;
  std::string about;
  std::string database;
  std::string tag;
  std::vector<std::string> roles;
  std::vector<Setting> settings;
  std::optional<Recorder> recorder;
  std::map<std::string, Collection, std::less<>> collections;
  std::vector<Route> routes;
  std::vector<Recipe> recipes;
  std::vector<Panel> panels;
  std::vector<Alert> alerts;

  const Collection* find(std::string_view collection) const;
};

}  // namespace daybook
