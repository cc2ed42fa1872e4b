#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

std::string index_name(const Collection& collection, const Index& index) {
  std::string name = "ix";
  for (const IndexKey& key : index.on) {
    name += "_" + collection.fields[key.field].name;
    if (key.descending) name += "_desc";
  }
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

bool has_order(const Field& field) {
  return field.type != Type::kJson && field.type != Type::kMap &&
         (field.type != Type::kSecret || field.secret == SecretForm::kSha256);
}

void read_keys(TableReader& table, const Collection& collection, Index& index) {
  std::size_t lists = 0;
  const std::vector<std::string> names = table.texts("on").value_or(std::vector<std::string>());
  for (const std::string& said : names) {
    const bool descending = said.starts_with('-');
    const auto field = field_named(collection, descending ? said.substr(1) : said, table, "on");
    if (!field) continue;
    const Field& on = collection.fields[*field];
    const auto is_same = [&](const IndexKey& key) { return key.field == *field; };
    if (std::any_of(index.on.begin(), index.on.end(), is_same)) {
      table.wrong("on", "names '" + on.name + "' twice");
    }
    if (!has_order(on)) {
      table.wrong("on", "names '" + on.name + "', a " + std::string(type_name(on.type)) +
                            "; expected a plain value, a list or a secret with hash = \"sha256\"");
    }
    lists += on.type == Type::kList ? 1 : 0;
    index.on.push_back({*field, descending});
  }
  if (lists > 1) table.wrong("on", "names two lists; an index has a line for each element of one");
  if (!table.has("on")) table.missing("on", "a list of fields");
}

void check_unique(TableReader& table, const Collection& collection, const Index& index) {
  if (!index.unique) return;
  if (collection.is_journal()) {
    return table.wrong("unique", "belongs to a register; a journal's row is its time and id");
  }
  if (index.sparse) return;
  for (const IndexKey& key : index.on) {
    const Field& field = collection.fields[key.field];
    if (is_never_null(field)) continue;
    table.wrong("unique", "needs values, but '" + field.name +
                              "' may be null; expected required = true, or sparse = true");
  }
}

// Whether accounts are found by it alone, as [identity] says, which is read later.
bool is_of_login(TableReader& file, const Collection& collection, const Index& index) {
  const Toml* identity = file.find("identity");
  const Toml* login = identity == nullptr ? nullptr : identity->find("login");
  return login != nullptr && index.on.size() == 1 &&
         collection.find_field(login->text) == index.on.front().field;
}

// What is unique in a collection of tenants is so within a tenant: else one would learn from a
// refusal what another has.
void keep_within_tenant(TableReader& file, const Collection& collection, Index& index) {
  const auto tenant = collection.tenant_field;
  if (!index.unique || !tenant || is_of_login(file, collection, index)) return;
  const auto is_tenant = [&](const IndexKey& key) { return key.field == *tenant; };
  if (std::any_of(index.on.begin(), index.on.end(), is_tenant)) return;
  index.on.push_back({*tenant, false});
}

const auto& languages() {
  static const std::vector<std::string> kWords = {
      "none",    "arabic",    "armenian",   "basque",     "catalan",  "danish",
      "dutch",   "english",   "finnish",    "french",     "german",   "greek",
      "hindi",   "hungarian", "indonesian", "irish",      "italian",  "lithuanian",
      "nepali",  "norwegian", "porter",     "portuguese", "romanian", "russian",
      "serbian", "spanish",   "swedish",    "tamil",      "turkish",  "yiddish"};
  return kWords;
}

bool is_text(const Field& field) {
  return field.type == Type::kText || field.type == Type::kChoice ||
         (field.type == Type::kList && field.element_field().type == Type::kText);
}

void read_weights(TableReader& table, const Collection& collection, TextIndex& text) {
  auto weights = table.table("fields", "'fields'");
  if (!weights) return;
  for (const auto& [name, value] : weights->toml().members) {
    const auto weight = weights->number(name);
    const auto field = field_named(collection, name, *weights, name);
    if (!weight || !field) continue;
    if (*weight <= 0) weights->wrong(name, "must weigh more than 0");
    if (!is_text(collection.fields[*field])) {
      weights->wrong(name, "is no text, so it has no words to search for");
    }
    text.fields.emplace_back(*field, *weight);
  }
  if (text.fields.empty()) weights->wrong("is empty; expected fields with weights");
}

}  // namespace

void read_indexes(TableReader& file, Collection& collection) {
  for (TableReader& table : file.tables("indexes")) {
    Index index;
    index.origin = table.origin();
    index.unique = table.flag("unique").value_or(false);
    index.sparse = table.flag("sparse").value_or(false);
    read_keys(table, collection, index);
    check_unique(table, collection, index);
    keep_within_tenant(file, collection, index);
    index.name = index_name(collection, index);
    table.refuse_the_rest();
    const auto is_same = [&](const Index& other) { return other.name == index.name; };
    if (std::any_of(collection.indexes.begin(), collection.indexes.end(), is_same)) {
      table.wrong("on", "is declared by another index already");
      continue;
    }
    collection.indexes.push_back(std::move(index));
  }
}

void read_text_index(TableReader& file, Collection& collection) {
  auto table = file.table("text", "[text]");
  if (!table) return;
  TextIndex text;
  if (const auto language = table->text("language")) {
    text.language = *language;
    const auto& known = languages();
    if (std::find(known.begin(), known.end(), *language) == known.end()) {
      table->wrong("language", "is '" + *language + "'; expected one of " + join(known, ", "));
    }
  }
  if (!table->has("fields")) table->missing("fields", "{ field = weight }");
  read_weights(*table, collection, text);
  table->refuse_the_rest();
  collection.text = std::move(text);
}

}  // namespace daybook
