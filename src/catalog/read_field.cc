#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "catalog/decode.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

bool is_number(Type type) { return type == Type::kInt || type == Type::kFloat; }
bool is_container(Type type) { return type == Type::kList || type == Type::kMap; }

bool is_textual(Type type) {
  return type == Type::kText || type == Type::kSecret || type == Type::kChoice;
}

// Tells a key that means nothing for the field's type.
void only_for(TableReader& table, std::string_view key, bool fits, std::string_view types) {
  if (table.has(key) && !fits) {
    table.wrong(key, "does not fit the type; it belongs to " + std::string(types));
  }
}

void read_limits(TableReader& table, Field& field) {
  field.min = table.number("min");
  field.max = table.number("max");
  const bool fits = is_number(field.type) || is_container(field.type) || is_textual(field.type);
  only_for(table, "min", fits, "numbers, texts, secrets, lists and maps");
  only_for(table, "max", fits, "numbers, texts, secrets, lists and maps");
  if (field.min && field.max && *field.min > *field.max) table.wrong("min", "is above 'max'");
  if (field.min && *field.min < 0 && !is_number(field.type)) {
    table.wrong("min", "is negative; expected a count");
  }
  if (field.max && *field.max < 1 && !is_number(field.type)) {
    table.wrong("max", "is below 1; expected a count");
  }
}

void read_aliases(TableReader& table, Field& field) {
  auto aliases = table.table("aliases");
  if (!aliases) return;
  for (const auto& [said, stored] : aliases->toml().members) {
    const auto word = aliases->text(said);
    if (!word) continue;
    const auto& choices = field.choices;
    if (std::find(choices.begin(), choices.end(), said) != choices.end()) {
      aliases->wrong(said, "is a choice itself; an alias is another word for one");
    }
    if (std::find(choices.begin(), choices.end(), *word) == choices.end()) {
      aliases->wrong(said,
                     "stands for '" + *word + "', which is no choice" + suggestion(*word, choices));
      continue;
    }
    field.aliases.emplace_back(said, *word);
  }
}

void read_choices(TableReader& table, Field& field) {
  const Toml* of = table.find("of");
  if (of == nullptr) return table.missing("of", "a list of choices");
  if (of->kind == Toml::Kind::kList && of->elements.empty()) {
    return table.wrong("of", "is empty; expected a list of choices");
  }
  field.choices = table.texts("of").value_or(std::vector<std::string>());
  auto sorted = field.choices;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) table.wrong("of", "has '" + *twice + "' twice");
  read_aliases(table, field);
}

// `of = { type = "float", min = 0 }`, or `of = "float"`.
void read_element(TableReader& table, Field& field) {
  const Toml* of = table.find("of");
  if (of == nullptr) {
    table.missing("of", "the type of its elements, such as { type = \"text\" }");
    field.element.emplace_back();
    return;
  }
  if (of->kind == Toml::Kind::kText) {
    Field element;
    element.type = table.word("of", kTypeWords).value_or(Type::kText);
    field.element.push_back(std::move(element));
  } else if (auto inner = table.table("of")) {
    field.element.push_back(read_field("", *inner));
  } else {
    field.element.emplace_back();
  }
  const Type type = field.element_field().type;
  if (is_container(type) || type == Type::kSecret) {
    table.wrong("of", "is " + std::string(type_name(type)) + "; elements are plain values or json");
  }
}

void read_keys(TableReader& table, Field& field) {
  only_for(table, "keys", field.type == Type::kMap, "maps");
  if (table.has("keys")) {
    field.keys = table.texts("keys").value_or(std::vector<std::string>());
  }
}

void read_secret_form(TableReader& table, Field& field) {
  const bool is_secret = field.type == Type::kSecret;
  only_for(table, "hash", is_secret, "secrets");
  only_for(table, "encrypted", is_secret, "secrets");
  const auto hash = table.word("hash", kHashWords);
  const bool is_encrypted = table.flag("encrypted").value_or(false);
  if (!is_secret) return;
  if (table.has("hash") == is_encrypted) {
    return table.wrong(
        "a secret says either hash = \"argon2id\", hash = \"sha256\" or encrypted = true");
  }
  field.secret = is_encrypted ? SecretForm::kEncrypted : hash.value_or(SecretForm::kNone);
}

void read_text_rules(TableReader& table, Field& field) {
  field.format = table.word("format", kFormatWords).value_or(Format::kNone);
  only_for(table, "format", field.type == Type::kText, "texts");
  constexpr WordTable<bool, 1> kFolds = {{{"case", true}}};
  field.fold_case = table.word("fold", kFolds).value_or(false);
  only_for(table, "fold", field.type == Type::kText, "texts");
}

