#include "base/bug.h"
#include "catalog/encode.h"
#include "catalog/print.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

void print_span(std::string_view key, const WindowRule& window, json::Writer& out) {
  out.begin_object();
  out.key(key).begin_object();
  out.key("default").value(window.default_value);
  out.key("min").value(window.min);
  out.key("max").value(window.max);
  out.end_object().end_object();
}

void print_window(const WindowRule& window, json::Writer& out) {
  if (window.kind == WindowRule::Kind::kNone) return;
  out.key("window");
  switch (window.kind) {
    case WindowRule::Kind::kNone:
      break;
    case WindowRule::Kind::kDates:
      out.value("dates");
      return;
    case WindowRule::Kind::kFixed:
      out.value(format_duration(window.fixed));
      return;
    case WindowRule::Kind::kHours:
      return print_span("hours", window, out);
    case WindowRule::Kind::kDays:
      return print_span("days", window, out);
  }
}

void print_order(const std::vector<OrderKey>& order, json::Writer& out) {
  if (order.empty()) return;
  out.key("order").begin_array();
  for (const OrderKey& key : order) out.value((key.descending ? "-" : "") + key.name);
  out.end_array();
}

std::string_view as_name(AnswerPart::As as) {
  switch (as) {
    case AnswerPart::As::kExpression:
      return "expression";
    case AnswerPart::As::kGroups:
      return "groups";
    case AnswerPart::As::kMap:
      return "map";
    case AnswerPart::As::kRows:
      return "rows";
    case AnswerPart::As::kRow:
      return "row";
    case AnswerPart::As::kValues:
      return "values";
    case AnswerPart::As::kValue:
      return "value";
  }
  bug("a part of an answer of no kind");
}

void print_members(const AnswerPart& part, json::Writer& out) {
  if (part.of.empty()) return;
  out.key("of").begin_object();
  for (const auto& [member, expression] : part.of) {
    out.key(member).value(format_expression(expression));
  }
  out.end_object();
}

void print_without(const AnswerPart& part, json::Writer& out) {
  if (!part.without) return;
  out.key("without").begin_object();
  out.key("from").value(part.without->from);
  out.key("on").value(part.without->on);
  print_window(part.without->window, out);
  out.end_object();
}

void print_part(const AnswerPart& part, json::Writer& out) {
  out.key(part.name);
  if (part.as == AnswerPart::As::kExpression) {
    out.value(format_expression(part.expression));
    return;
  }
  out.begin_object();
  out.key("as").value(as_name(part.as));
  print_text("from", part.from, out);
  print_expressions("where", part.where, out);
  if (part.window) print_window(*part.window, out);
  print_texts("by", part.by, out);
  if (part.every) out.key("every").value(format_step(*part.every));
  print_order(part.order, out);
  if (part.limit) out.key("limit").value(*part.limit);
  print_members(part, out);
  if (part.as == AnswerPart::As::kMap || part.as == AnswerPart::As::kValue) {
    out.key("value").value(format_expression(part.expression));
  }
  print_text("field", part.field, out);
  print_without(part, out);
  out.end_object();
}

std::string_view action_key(Route::Action action) {
  switch (action) {
    case Route::Action::kCreate:
      return "create";
    case Route::Action::kList:
      return "list";
    case Route::Action::kSearch:
      return "search";
    case Route::Action::kStream:
      return "stream";
    case Route::Action::kAppend:
      return "append";
    case Route::Action::kAnswer:
      return "from";
    case Route::Action::kPromiseUpload:
      return "promise";
    case Route::Action::kConfirmUpload:
      return "confirm";
  }
  bug("a route that does nothing");
}

void print_route(const Route& route, json::Writer& out) {
  out.begin_object();
  out.key("path").value(route.method + " " + route.path);
  print_text("about", route.about, out);
  print_text(action_key(route.action), route.collection, out);
  print_parameters(route.params, out);
  print_window(route.window, out);
  print_expressions("where", route.where, out);
  print_order(route.order, out);
  if (route.limit) {
    out.key("limit").begin_object();
    out.key("default").value(route.limit->default_value);
    out.key("max").value(route.limit->max);
    out.end_object();
  }
  if (!route.answer.empty()) {
    out.key("answer").begin_object();
    for (const AnswerPart& part : route.answer) print_part(part, out);
    out.end_object();
  }
  print_texts("allow", route.allow, out);
  out.end_object();
}

void print_recipe_part(const Recipe::Part& part, json::Writer& out) {
  out.begin_object();
  out.key("collection").value(part.collection);
  print_text("answer", part.answer, out);
  print_texts("stream", part.stream, out);
  out.key("row").begin_object();
  for (const auto& [member, value] : part.row) {
    out.key(member);
    if (value.starts_with(':')) {
      out.value(value);
    } else {
      out.raw(value);
    }
  }
  out.end_object().end_object();
}

}  // namespace

void print_parameters(const std::vector<Parameter>& parameters, json::Writer& out) {
  if (parameters.empty()) return;
  out.key("params").begin_object();
  for (const Parameter& parameter : parameters) {
    out.key(parameter.name).begin_object();
    out.key("type").value(type_name(parameter.type));
    print_flag("required", parameter.required, out);
    if (!parameter.default_value.is_null()) {
      out.key("default");
      encode_value(parameter.default_value, out);
    }
    out.end_object();
  }
  out.end_object();
}

void print_routes(const Application& application, json::Writer& out) {
  if (application.routes.empty()) return;
  out.key("routes").begin_array();
  for (const Route& route : application.routes) print_route(route, out);
  out.end_array();
}

void print_recipes(const Application& application, json::Writer& out) {
  if (application.recipes.empty()) return;
  out.key("recipes").begin_object();
  for (const Recipe& recipe : application.recipes) {
    out.key(recipe.name).begin_object();
    print_text("about", recipe.about, out);
    print_parameters(recipe.params, out);
    out.key("writes").begin_array();
    for (const Recipe::Part& part : recipe.parts) print_recipe_part(part, out);
    out.end_array().end_object();
  }
  out.end_object();
}

}  // namespace daybook
