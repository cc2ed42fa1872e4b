// Windows, orders, limits, parameters: what routes, answers and recipes have in common.
#include <algorithm>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/decode.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

constexpr std::string_view kWindowShapes =
    "must be \"dates\", a duration such as \"24h\", { hours = { default = 24, min = 1, max = 168 } "
    "} "
    "or { days = { ... } }";

void read_span(TableReader& window, std::string_view key, WindowRule::Kind kind, WindowRule& out) {
  auto table = window.table(key);
  if (!table) return;
  out.kind = kind;
  out.default_value = table->whole("default").value_or(out.default_value);
  out.min = table->whole("min").value_or(1);
  out.max = table->whole("max").value_or(std::max(out.default_value, out.max));
  if (!table->has("default")) table->missing("default", "a number of " + std::string(key));
  table->refuse_the_rest();
  if (out.min < 1 || out.min > out.max) {
    table->wrong("min", "must be between 1 and 'max'");
  } else if (out.default_value < out.min || out.default_value > out.max) {
    table->wrong("default", "must be between 'min' and 'max'");
  }
}

// "text", "int?": the short form of recipes.
Parameter read_short_parameter(TableReader& table, const std::string& name, std::string said) {
  Parameter parameter;
  parameter.name = name;
  parameter.required = !said.ends_with('?');
  if (!parameter.required) said.pop_back();
  for (const auto& [word, type] : kTypeWords) {
    if (word != said) continue;
    parameter.type = type;
    return parameter;
  }
  table.wrong(name, "is '" + said + "'; expected a type such as text, int or \"text?\"");
  return parameter;
}

Parameter read_long_parameter(TableReader& table, const std::string& name) {
  Parameter parameter;
  parameter.name = name;
  parameter.type = table.word("type", kTypeWords).value_or(Type::kText);
  parameter.required = table.flag("required").value_or(false);
  if (!table.has("type")) table.missing("type", "a type such as text or int");
  if (const Toml* value = table.find("default")) {
    Field field;
    field.name = name;
    field.type = parameter.type;
    parameter.default_value = read_literal(field, *value, table, "default").value_or(Value());
    if (parameter.required) table.wrong("default", "is never used: the parameter is required");
  }
  table.refuse_the_rest();
  return parameter;
}

bool is_plain(Type type) {
  return type != Type::kList && type != Type::kMap && type != Type::kSecret &&
         type != Type::kChoice;
}

}  // namespace

WindowRule read_window(TableReader& table, std::string_view key) {
  WindowRule rule;
  const Toml* value = table.find(key);
  if (value == nullptr) return rule;
  if (value->kind == Toml::Kind::kText && value->text == "dates") {
    rule.kind = WindowRule::Kind::kDates;
  } else if (value->kind == Toml::Kind::kText) {
    const auto fixed = table.duration(key);
    rule.kind = WindowRule::Kind::kFixed;
    rule.fixed = fixed.value_or(std::chrono::hours(24));
  } else if (value->kind == Toml::Kind::kTable) {
    auto window = table.table(key);
    read_span(*window, "hours", WindowRule::Kind::kHours, rule);
    read_span(*window, "days", WindowRule::Kind::kDays, rule);
    if (window->has("hours") == window->has("days")) table.wrong(key, std::string(kWindowShapes));
    window->refuse_the_rest();
  } else {
    table.wrong(key, std::string(kWindowShapes));
  }
  return rule;
}

std::vector<OrderKey> read_order(TableReader& table) {
  std::vector<OrderKey> order;
  const Toml* value = table.find("order");
  if (value == nullptr) return order;
  std::vector<std::string> names;
  if (value->kind == Toml::Kind::kList) {
    names = table.texts("order").value_or(std::vector<std::string>());
  } else if (const auto text = table.text("order")) {
    for (const std::string_view part : split(*text, ',')) names.emplace_back(trim(part));
  }
  for (const std::string& name : names) {
    const bool descending = name.starts_with('-');
    order.push_back({descending ? name.substr(1) : name, descending});
  }
  return order;
}

std::optional<LimitRule> read_limit(TableReader& table) {
  const Toml* value = table.find("limit");
  if (value == nullptr) return std::nullopt;
  LimitRule limit;
  if (value->kind == Toml::Kind::kInt) {
    limit.default_value = limit.max = value->whole;
  } else if (auto rule = table.table("limit")) {
    limit.default_value = rule->whole("default").value_or(limit.default_value);
    limit.max = rule->whole("max").value_or(std::max(limit.max, limit.default_value));
    rule->refuse_the_rest();
  }
  if (limit.default_value < 1 || limit.default_value > limit.max) {
    table.wrong("limit", "must have a default between 1 and its max");
  }
  return limit;
}

std::vector<Parameter> read_parameters(TableReader& table) {
  std::vector<Parameter> out;
  auto params = table.table("params");
  if (!params) return out;
  for (const auto& [name, value] : params->toml().members) {
    Parameter parameter;
    if (value.kind == Toml::Kind::kText) {
      parameter = read_short_parameter(*params, name, value.text);
    } else if (auto inner = params->table(name)) {
      parameter = read_long_parameter(*inner, name);
    }
    if (!is_plain(parameter.type)) {
      params->wrong(name, "is of type " + std::string(type_name(parameter.type)) +
                              "; expected a plain type such as text or int");
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

const Collection* read_collection_name(TableReader& table, const Application& application,
                                       std::string_view key) {
  const auto name = table.text(key);
  if (!name) return nullptr;
  const Collection* collection = application.find(*name);
  if (collection == nullptr) {
    std::vector<std::string> names;
    for (const auto& [known, unused] : application.collections) names.push_back(known);
    table.wrong(key, "names '" + *name + "', which is no collection of " + application.name +
                         suggestion(*name, names));
  }
  return collection;
}

std::vector<Expression> read_where(TableReader& table, const Collection* collection,
                                   const std::vector<std::string>& parameters) {
  std::vector<Expression> where = table.expressions("where");
  if (collection == nullptr) return where;
  for (const Expression& condition : where) {
    for (const std::string& phrase :
         check_condition(condition, {collection, nullptr, parameters})) {
      table.wrong("where", phrase);
    }
  }
  return where;
}

std::vector<std::string> parameter_names(const Route& route) {
  std::vector<std::string> names = {"principal.id", "principal.tenant"};
  for (const Parameter& parameter : route.params) names.push_back(parameter.name);
  if (route.window.kind != WindowRule::Kind::kNone) names.push_back("window");
  const bool is_upload = route.action == Route::Action::kPromiseUpload ||
                         route.action == Route::Action::kConfirmUpload;
  if (!is_upload) return names;
  for (const std::string_view name : {"url", "key", "expires_at", "headers"}) {
    names.push_back("upload." + std::string(name));
  }
  names.push_back("row.");
  return names;
}

}  // namespace daybook
