// JSON Schema 2020-12 of a row as it is sent in. What the schema takes is taken, but for the
// lengths of texts that are not ASCII, which count characters there and bytes here; the decoder
// also takes what the schema leaves out for the sake of being read: null for an absent member, an
// integer as a text, and dotted names in the place of nested ones.
#include "catalog/json_schema.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/encode.h"
#include "catalog/print.h"

namespace daybook {

namespace {

// What a format is called there; an IP address has two.
void print_format(Format format, json::Writer& out) {
  switch (format) {
    case Format::kNone:
      return;
    case Format::kEmail:
      out.key("format").value("email");
      return;
    case Format::kUri:
      out.key("format").value("uri");
      return;
    case Format::kHostname:
      out.key("format").value("hostname");
      return;
    case Format::kIp:
      out.key("anyOf").begin_array();
      out.begin_object().key("format").value("ipv4").end_object();
      out.begin_object().key("format").value("ipv6").end_object();
      out.end_array();
      return;
  }
}

// Lengths count bytes here and characters there, which have one to four. The schema takes all that
// the decoder takes, and may take a longer or shorter text that is not ASCII besides.
void print_text_schema(const Field& field, json::Writer& out) {
  out.key("type").value("string");
  print_format(field.format, out);
  if (field.min && *field.min >= 1) print_number("minLength", std::ceil(*field.min / 4), out);
  print_number("maxLength", field.max.value_or(static_cast<double>(kMaxTextBytes)), out);
}

void print_number_schema(const Field& field, std::string_view type, json::Writer& out) {
  out.key("type").value(type);
  if (field.min) print_number("minimum", *field.min, out);
  if (field.max) print_number("maximum", *field.max, out);
}

std::vector<std::string> said_choices(const Field& field) {
  std::vector<std::string> choices = field.choices;
  for (const auto& [said, stored] : field.aliases) choices.push_back(said);
  return choices;
}

void print_choice_schema(const Field& field, json::Writer& out) {
  out.key("type").value("string");
  if (!field.is_open) return print_texts("enum", said_choices(field), out);
  if (field.example.is_null()) print_texts("examples", said_choices(field), out);
}

void print_value_schema(const Field& field, json::Writer& out);

void print_list_schema(const Field& field, json::Writer& out) {
  out.key("type").value("array");
  out.key("items").begin_object();
  print_value_schema(field.element_field(), out);
  out.end_object();
  if (field.min) print_number("minItems", *field.min, out);
  if (field.max) print_number("maxItems", *field.max, out);
}

void print_map_schema(const Field& field, json::Writer& out) {
  out.key("type").value("object");
  out.key("additionalProperties").begin_object();
  print_value_schema(field.element_field(), out);
  out.end_object();
  if (!field.keys.empty() && !field.is_open) {
    out.key("propertyNames").begin_object();
    print_texts("enum", field.keys, out);
    out.end_object();
  }
  if (field.min) print_number("minProperties", *field.min, out);
  if (field.max) print_number("maxProperties", *field.max, out);
}

void print_string_schema(std::string_view format, json::Writer& out) {
  out.key("type").value("string").key("format").value(format);
}

// The members that say what a value may be; the braces are the caller's.
void print_value_schema(const Field& field, json::Writer& out) {
  switch (field.type) {
    case Type::kText:
    case Type::kSecret:
      return print_text_schema(field, out);
    case Type::kUuid:
      return print_string_schema("uuid", out);
    case Type::kTime:
      return print_string_schema("date-time", out);
    case Type::kDate:
      return print_string_schema("date", out);
    case Type::kInt:
      return print_number_schema(field, "integer", out);
    case Type::kFloat:
      return print_number_schema(field, "number", out);
    case Type::kBool:
      out.key("type").value("boolean");
      return;
    case Type::kChoice:
      return print_choice_schema(field, out);
    case Type::kList:
      return print_list_schema(field, out);
    case Type::kMap:
      return print_map_schema(field, out);
    case Type::kJson:
      return;  // anything
  }
}

void print_notes(const Field& field, json::Writer& out) {
  print_text("description",
             field.about.empty() && !field.unit.empty() ? "in " + field.unit : field.about, out);
  if (!field.default_value.is_null()) {
    out.key("default");
    encode_value(field.default_value, out);
  }
  if (!field.example.is_null()) {
    out.key("examples").begin_array();
    encode_value(field.example, out);
    out.end_array();
  }
  print_flag("readOnly", field.derive != Derive::kNone, out);
  print_flag("writeOnly", field.type == Type::kSecret, out);
}

// Whether the client has to say it.
bool must_be_said(const Field& field) {
  return field.required && field.default_value.is_null() && !field.default_is_now &&
         field.from == From::kBody && field.derive == Derive::kNone;
}

enum class RowUse { kSent, kTold };

// Names of people may be told as pseudonyms, which have no form but that of a text.
void print_told_value(const Field& field, json::Writer& out) {
  if (field.personal == Personal::kNone) return print_value_schema(field, out);
  const bool is_text =
      field.type == Type::kText || field.type == Type::kUuid || field.type == Type::kChoice;
  if (is_text) out.key("type").value("string");
}

// The fields as a tree: each level is an object of what stands below one prefix.
class ObjectSchema {
 public:
  ObjectSchema(const Collection& collection, RowUse use, json::Writer& out)
      : collection_(collection), use_(use), out_(out) {}

