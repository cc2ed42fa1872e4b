#include "tests/requirements/claims.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "base/time.h"

namespace daybook {
namespace {

using Words = std::vector<std::string>;

// "name=value" -> {name, value}; without '=' the value is empty.
std::pair<std::string, std::string> halves(const std::string& word) {
  const std::size_t at = word.find('=');
  if (at == word.npos) return {word, ""};
  return {word.substr(0, at), word.substr(at + 1)};
}

Words list_of(const std::string& text, char separator = ',') {
  Words words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, separator);) words.push_back(word);
  return words;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string missing_of(const Words& wanted, const Words& there) {
  std::string missing;
  for (const auto& word : wanted) {
    if (!contains(there, word)) missing += " '" + word + "'";
  }
  return missing.empty() ? "" : "lacks" + missing;
}

const Collection* find_collection(const Catalog& catalog, const std::string& full_name) {
  const auto found = catalog.collection(full_name);
  return found.ok() ? *found : nullptr;
}

// Each check takes the words after the id and says what is lacking, or nothing.

std::string collection_lack(const Catalog& catalog, const Words& words) {
  const Collection* collection = find_collection(catalog, words.at(0));
  if (collection == nullptr) return "no such collection";
  if (collection->is_journal() != (words.at(1) == "journal")) return "is of the other kind";
  if (collection->is_journal() && collection->time().name != words.at(2)) return "has another time";
  return "";
}

std::string default_lack(const Field& field, const std::string& wanted) {
  if (wanted == "now") return field.default_is_now ? "" : "default is not now";
  if (field.default_value == Value(wanted)) return "";
  if (field.default_value == Value(wanted == "true") && field.type == Type::kBool) return "";
  return "default is " + debug_text(field.default_value);
}

std::string_view secret_name(SecretForm form) {
  switch (form) {
    case SecretForm::kNone:
      return "none";
    case SecretForm::kArgon2id:
      return "argon2id";
    case SecretForm::kSha256:
      return "sha256";
    case SecretForm::kEncrypted:
      return "encrypted";
  }
  return "";
}

std::string alias_lack(const Field& field, const std::string& alias) {
  const auto pair = list_of(alias, ':');
  const bool known = std::any_of(field.aliases.begin(), field.aliases.end(), [&](const auto& a) {
    return a.first == pair.at(0) && a.second == pair.at(1);
  });
  return known ? "" : "has no such alias";
}

std::string property_lack(const Field& field, const std::string& word) {
  const auto [name, value] = halves(word);
  if (name == "required") return field.required ? "" : "is not required";
  if (name == "open") return field.is_open ? "" : "is not open";
  if (name == "of") return field.choices == list_of(value) ? "" : "has other choices";
  if (name == "has") return missing_of(list_of(value), field.choices);
  if (name == "keys") return missing_of(list_of(value), field.keys);
  if (name == "element") return type_name(field.element_field().type) == value ? "" : "of others";
  if (name == "default") return default_lack(field, value);
  if (name == "derived") return field.derive != Derive::kNone ? "" : "is not derived";
  if (name == "hash") return secret_name(field.secret) == value ? "" : "is kept otherwise";
  if (name == "references") return field.references == value ? "" : "refers elsewhere";
  if (name == "alias") return alias_lack(field, value);
  return "the list says a word that nobody knows";
}

std::string field_lack(const Catalog& catalog, const Words& words) {
  const Collection* collection = find_collection(catalog, words.at(0));
  if (collection == nullptr) return "no such collection";
  const auto ordinal = collection->find_field(words.at(1));
  if (!ordinal) return "no such field";
  const Field& field = collection->fields[*ordinal];
  if (type_name(field.type) != words.at(2)) return "is " + std::string(type_name(field.type));
  std::string lacks;
  for (std::size_t i = 3; i < words.size(); ++i) {
    const std::string lack = property_lack(field, words[i]);
    if (!lack.empty()) lacks += words[i] + ": " + lack + "; ";
  }
  return lacks;
}

bool is_index(const Collection& collection, const Index& index, const Words& words) {
  Words on;
  for (const IndexKey& key : index.on) {
    on.push_back((key.descending ? "-" : "") + collection.fields[key.field].name);
  }
  return on == list_of(words.at(1)) && index.unique == contains(words, "unique") &&
         index.sparse == contains(words, "sparse");
}

std::string text_lack(const Collection& collection, const Words& words) {
  if (!collection.text) return "has no text search";
  if (collection.text->language != words.at(2)) return "is in another language";
  Words weights;
  for (const auto& [field, weight] : collection.text->fields) {
    std::ostringstream out;
    out << collection.fields[field].name << '=' << weight;
    weights.push_back(out.str());
  }
  return missing_of(Words(words.begin() + 3, words.end()), weights);
}

std::string index_lack(const Catalog& catalog, const Words& words) {
  const Collection* collection = find_collection(catalog, words.at(0));
  if (collection == nullptr) return "no such collection";
  if (words.at(1) == "text") return text_lack(*collection, words);
  for (const Index& index : collection->indexes) {
    if (is_index(*collection, index, words)) return "";
  }
  return "no such index";
}

std::string setting_lack(const Catalog& catalog, const Collection& collection, const Words& words) {
  const auto& settings = catalog.find(collection.application)->settings;
  const bool declared = std::any_of(settings.begin(), settings.end(), [&](const Setting& setting) {
    return setting.name == words.at(2) && setting.env == words.at(4);
  });
  if (!declared) return "no such setting";
  if (collection.keep.setting != words.at(2)) return "is kept by another setting";
  return collection.keep.period == *parse_duration(words.at(3)) ? "" : "has another default";
}

std::string retention_lack(const Catalog& catalog, const Words& words) {
  const Collection* collection = find_collection(catalog, words.at(0));
  if (collection == nullptr) return "no such collection";
  const Keep& keep = collection->keep;
  if (words.at(1) == "setting") return setting_lack(catalog, *collection, words);
  if (words.at(1) == "at") {
    const bool same = keep.at_field && collection->fields[*keep.at_field].name == words.at(2);
    return same ? "" : "does not expire at that field";
  }
  return keep.period == *parse_duration(words.at(1)) ? "" : "is kept for another time";
}

std::string change_lack(const Catalog& catalog, const Words& words) {
  const Collection* collection = find_collection(catalog, words.at(0));
  if (collection == nullptr) return "no such collection";
  for (const ChangeRule& rule : collection->changes) {
    if (collection->fields[rule.field].name != words.at(1)) continue;
    Words moves;
    if (rule.any) moves.push_back("any");
    for (const auto& [from, to] : rule.moves) moves.push_back(from + ">" + join(to, ","));
    return missing_of(Words(words.begin() + 2, words.end()), moves);
  }
  return "may not change";
}

const Route* find_route(const Catalog& catalog, const std::string& method,
                        const std::string& path) {
  for (const auto& [name, application] : catalog.applications()) {
    for (const Route& route : application.routes) {
      if (route.method == method && route.path == path) return &route;
    }
  }
  return nullptr;
}

std::string action_name(Route::Action action) {
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
      return "answer";
    case Route::Action::kPromiseUpload:
      return "promise";
    case Route::Action::kConfirmUpload:
      return "confirm";
  }
  return "";
}

