#include "engine/access_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/commit.h"
#include "engine/own.h"
#include "engine/rights.h"

namespace daybook {

namespace {

constexpr std::size_t kShownBytes = 13;  // of a key, to tell one from another

// The members that somebody who makes a key may say.
constexpr std::array<std::string_view, 10> kMembers = {
    "name",        "application", "role",    "tenant",      "subject",
    "collections", "verbs",       "origins", "publishable", "expires_at"};

Result<const Collection*> keys_collection(Engine& engine) {
  if (engine.own().keys != nullptr) return engine.own().keys;
  return Error(Code::kNotFound, "this catalog has no access keys");
}

std::string text_of(const json::Value& body, std::string_view name) {
  const auto member = body.find(name);
  const bool is_text = member && member->kind() == json::Kind::kString;
  return is_text ? std::string(member->as_string()) : std::string();
}

bool flag_of(const json::Value& body, std::string_view name) {
  const auto member = body.find(name);
  return member && member->kind() == json::Kind::kBool && member->as_bool();
}

std::vector<std::string> texts_of(const json::Value& body, std::string_view name) {
  std::vector<std::string> texts;
  const auto member = body.find(name);
  if (!member || member->kind() != json::Kind::kArray) return texts;
  auto elements = member->elements();
  while (const auto element = elements.next()) {
    if (element->kind() == json::Kind::kString) texts.emplace_back(element->as_string());
  }
  return texts;
}

// What a key says that its application cannot mean.
class Checker {
 public:
  Checker(const Engine& engine, const json::Value& body) : engine_(engine), body_(body) {}

  Result<void> run() {
    check_members();
    const std::string name = text_of(body_, "application");
    const Application* application = engine_.catalog().find(name);
    if (application == nullptr) {
      blame("application", "'" + name + "' is no application of the catalog");
    } else {
      check_role(*application);
      for (const std::string& each : texts_of(body_, "collections")) {
        check_collection(*application, each);
      }
    }
    if (flag_of(body_, "publishable")) check_publishable();
    if (problems_.empty()) return {};
    return Error(Code::kInvalid, "the key has members that are wrong")
        .with_problems(std::move(problems_));
  }

 private:
  void blame(std::string_view member, std::string detail) {
    problems_.push_back(
        {std::nullopt, "#/" + std::string(member), std::move(detail), Code::kInvalid});
  }

  void check_members() {
    auto members = body_.members();
    while (const auto member = members.next()) {
      if (std::find(kMembers.begin(), kMembers.end(), member->first) == kMembers.end()) {
        blame(member->first, "is not one of a key's members");
      }
    }
  }

  void check_role(const Application& application) {
    const std::string role = text_of(body_, "role");
    const auto& roles = application.roles;
    if (std::find(roles.begin(), roles.end(), role) != roles.end()) return;
    blame("role",
          "'" + role + "' is no role of " + application.name + "; it has " + join(roles, ", "));
  }

  void check_collection(const Application& application, const std::string& name) {
    if (application.find(name) != nullptr || engine_.catalog().collection(name).ok()) return;
    blame("collections", "'" + name + "' is no collection of " + application.name);
  }

  void check_publishable() {
    if (texts_of(body_, "origins").empty()) {
      blame("origins", "a publishable key is bound to the origins of the pages that use it");
    }
    for (const std::string& verb : texts_of(body_, "verbs")) {
      if (verb != "create") blame("verbs", "a publishable key creates rows and does nothing else");
    }
  }