  void print(const std::string& prefix) {
    out_.key("type").value("object");
    out_.key("properties").begin_object();
    if (prefix.empty()) print_id();
    for (const std::string& part : parts_below(prefix)) print_part(prefix, part);
    out_.end_object();
    if (use_ == RowUse::kTold) return;
    print_required(prefix);
    out_.key("additionalProperties").value(collection_.extra != Extra::kRefuse);
  }

 private:
  static std::string next_part(const std::string& name, const std::string& prefix) {
    return name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size());
  }

  bool is_never_told(const Field& field) const {
    return use_ == RowUse::kTold && field.type == Type::kSecret;
  }

  std::vector<std::string> parts_below(const std::string& prefix) const {
    std::vector<std::string> parts;
    for (const Field& field : collection_.fields) {
      const std::string name = sent_name(field);
      if (!name.starts_with(prefix) || is_never_told(field)) continue;
      const std::string part = next_part(name, prefix);
      if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    return parts;
  }

  void print_part(const std::string& prefix, const std::string& part) {
    const std::string name = prefix + part;
    out_.key(part).begin_object();
    const auto is_named = [&](const Field& field) { return sent_name(field) == name; };
    const auto& fields = collection_.fields;
    const auto field = std::find_if(fields.begin(), fields.end(), is_named);
    if (field == fields.end()) {
      print(name + ".");
    } else {
      print_field_schema(*field);
    }
    out_.end_object();
  }

  void print_field_schema(const Field& field) {
    if (use_ == RowUse::kTold) {
      print_told_value(field, out_);
    } else {
      print_value_schema(field, out_);
    }
    print_notes(field, out_);
  }

  void print_required(const std::string& prefix) {
    std::vector<std::string> required;
    for (const Field& field : collection_.fields) {
      const std::string name = sent_name(field);
      if (!must_be_said(field) || !name.starts_with(prefix)) continue;
      const std::string part = next_part(name, prefix);
      if (std::find(required.begin(), required.end(), part) == required.end()) {
        required.push_back(part);
      }
    }
    print_texts("required", required, out_);
  }

  void print_id() {
    out_.key("id").begin_object();
    out_.key("type").value("string").key("minLength").value(1).key("maxLength").value(128);
    out_.key("pattern").value("^[ -.0-~]+$");
    out_.key("description").value("made by the server when it is left out");
    out_.end_object();
  }

  const Collection& collection_;
  const RowUse use_;
  json::Writer& out_;
};

void print_row_schema(const Collection& collection, RowUse use, json::Writer& out) {
  out.key("title").value(collection.full_name());
  print_text("description", collection.about, out);
  ObjectSchema(collection, use, out).print("");
}

}  // namespace

std::string json_schema(const Collection& collection) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("$schema").value("https://json-schema.org/draft/2020-12/schema");
  print_row_schema(collection, RowUse::kSent, out);
  out.end_object();
  return text;
}

void write_sent_schema(const Collection& collection, json::Writer& out) {
  out.begin_object();
  print_row_schema(collection, RowUse::kSent, out);
  out.end_object();
}

void write_told_schema(const Collection& collection, json::Writer& out) {
  out.begin_object();
  print_row_schema(collection, RowUse::kTold, out);
  print_texts("required", {"id"}, out);
  out.end_object();
}

void write_value_schema(const Field& field, json::Writer& out) {
  out.begin_object();
  print_told_value(field, out);
  out.end_object();
}

}  // namespace daybook