std::string detail_lack(const Route& route, const std::string& word) {
  const auto [name, value] = halves(word);
  if (name == "hours") {
    const auto range = std::to_string(route.window.min) + ".." + std::to_string(route.window.max);
    return route.window.kind == WindowRule::Kind::kHours && range == value ? "" : "is " + range;
  }
  if (name == "days") {
    const bool same = std::to_string(route.window.default_value) == value;
    return route.window.kind == WindowRule::Kind::kDays && same ? "" : "has another window";
  }
  if (name == "dates") return route.window.kind == WindowRule::Kind::kDates ? "" : "has no dates";
  if (name == "limit") {
    const bool same = route.limit && std::to_string(route.limit->default_value) == value;
    return same ? "" : "has another limit";
  }
  Words names;
  if (name == "param") {
    for (const Parameter& parameter : route.params) names.push_back(parameter.name);
    return missing_of({value}, names);
  }
  if (name != "answers") return "the list says a word that nobody knows";
  for (const AnswerPart& part : route.answer) names.push_back(part.name);
  return missing_of(list_of(value), names);
}

std::string recipe_lack(const Catalog& catalog, const Words& words) {
  for (const Recipe& recipe : catalog.find(words.at(1))->recipes) {
    if (recipe.name != words.at(2)) continue;
    Words parts;
    for (const auto& part : recipe.parts) parts.push_back(part.collection + ":" + part.answer);
    return missing_of(Words(words.begin() + 3, words.end()), parts);
  }
  return "no such recipe";
}

std::string route_lack(const Catalog& catalog, const Words& words) {
  if (words.at(0) == "recipe") return recipe_lack(catalog, words);
  const Route* route = find_route(catalog, words.at(0), words.at(1));
  if (route == nullptr) return "no such route";
  if (action_name(route->action) != words.at(2)) return "does " + action_name(route->action);
  if (route->collection != (words.at(3) == "-" ? "" : words.at(3)))
    return "is of another collection";
  std::string lacks;
  for (std::size_t i = 4; i < words.size(); ++i) {
    const std::string lack = detail_lack(*route, words[i]);
    if (!lack.empty()) lacks += words[i] + ": " + lack + "; ";
  }
  return lacks;
}

using Check = std::string (*)(const Catalog&, const Words&);

const std::map<std::string, Check>& lists() {
  static const std::map<std::string, Check> all = {
      {"collections", collection_lack}, {"fields", field_lack},   {"indexes", index_lack},
      {"retention", retention_lack},    {"changes", change_lack}, {"routes", route_lack}};
  return all;
}

void read_list(const std::string& directory, const std::string& list,
               std::map<std::string, std::vector<Claim>>& by_id) {
  std::ifstream in(directory + "/" + list + ".txt");
  for (std::string line; std::getline(in, line);) {
    std::istringstream text(line.substr(0, line.find('#')));
    std::string id;
    if (!(text >> id)) continue;
    Words words;
    for (std::string word; text >> word;) words.push_back(word);
    by_id[id].push_back({list, line, std::move(words)});
  }
}

}  // namespace

std::vector<Requirement> read_requirements(const std::string& directory) {
  std::map<std::string, std::vector<Claim>> by_id;
  for (const auto& [list, check] : lists()) read_list(directory, list, by_id);
  std::vector<Requirement> all;
  for (auto& [id, claims] : by_id) all.push_back({id, std::move(claims)});
  return all;
}

std::string lack(const Catalog& catalog, const Claim& claim) {
  return lists().at(claim.list)(catalog, claim.words);
}

}  // namespace daybook