void read_uses(TableReader& table, Field& field) {
  field.is_facet = table.flag("facet").value_or(false);
  field.is_measure = table.flag("measure").value_or(false);
  field.is_content = table.flag("content").value_or(false);
  field.personal = table.word("personal", kPersonalWords).value_or(Personal::kNone);
  const bool has_groups = field.type != Type::kJson && field.type != Type::kMap &&
                          field.type != Type::kList && field.type != Type::kSecret;
  only_for(table, "facet", has_groups, "fields of one plain value");
  const bool has_sums =
      is_number(field.type) || (field.type == Type::kMap && is_number(field.element_field().type));
  only_for(table, "measure", has_sums, "numbers and maps of numbers");
  if (field.is_facet && field.personal != Personal::kNone) {
    table.wrong("facet", "cannot be said of a personal field: groups would outlive its erasure");
  }
}

void read_derive(TableReader& table, Field& field) {
  const auto said = table.text("derive");
  if (!said) return;
  if (*said == "now on change") {
    field.derive = Derive::kNowOnChange;
    only_for(table, "derive", field.type == Type::kTime, "a time when it is \"now on change\"");
  } else if (*said == "group") {
    field.derive = Derive::kFingerprint;
    only_for(table, "derive", field.type == Type::kText, "a text when it is \"group\"");
  } else if (*said == "filter") {
    field.derive = Derive::kFilter;
    only_for(table, "derive", field.type == Type::kChoice, "a choice when it is \"filter\"");
  } else if (said->starts_with("date of ") && said->ends_with(" in tenant zone")) {
    field.derive = Derive::kDateOfTime;  // of which time is resolved when all fields are there
    only_for(table, "derive", field.type == Type::kDate, "a date when it is \"date of ...\"");
  } else {
    table.wrong("derive", "is '" + *said +
                              "'; expected \"now on change\", \"date of FIELD in tenant zone\", "
                              "\"group\" or \"filter\"");
  }
}

void read_origin(TableReader& table, Field& field) {
  field.from = table.word("from", kFromWords).value_or(From::kBody);
  only_for(table, "from", field.type == Type::kText || field.type == Type::kUuid, "texts");
  read_derive(table, field);
  if (field.derive == Derive::kNone) return;
  for (const std::string_view key : {"default", "from"}) {
    if (table.has(key)) table.wrong(key, "cannot be said of a derived field");
  }
  if (field.required && field.derive != Derive::kDateOfTime) {
    table.wrong("required", "cannot be said of a derived field: it may be null");
  }
}

void read_default(TableReader& table, Field& field) {
  const Toml* value = table.find("default");
  if (value == nullptr) return;
  const bool may_be_now = field.type == Type::kTime || field.type == Type::kDate;
  if (may_be_now && value->kind == Toml::Kind::kText && value->text == "now") {
    field.default_is_now = true;
    return;
  }
  if (field.type == Type::kSecret) return table.wrong("default", "cannot be said of a secret");
  if (auto literal = read_literal(field, *value, table, "default")) {
    field.default_value = std::move(*literal);
  }
}

void read_example(TableReader& table, Field& field) {
  const Toml* value = table.find("example");
  if (value == nullptr) return;
  if (field.type == Type::kSecret) return table.wrong("example", "cannot be said of a secret");
  if (auto literal = read_literal(field, *value, table, "example")) {
    field.example = std::move(*literal);
  }
}

void read_type_rules(TableReader& table, Field& field) {
  only_for(table, "of", field.type == Type::kChoice || is_container(field.type),
           "choices, lists and maps");
  only_for(table, "aliases", field.type == Type::kChoice, "choices");
  only_for(table, "open", field.type == Type::kChoice || field.type == Type::kMap,
           "choices and maps");
  field.is_open = table.flag("open").value_or(false);
  if (field.type == Type::kChoice) read_choices(table, field);
  if (is_container(field.type)) read_element(table, field);
  read_keys(table, field);
  read_limits(table, field);
  read_text_rules(table, field);
  read_secret_form(table, field);
}

}  // namespace

std::optional<Value> read_literal(const Field& field, const Toml& value, TableReader& table,
                                  std::string_view key) {
  const std::string text = json_text(value);
  json::Parser parser;
  const Result<json::Value> parsed = parser.parse(text);
  if (!parsed.ok()) {
    table.wrong(key, "is wrong: " + parsed.error().message());
    return std::nullopt;
  }
  Result<Value> literal = decode_value(field, *parsed);
  if (literal.ok()) return std::move(literal).value();
  table.wrong(key, "does not fit " + (field.name.empty() ? "its field" : "'" + field.name + "'") +
                       ": " + literal.error().message());
  return std::nullopt;
}

Field read_field(const std::string& name, TableReader& table) {
  Field field;
  field.name = name;
  field.origin = table.origin();
  if (!table.has("type")) table.missing("type", "one of text, int, float, bool, time, choice, ...");
  field.type = table.word("type", kTypeWords).value_or(Type::kText);
  read_type_rules(table, field);
  if (!name.empty()) {
    field.required = table.flag("required").value_or(false);
    field.about = table.text("about").value_or("");
    field.references = table.text("references").value_or("");
    only_for(table, "references", field.type == Type::kText || field.type == Type::kUuid, "texts");
    read_uses(table, field);
    read_origin(table, field);
    read_default(table, field);
  }
  field.unit = table.text("unit").value_or("");
  read_example(table, field);
  table.refuse_the_rest();
  return field;
}

}  // namespace daybook
