#include "api/curl_line.h"

#include <algorithm>

#include "api/pages.h"
#include "base/json.h"
#include "catalog/decode.h"
#include "catalog/encode.h"

namespace daybook::api {
namespace {

void write_example(const Field& field, json::Writer& out) {
  if (!field.example.is_null()) return encode_value(field.example, out);
  switch (field.type) {
    case Type::kText:
    case Type::kSecret:
      out.value("...");
      return;
    case Type::kUuid:
      out.value("019aeecf-ff00-739d-acac-9f1d65ac8704");
      return;
    case Type::kTime:
      out.value("2026-01-27T09:00:00Z");
      return;
    case Type::kDate:
      out.value("2026-01-27");
      return;
    case Type::kInt:
      out.value(static_cast<std::int64_t>(field.min.value_or(1)));
      return;
    case Type::kFloat:
      out.value(field.min.value_or(1.5));
      return;
    case Type::kBool:
      out.value(true);
      return;
    case Type::kChoice:
      out.value(field.choices.empty() ? std::string("...") : field.choices.front());
      return;
    case Type::kList:
      out.begin_array().end_array();
      return;
    case Type::kMap:
    case Type::kJson:
      out.begin_object().end_object();
      return;
  }
}

// What has to be said of a row, and no more.
void write_row(const Collection& collection, json::Writer& out) {
  out.begin_object();
  for (const Field& field : collection.fields) {
    const bool is_made = !field.default_value.is_null() || field.default_is_now ||
                         field.from != From::kBody || field.derive != Derive::kNone;
    if (field.required && !is_made) write_example(field, out.key(sent_name(field)));
  }
  out.end_object();
}

void write_named_example(std::string_view schema, json::Writer& out) {
  json::Parser parser;
  const std::string text(page_file("components.json"));
  const auto all = parser.parse(text);
  const auto named = all->find("schemas")->find(schema);
  const auto examples = named ? named->find("examples") : std::nullopt;
  if (!examples) {
    out.begin_object().end_object();
    return;
  }
  std::string example;
  examples->elements().next()->write(example);
  out.raw(example);
}

std::string body_of(const DescribedRoute& route) {
  std::string body;
  json::Writer out(body);
  if (route.form.body == "@batch") {
    const Collection& first = *route.changeable.front();
    out.begin_object().key("rows").begin_object().key(first.name).begin_array();
    write_row(first, out);
    out.end_array().end_object().end_object();
  } else if (route.form.body.starts_with('@')) {
    write_row(*route.collection, out);
  } else {
    write_named_example(route.form.body, out);
  }
  return body;
}

// The words that have to be said.
std::string query_of(const DescribedRoute& route) {
  std::string query;
  const auto add = [&](const std::string& name, const std::string& value) {
    query += (query.empty() ? "?" : "&") + name + "=" + value;
  };
  for (const Parameter* own : route.own_words()) {
    if (own->required) add(own->name, "...");
  }
  for (const std::string& word : route.words()) {
    if (word == "q" || word == "field" || word == "collection") add(word, "...");
    if (word == "do") add(word, "verify");
  }
  return query;
}

// A text within single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string all = "'";
  for (const char c : text) {
    if (c == '\'') {
      all += "'\\''";
    } else {
      all += c;
    }
  }
  return all + "'";
}

}  // namespace

std::string curl_line(const DescribedRoute& route, std::string_view server) {
  std::string line = "curl ";
  if (route.method != "GET" && (route.method != "POST" || route.form.body.empty())) {
    line += "-X " + route.method + " ";
  }
  line += quoted(std::string(server) + route.path + query_of(route));
  if (!route.is_public) line += " -H \"Authorization: Bearer $KEY\"";
  if (route.form.body == "@form") {
    line += " -d 'code=...' -d 'login=...' --data-urlencode 'password=...'";
  } else if (!route.form.body.empty()) {
    line += " -H 'Content-Type: application/json' -d " + quoted(body_of(route));
  }
  return line;
}

}  // namespace daybook::api