  const Engine& engine_;
  const json::Value& body_;
  std::vector<Problem> problems_;
};

// Whether a principal runs what the key would be for.
Result<void> check_reach(const Engine& engine, const Principal& principal,
                         const json::Value& body) {
  if (principal.is_operator()) return {};
  const std::string application = text_of(body, "application");
  if (!belongs_to(principal, application)) {
    return Error(Code::kForbidden, "keys of '" + application + "' are not yours to make");
  }
  const bool is_of_daybook =
      engine.own().application != nullptr && application == engine.own().application->name;
  if (is_of_daybook) DAYBOOK_TRY(may(principal, Access::kOperate));
  if (principal.tenant.empty() || text_of(body, "tenant") == principal.tenant) return {};
  return Error(Code::kForbidden, "the key must be of your tenant, '" + principal.tenant + "'");
}

std::string row_json(const Principal& principal, const json::Value& body, const std::string& text) {
  std::string json;
  json::Writer out(json);
  out.begin_object();
  auto members = body.members();
  while (const auto member = members.next()) {
    std::string value;
    member->second.write(value);
    out.key(member->first).raw(value);
  }
  out.key("secret").value(text).key("prefix").value(text.substr(0, kShownBytes));
  out.key("created_by").value(principal.is_operator() ? "operator" : principal.id);
  out.end_object();
  return json;
}

Batch own_batch(Engine& engine, const Collection& keys) {
  Batch batch;
  batch.application = engine.catalog().find(keys.application);
  batch.mode = Batch::Mode::kAtomic;
  batch.at = engine.now();
  return batch;
}

}  // namespace

Result<MadeKey> make_key(Engine& engine, const Principal& principal, const json::Value& body) {
  DAYBOOK_ASSIGN(const Collection* keys, keys_collection(engine));
  DAYBOOK_TRY(may(principal, Access::kAdminister));
  if (body.kind() != json::Kind::kObject) {
    return Error(Code::kInvalid, "the body must be one JSON object");
  }
  DAYBOOK_TRY(Checker(engine, body).run());
  DAYBOOK_TRY(check_reach(engine, principal, body));
  MadeKey made;
  made.text = make_token(flag_of(body, "publishable") ? kPublishablePrefix : kKeyPrefix);
  Stamp stamp;
  stamp.now = engine.now();
  stamp.speaks_for_others = true;
  DAYBOOK_ASSIGN(made.row, make_row(*keys, row_json(principal, body, made.text), stamp));
  Batch batch = own_batch(engine, *keys);
  batch.operations.push_back(insert_of(*keys, made.row));
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, principal, batch));
  return made;
}

Result<Filter> keys_of(Engine& engine, const Principal& principal) {
  DAYBOOK_ASSIGN(const Collection* keys, keys_collection(engine));
  DAYBOOK_TRY(may(principal, Access::kAdminister));
  Filter filter;
  if (!principal.application.empty()) {
    filter = equals(*keys, "application", Value(principal.application));
  }
  if (!principal.tenant.empty()) {
    filter = both(std::move(filter), equals(*keys, "tenant", Value(principal.tenant)));
  }
  return filter;
}

Result<void> revoke_key(Engine& engine, const Principal& principal, const std::string& id) {
  DAYBOOK_ASSIGN(const Collection* keys, keys_collection(engine));
  DAYBOOK_ASSIGN(const Filter mine, keys_of(engine, principal));
  DAYBOOK_ASSIGN(const auto rows, engine.store().find(*keys, {id}, engine.now()));
  if (!rows[0] || !matches(mine, *rows[0])) {
    return Error(Code::kNotFound, "there is no key '" + id + "'");
  }
  Batch batch = own_batch(engine, *keys);
  batch.operations.push_back(update_of(*keys, id, {{"revoked_at", Value(engine.now())}}));
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, commit(engine, principal, batch));
  return {};
}

Result<void> note_key_uses(Engine& engine) {
  const Collection* keys = engine.own().keys;
  if (keys == nullptr) return {};
  Batch batch = own_batch(engine, *keys);
  batch.mode = Batch::Mode::kEach;  // a key may have been deleted
  for (auto& [id, used] : engine.credentials().take_uses()) {
    batch.operations.push_back(update_of(*keys, id, {{"last_used_at", Value(used)}}));
  }
  if (batch.operations.empty()) return {};
  // Past commit(): it changes nobody's rights.
  DAYBOOK_ASSIGN([[maybe_unused]] const Committed committed, engine.store().apply(batch));
  return {};
}

}  // namespace daybook
