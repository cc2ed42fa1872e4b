// [identity] and [allow]: who signs in with rows, and who may do what with them.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

const auto& verbs() {
  static const std::vector<std::string> kWords = {"create", "read", "update", "delete", "stats",
                                                  "search", "top",  "tail",   "export", "erase"};
  return kWords;
}

void check_login(TableReader& table, const Collection& collection, std::size_t login) {
  const auto is_its_index = [&](const Index& index) {
    return index.unique && index.on.size() == 1 && index.on.front().field == login;
  };
  const Field& field = collection.fields[login];
  const auto& indexes = collection.indexes;
  if (field.type == Type::kText && field.required &&
      std::any_of(indexes.begin(), indexes.end(), is_its_index)) {
    return;
  }
  table.wrong("login", "names '" + field.name +
                           "'; expected a required text with a unique index of its own");
}

// An empty tenant would bind to none.
void check_tenant(TableReader& table, const Field& field) {
  if (field.type == Type::kText && field.min.value_or(0) >= 1) return;
  table.wrong("tenant", "names '" + field.name + "'; expected a text with min = 1");
}

void check_password(TableReader& table, const Field& field) {
  if (field.secret == SecretForm::kArgon2id) return;
  table.wrong("password", "names '" + field.name + "'; expected a secret with hash = \"argon2id\"");
}

std::vector<std::string> read_verbs(TableReader& table, std::string_view key) {
  std::vector<std::string> said;
  for (const std::string& verb : table.texts(key).value_or(std::vector<std::string>())) {
    if (verb != "*" && std::find(verbs().begin(), verbs().end(), verb) == verbs().end()) {
      table.wrong(key, "has the verb '" + verb + "'; expected * or some of " + join(verbs(), " "));
      continue;
    }
    said.push_back(verb);
  }
  return said;
}

}  // namespace

void read_identity(TableReader& file, Collection& collection) {
  auto table = file.table("identity", "[identity]");
  if (!table) return;
  if (collection.is_journal()) return file.wrong("identity", "belongs to a register");
  Identity identity;
  if (!table->has("login")) table->missing("login", "the field that people sign in with");
  if (!table->has("password")) table->missing("password", "a secret with hash = \"argon2id\"");
  if (const auto login = read_field_name(collection, *table, "login")) {
    identity.login = *login;
    check_login(*table, collection, *login);
  }
  if (const auto password = read_field_name(collection, *table, "password")) {
    identity.password = *password;
    check_password(*table, collection.fields[*password]);
  }
  identity.role = read_field_name(collection, *table, "role");
  identity.tenant = read_field_name(collection, *table, "tenant");
  if (identity.tenant) check_tenant(*table, collection.fields[*identity.tenant]);
  identity.active = read_field_name(collection, *table, "active");
  identity.tokens = table->text("tokens").value_or("");
  identity.registration =
      table->word("register", kRegisterWords).value_or(Identity::Register::kClosed);
  table->refuse_the_rest();
  collection.declared.identity = identity;
}

void read_allow(TableReader& file, const Application& application, Collection& collection) {
  auto allow = file.table("allow", "[allow]");
  if (!allow) return;
  for (const auto& [role, value] : allow->toml().members) {
    const auto& roles = application.roles;
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) {
      allow->wrong(role, "is no role of " + application.name + suggestion(role, roles));
    }
    Right right;
    right.role = role;
    if (value.kind == Toml::Kind::kList) {
      right.verbs = read_verbs(*allow, role);
    } else if (auto table = allow->table(role)) {
      if (!table->has("verbs")) table->missing("verbs", "a list of verbs");
      right.verbs = read_verbs(*table, "verbs");
      right.tenant_verbs = read_verbs(*table, "tenant_verbs");
      right.rows = table->expression("rows");  // checked when all collections are there
      if (table->has("hide")) right.hide = read_field_names(collection, *table, "hide");
      if (table->has("read_only")) {
        right.read_only = read_field_names(collection, *table, "read_only");
      }
      right.pseudonyms = table->flag("pseudonyms").value_or(false);
      table->refuse_the_rest();
    }
    collection.declared.allow.push_back(std::move(right));
  }
}

}  // namespace daybook
