#include "cli/shape.h"

#include <algorithm>

#include "base/json.h"

namespace daybook::cli {

namespace {

struct Member {
  std::string name;  // dotted
  std::string json;
};

bool is_number(std::string_view text) {
  json::Parser parser;
  const auto value = parser.parse(text);
  return value && (value->kind() == json::Kind::kInt || value->kind() == json::Kind::kUint ||
                   value->kind() == json::Kind::kFloat);
}

bool is_json(std::string_view text) {
  json::Parser parser;
  const auto value = parser.parse(text);
  return value && value->kind() != json::Kind::kUnreadable;
}

// A text in the JSON form of its declared type. What does not fit stays text, so that the server's
// answer names the field and what was expected.
std::string typed(std::string_view type, const std::string& text) {
  if ((type == "int" || type == "float") && is_number(text)) return text;
  if (type == "bool" && (text == "true" || text == "false")) return text;
  if ((type == "json" || type == "list" || type == "map") && is_json(text)) return text;
  return json::quote(text);
}

std::string_view renamed(const Shape& shape, std::string_view name) {
  for (const auto& [from, to] : shape.renamed) {
    if (from == name) return to;
  }
  return name;
}

bool is_dropped(const Shape& shape, std::string_view name) {
  return std::find(shape.dropped.begin(), shape.dropped.end(), name) != shape.dropped.end();
}

bool is_known(const Declaration& declaration, std::string_view name) {
  return name == "id" || !declaration.type_of(name).empty();
}

std::string moved(std::string_view type, const std::string& text, Duration shift) {
  if (type == "time") {
    if (const auto time = parse_instant(text)) return format_instant(*time + shift);
  }
  if (type == "date") {
    if (const auto date = parse_date(text)) {
      return format_date(*date + std::chrono::duration_cast<std::chrono::days>(shift));
    }
  }
  return text;
}

Result<std::vector<Member>> members_of_parts(const Shape& shape, const Declaration& declaration,
                                             const Record& record) {
  std::vector<Member> members;
  for (const auto& [from, text] : record.parts) {
    if (is_dropped(shape, from)) continue;
    const std::string name(renamed(shape, from));
    if (!is_known(declaration, name)) {
      if (shape.drops_undeclared) continue;
      if (!declaration.takes_undeclared) {
        return Error(Code::kInvalid, "'" + name + "' is not a field of " + declaration.full_name +
                                         "; say --map " + name + "=FIELD or --drop " + name);
      }
    }
    const std::string_view type = declaration.type_of(name);
    members.push_back({name, typed(type, moved(type, text, shape.shift))});
  }
  return members;
}

// The members of an object; those that group declared fields are opened.
void collect_members(const Shape& shape, const Declaration& declaration, const json::Value& object,
                     const std::string& prefix, std::vector<Member>& out) {
  auto members = object.members();
  while (const auto member = members.next()) {
    const std::string from = prefix + std::string(member->first);
    if (is_dropped(shape, from)) continue;
    const std::string name(renamed(shape, from));
    if (member->second.kind() == json::Kind::kObject && declaration.is_group(name)) {
      collect_members(shape, declaration, member->second, name + ".", out);
      continue;
    }
    std::string text;
    if (member->second.kind() == json::Kind::kString && shape.shift.count() != 0) {
      text = json::quote(
          moved(declaration.type_of(name), std::string(member->second.as_string()), shape.shift));
    } else {
      member->second.write(text);
    }
    out.push_back({name, std::move(text)});
  }
}

Result<std::vector<Member>> members_of_json(const Shape& shape, const Declaration& declaration,
                                            const Record& record) {
  json::Parser parser;
  auto value = parser.parse(record.json);
  if (!value) return std::move(value).error();
  if (value->kind() != json::Kind::kObject) {
    return Error(Code::kInvalid, "must be a JSON object");
  }
  std::vector<Member> members;
  collect_members(shape, declaration, *value, "", members);
  return members;
}

// Members with a common first name become one object; the order of first names stays.
void write_object(const std::vector<Member>& members, json::Writer& out) {
  out.begin_object();
  std::vector<std::string> done;
  for (const Member& member : members) {
    const std::size_t dot = member.name.find('.');
    const std::string head = member.name.substr(0, dot);
    if (std::find(done.begin(), done.end(), head) != done.end()) continue;
    done.push_back(head);
    out.key(head);
    if (dot == std::string::npos) {
      out.raw(member.json);
      continue;
    }
    std::vector<Member> inner;
    for (const Member& other : members) {
      if (other.name.starts_with(head + ".")) {
        inner.push_back({other.name.substr(head.size() + 1), other.json});
      }
    }
    write_object(inner, out);
  }
  out.end_object();
}

void add_members(const Shape& shape, const Declaration& declaration, std::vector<Member>& members) {
  for (const auto& [name, text] : shape.added) {
    std::erase_if(members, [&field = name](const Member& member) { return member.name == field; });
    members.push_back({name, typed(declaration.type_of(name), text)});
  }
}

Result<std::vector<Member>> members_of(const Shape& shape, const Declaration& declaration,
                                       const Record& record) {
  auto members = record.json.empty() ? members_of_parts(shape, declaration, record)
                                     : members_of_json(shape, declaration, record);
  if (members) add_members(shape, declaration, *members);
  return members;
}

// What of `missing` a row lacks, `says` telling what it has.
template <typename Says>
std::vector<Member> lacking(const Declaration& declaration, const Missing& missing,
                            const Says& says) {
  std::vector<Member> members;
  if (!missing.id.empty() && !says("id")) members.push_back({"id", json::quote(missing.id)});
  if (!missing.time.empty() && declaration.fills_time && !says(declaration.time)) {
    members.push_back({declaration.time, json::quote(missing.time)});
  }
  return members;
}

// An object as it stands, with what it lacks in front. Anything else is for the server to judge.
std::string complete_object(const std::string& text, const Declaration& declaration,
                            const Missing& missing) {
  json::Parser parser;
  const auto value = parser.parse(text);
  if (!value || value->kind() != json::Kind::kObject) return text;
  const auto members = lacking(declaration, missing, [&](const std::string& name) {
    const auto member = value->find(name);
    return member && member->kind() != json::Kind::kNull;
  });
  std::string front;
  for (const Member& member : members) front += json::quote(member.name) + ":" + member.json + ",";
  if (value->size() == 0 && !front.empty()) front.pop_back();
  std::string whole = text;
  return whole.insert(whole.find('{') + 1, front);
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> parse_pairs(
    const std::string& flag, const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
      return Error(Code::kInvalid, flag + ": expected NAME=VALUE, not '" + word + "'");
    }
    pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return pairs;
}

Result<std::string> shape_record(const Shape& shape, const Declaration& declaration,
                                 const Record& record, const Missing& missing) {
  if (!record.json.empty() && !shape.changes_json()) {
    return complete_object(record.json, declaration, missing);
  }
  DAYBOOK_ASSIGN(auto members, members_of(shape, declaration, record));
  auto more = lacking(declaration, missing, [&](const std::string& name) {
    return std::ranges::any_of(members, [&](const Member& member) {
      return member.name == name && member.json != "null";
    });
  });
  members.insert(members.begin(), more.begin(), more.end());
  std::string text;
  json::Writer writer(text);
  write_object(members, writer);
  return text;
}

std::optional<Instant> time_of(const Shape& shape, const Declaration& declaration,
                               const Record& record) {
  const auto members = members_of(shape, declaration, record);
  if (!members) return std::nullopt;
  for (const Member& member : *members) {
    if (member.name != declaration.time || member.json.size() < 2) continue;
    const auto time = parse_instant(member.json.substr(1, member.json.size() - 2));
    if (time) return *time;
  }
  return std::nullopt;
}

Duration days_until_now(Instant newest, Instant now) {
  if (newest >= now) return {};
  return std::chrono::floor<std::chrono::days>(now - newest);
}

}  // namespace daybook::cli
