#include "api/openapi_schemas.h"

#include <algorithm>

#include "base/bug.h"
#include "catalog/json_schema.h"

namespace daybook::api {
namespace {

using As = AnswerPart::As;
using WindowKind = WindowRule::Kind;

std::string key_of(const Collection& collection) {
  return collection.application + "." + collection.name;
}

void write_type(std::string_view type, json::Writer& out) {
  out.begin_object().key("type").value(type).end_object();
}

void write_sent(const Collection& collection, json::Writer& out) {
  refer("schemas", key_of(collection), out);
}

void write_told(const Collection& collection, json::Writer& out) {
  refer("schemas", key_of(collection) + "-told", out);
}

void write_list(const Collection& collection, void (*write)(const Collection&, json::Writer&),
                json::Writer& out) {
  out.begin_object().key("type").value("array").key("items");
  write(collection, out);
  out.end_object();
}

void begin_answer(json::Writer& out) {
  out.begin_object().key("type").value("object").key("properties").begin_object();
}

void end_answer(json::Writer& out) { out.end_object().end_object(); }

void write_page(const Collection& collection, json::Writer& out) {
  begin_answer(out);
  write_list(collection, write_told, out.key("items"));
  write_type("string", out.key("next_cursor"));
  write_type("integer", out.key("count"));
  if (collection.is_journal()) refer("schemas", "Window", out.key("window"));
  end_answer(out);
}

void write_hits(const Collection& collection, json::Writer& out) {
  begin_answer(out);
  write_type("string", out.key("query"));
  out.key("items").begin_object().key("type").value("array").key("items");
  begin_answer(out);
  write_told(collection, out.key("row"));
  write_type("number", out.key("score"));
  write_type("string", out.key("snippet"));
  end_answer(out);
  out.end_object();
  write_type("string", out.key("next_cursor"));
  if (collection.is_journal()) refer("schemas", "Window", out.key("window"));
  end_answer(out);
}

void write_by_collection(const std::vector<const Collection*>& collections,
                         void (*write)(const Collection&, json::Writer&), json::Writer& out) {
  begin_answer(out);
  for (const Collection* collection : collections) {
    write_list(*collection, write, out.key(collection->name));
  }
  end_answer(out);
}

void write_ids(const Collection&, json::Writer& out) { write_type("string", out); }
void write_changes(const Collection&, json::Writer& out) { refer("schemas", "Change", out); }

void write_batch(const std::vector<const Collection*>& collections, json::Writer& out) {
  begin_answer(out);
  write_by_collection(collections, write_sent, out.key("rows"));
  write_by_collection(collections, write_changes, out.key("update"));
  write_by_collection(collections, write_ids, out.key("delete"));
  end_answer(out);
}

// --- What a declared answer says.

const Collection& rows_of(const DescribedRoute& route, const AnswerPart& part) {
  const Collection* collection =
      part.from.empty() ? route.collection : route.application->find(part.from);
  if (collection == nullptr) bug("an answer from no collection: " + route.path);
  return *collection;
}

void write_field_value(const Collection& collection, const std::string& name, json::Writer& out) {
  const auto field = collection.find_field(name);
  if (field) return write_value_schema(collection.fields[*field], out);
  out.begin_object().end_object();
}

void write_groups(const DescribedRoute& route, const AnswerPart& part, json::Writer& out) {
  const Collection& collection = rows_of(route, part);
  out.begin_object().key("type").value("array").key("items");
  begin_answer(out);
  const auto is_renamed = [&](const std::string& name) {
    return std::ranges::any_of(part.of, [&](const auto& member) {
      return member.second.kind == Expression::Kind::kField && member.second.name == name;
    });
  };
  if (part.every && !is_renamed("bucket")) write_type("string", out.key("bucket"));
  for (const std::string& name : part.by) {
    if (!is_renamed(name)) write_field_value(collection, name, out.key(name));
  }
  for (const auto& [name, expression] : part.of) out.key(name).begin_object().end_object();
  end_answer(out);
  out.end_object();
}

void write_row_or_null(const Collection& collection, json::Writer& out) {
  out.begin_object().key("anyOf").begin_array();
  write_told(collection, out);
  write_type("null", out);
  out.end_array().end_object();
}

void write_part(const DescribedRoute& route, const AnswerPart& part, json::Writer& out) {
  switch (part.as) {
    case As::kExpression:
    case As::kValue:
      if (part.expression.kind == Expression::Kind::kParameter &&
          part.expression.name == "window") {
        return refer("schemas", "Window", out);
      }
      out.begin_object().end_object();
      return;
    case As::kGroups:
      return write_groups(route, part, out);
    case As::kMap:
      return write_type("object", out);
    case As::kRows:
      return write_list(rows_of(route, part), write_told, out);
    case As::kRow:
      return write_row_or_null(rows_of(route, part), out);
    case As::kValues:
      return write_type("array", out);
  }
  bug("an answer of no form");
}

// Of a part that has a limit, and so may be cut off.
bool may_be_cut(const AnswerPart& part) {
  return part.as == As::kGroups || part.as == As::kMap || part.as == As::kRows ||
         part.as == As::kValues;
}

void write_declared_answer(const DescribedRoute& route, json::Writer& out) {
  begin_answer(out);
  const std::vector<AnswerPart>& parts = route.declared->answer;
  for (const AnswerPart& part : parts) write_part(route, part, out.key(part.name));
  if (std::ranges::any_of(parts, may_be_cut)) {
    out.key("more").begin_object().key("type").value("array").key("items");
    write_type("string", out);
    out.end_object();
  }
  end_answer(out);
}

}  // namespace

void refer(std::string_view kind, std::string_view name, json::Writer& out) {
  out.begin_object().key("$ref");
  out.value("#/components/" + std::string(kind) + "/" + std::string(name)).end_object();
}

void write_schema(const DescribedRoute& route, std::string_view name, json::Writer& out) {
  if (!name.starts_with('@')) return refer("schemas", name, out);
  if (name == "@batch") return write_batch(route.changeable, out);
  if (name == "@answer") return write_declared_answer(route, out);
  if (name == "@form") return refer("schemas", "SetupForm", out);
  const Collection& collection = *route.collection;
  if (name == "@row") return write_sent(collection, out);
  if (name == "@told") return write_told(collection, out);
  if (name == "@page") return write_page(collection, out);
  if (name == "@hits") return write_hits(collection, out);
  if (name != "@rows") bug("a schema of no meaning: " + std::string(name));
  out.begin_object().key("oneOf").begin_array();
  write_sent(collection, out);
  write_list(collection, write_sent, out);
  out.end_array().end_object();
}

std::vector<const Collection*> collections_in(const DescribedRoute& route, std::string_view name) {
  if (name == "@batch") return route.changeable;
  if (name == "@answer") {
    std::vector<const Collection*> found;
    for (const AnswerPart& part : route.declared->answer) {
      if (part.as == As::kRows || part.as == As::kRow) found.push_back(&rows_of(route, part));
    }
    return found;
  }
  const bool is_of_rows = name.starts_with('@') && route.collection != nullptr;
  return is_of_rows ? std::vector{route.collection} : std::vector<const Collection*>();
}

void write_row_schemas(const Collection& collection, json::Writer& out) {
  write_sent_schema(collection, out.key(key_of(collection)));
  write_told_schema(collection, out.key(key_of(collection) + "-told"));
}

void write_path_name(const std::string& name, json::Writer& out) {
  out.begin_object().key("name").value(name).key("in").value("path").key("required").value(true);
  write_type("string", out.key("schema"));
  out.end_object();
}

void write_own_word(const Parameter& parameter, json::Writer& out) {
  Field field;
  field.type = parameter.type;
  field.default_value = parameter.default_value;
  out.begin_object().key("name").value(parameter.name).key("in").value("query");
  out.key("required").value(parameter.required).key("schema");
  write_value_schema(field, out);
  out.end_object();
}

bool is_bounded(const DescribedRoute& route, std::string_view word) {
  if (route.declared == nullptr) return false;
  const WindowKind kind = route.declared->window.kind;
  return (word == "hours" && kind == WindowKind::kHours) ||
         (word == "days" && kind == WindowKind::kDays);
}

void write_bounded(const DescribedRoute& route, std::string_view word, json::Writer& out) {
  const WindowRule& rule = route.declared->window;
  out.begin_object().key("name").value(word).key("in").value("query");
  out.key("description").value("The last so many " + std::string(word) + ".");
  out.key("schema").begin_object().key("type").value("integer").key("minimum").value(rule.min);
  out.key("maximum").value(rule.max).key("default").value(rule.default_value);
  out.end_object().end_object();
}

std::string filter_key(const Collection& collection, std::string_view field) {
  std::string key = key_of(collection) + "." + std::string(field);
  for (char& c : key) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (!is_plain) c = '_';
  }
  return key;
}

void write_filter(std::string_view field, json::Writer& out) {
  out.begin_object().key("name").value(field).key("in").value("query");
  out.key("description")
      .value(
          "Equal to it, or to one of several (a,b); also with .ne, .lt, .lte, "
          ".gt, .gte, .has and .exists behind the name.");
  write_type("string", out.key("schema"));
  out.end_object();
}

}  // namespace daybook::api
