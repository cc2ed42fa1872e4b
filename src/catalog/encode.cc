#include "catalog/encode.h"

#include <algorithm>
#include <variant>

#include "base/bug.h"

namespace daybook {

namespace {

struct JsonOf {
  json::Writer& out;

  void operator()(std::monostate) const { out.null(); }
  void operator()(bool v) const { out.value(v); }
  void operator()(std::int64_t v) const { out.value(v); }
  void operator()(double v) const { out.value(v); }
  void operator()(Instant v) const { out.value(format_instant(v)); }
  void operator()(Date v) const { out.value(format_date(v)); }
  void operator()(const std::string& v) const { out.value(v); }
  void operator()(const Json& v) const { out.raw(v.text); }
  void operator()(const List& v) const {
    out.begin_array();
    for (const Value& element : v) encode_value(element, out);
    out.end_array();
  }
  void operator()(const Map& v) const {
    out.begin_object();
    for (const MapEntry& entry : v) {
      out.key(entry.key);
      encode_value(entry.value, out);
    }
    out.end_object();
  }
};

bool contains(const std::vector<std::size_t>& ordinals, std::size_t field) {
  return std::find(ordinals.begin(), ordinals.end(), field) != ordinals.end();
}

bool may_show(const Collection& collection, const Projection& projection, std::size_t field) {
  return collection.fields[field].type != Type::kSecret && !contains(projection.hidden, field);
}

// The ordinals that an answer shows, in its order.
std::vector<std::size_t> shown_fields(const Collection& collection, const Projection& projection) {
  std::vector<std::size_t> shown;
  if (projection.fields.empty()) {
    for (std::size_t i = 0; i < collection.fields.size(); ++i) {
      if (may_show(collection, projection, i)) shown.push_back(i);
    }
    return shown;
  }
  for (const std::size_t field : projection.fields) {
    if (may_show(collection, projection, field)) shown.push_back(field);
  }
  return shown;
}

// One member of the kept undeclared ones: its dotted name and its JSON text.
struct ExtraMember {
  std::string name;
  std::string_view json;
};

// Where a JSON string that begins at `at` ends, past its quote.
std::size_t string_end(std::string_view json, std::size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// Where the value that begins at `at` ends: at a ',' or '}' outside of it.
std::size_t value_end(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (true) {
    const char c = json[at];
    if (c == '"') {
      at = string_end(json, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
}

// A JSON string with its quotes -> its text.
std::string unquoted(std::string_view quoted) {
  if (quoted.find('\\') == quoted.npos) return std::string(quoted.substr(1, quoted.size() - 2));
  json::Parser parser;
  const Result<json::Value> value = parser.parse(quoted);
  if (!value.ok()) bug("a kept member with a broken name");
  return std::string(value->as_string());
}

// The text is our own (decode_row minified it), so it is cut at its commas, not parsed.
std::vector<ExtraMember> extra_members(std::string_view extra) {
  std::vector<ExtraMember> members;
  std::size_t at = 1;  // past '{'
  while (at < extra.size() && extra[at] == '"') {
    const std::size_t name_end = string_end(extra, at);
    const std::size_t end = value_end(extra, name_end + 1);
    members.push_back({unquoted(extra.substr(at, name_end - at)),
                       extra.substr(name_end + 1, end - name_end - 1)});
    at = end + 1;  // past ',' or '}'
  }
  return members;
}

// Writes rows whose names are dotted: fields and kept members of one parent come together where the
// first of them stands.
class NestedWriter {
 public:
  NestedWriter(const Collection& collection, const Row& row, const Projection& projection,
               json::Writer& out)
      : collection_(collection), row_(row), out_(out) {
    const bool writes_nulls = !projection.fields.empty();
    for (const std::size_t field : shown_fields(collection, projection)) {
      if (row.values[field].is_null() && !writes_nulls) continue;
      leaves_.push_back({collection.fields[field].name, &row.values[field], {}});
    }
    if (row.extra.empty() || !projection.with_extra) return;
    extra_ = extra_members(row.extra);
    for (const ExtraMember& member : extra_) leaves_.push_back({member.name, nullptr, member.json});
  }

  void run() {
    out_.begin_object();
    out_.key("id").value(row_.id);
    write_below("");
    out_.end_object();
  }

 private:
  struct Leaf {
    std::string_view name;
    const Value* value;     // of a field
    std::string_view json;  // of a kept member
    bool is_written = false;
  };

  // The object of fields that the name runs through next, such as "oauth" of "oauth.google_id"; or
  // none, when the rest of the name is the member's own.
  std::string_view parent_below(std::string_view name, std::size_t prefix) const {
    for (std::size_t dot = name.find('.', prefix); dot != name.npos;
         dot = name.find('.', dot + 1)) {
      const std::string_view parent = name.substr(0, dot);
      if (collection_.names.find(parent).meaning == FieldNames::Meaning::kParent) return parent;
    }
    return {};
  }

  void write_below(std::string_view prefix) {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      Leaf& leaf = leaves_[i];
      if (leaf.is_written || !leaf.name.starts_with(prefix)) continue;
      const std::string_view parent = parent_below(leaf.name, prefix.size());
      if (parent.empty()) {
        write_leaf(leaf, leaf.name.substr(prefix.size()));
        continue;
      }
      out_.key(parent.substr(prefix.size()));
      out_.begin_object();
      write_below(std::string(parent) + ".");
      out_.end_object();
    }
  }

  void write_leaf(Leaf& leaf, std::string_view key) {
    leaf.is_written = true;
    out_.key(key);
    if (leaf.value == nullptr) {
      out_.raw(leaf.json);
    } else {
      encode_value(*leaf.value, out_);
    }
  }

  const Collection& collection_;
  const Row& row_;
  json::Writer& out_;
  std::vector<ExtraMember> extra_;
  std::vector<Leaf> leaves_;
};

void encode_field(const Collection& collection, const Row& row, std::size_t field,
                  json::Writer& out) {
  out.key(collection.fields[field].name);
  encode_value(row.values[field], out);
}

// Most collections have no dotted names: their rows are written as they lie.
void encode_flat(const Collection& collection, const Row& row, const Projection& projection,
                 json::Writer& out) {
  out.begin_object();
  out.key("id").value(row.id);
  for (const std::size_t field : projection.fields) {
    if (may_show(collection, projection, field)) encode_field(collection, row, field, out);
  }
  if (projection.fields.empty()) {
    for (std::size_t field = 0; field < row.values.size(); ++field) {
      if (row.values[field].is_null() || !may_show(collection, projection, field)) continue;
      encode_field(collection, row, field, out);
    }
  }
  if (!row.extra.empty() && projection.with_extra) {
    for (const ExtraMember& member : extra_members(row.extra)) {
      out.key(member.name).raw(member.json);
    }
  }
  out.end_object();
}

std::string csv_cell(std::string_view text) {
  const bool needs_quotes = text.empty() || text.find_first_of(",\"\r\n") != text.npos ||
                            text.front() == ' ' || text.back() == ' ';
  if (!needs_quotes) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

// Null is an empty cell; an empty text is "".
std::string csv_value(const Value& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.get_if<std::string>()) return csv_cell(*text);
  if (const auto* time = value.get_if<Instant>()) return format_instant(*time);
  if (const auto* date = value.get_if<Date>()) return format_date(*date);
  std::string json;
  json::Writer out(json);
  encode_value(value, out);
  return csv_cell(json);
}

bool has_extra_column(const Collection& collection, const Projection& projection) {
  return collection.extra == Extra::kKeep && projection.with_extra && projection.fields.empty();
}

}  // namespace

void encode_value(const Value& value, json::Writer& out) { std::visit(JsonOf{out}, value.data()); }

void encode_row(const Collection& collection, const Row& row, const Projection& projection,
                json::Writer& out) {
  if (!collection.names.has_nested()) return encode_flat(collection, row, projection, out);
  NestedWriter(collection, row, projection, out).run();
}

std::string csv_header(const Collection& collection, const Projection& projection) {
  std::string line = "id";
  for (const std::size_t field : shown_fields(collection, projection)) {
    line += ',' + csv_cell(collection.fields[field].name);
  }
  if (has_extra_column(collection, projection)) line += ",extra";
  return line + "\r\n";
}

std::string csv_line(const Collection& collection, const Row& row, const Projection& projection) {
  std::string line = csv_cell(row.id);
  for (const std::size_t field : shown_fields(collection, projection)) {
    line += ',' + csv_value(row.values[field]);
  }
  if (has_extra_column(collection, projection)) {
    line += ',' + (row.extra.empty() ? std::string() : csv_cell(row.extra));
  }
  return line + "\r\n";
}

}  // namespace daybook
