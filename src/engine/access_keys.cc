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

bool is_host(std::string_view text) {
  const bool is_v6 = text.starts_with('[') && text.ends_with(']');
  const std::string_view more = is_v6 ? ":" : "-_";
  if (is_v6) text = text.substr(1, text.size() - 2);
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    return is_plain || more.find(c) != std::string_view::npos;
  });
}

// As browsers write it: scheme://host, or scheme://host:port; no path, and nothing that stands for
// many.
bool is_origin(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view scheme = text.substr(0, colon);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '+'; };
  if (!std::all_of(scheme.begin(), scheme.end(), is_letter)) return false;
  std::string_view host = text.substr(colon + 3);
  const std::size_t port = host.rfind(':');
  if (port != std::string_view::npos && !host.ends_with(']')) {
    const std::string_view digits = host.substr(port + 1);
    const bool is_port =
        !digits.empty() && digits.size() <= 5 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_port) return false;
    host = host.substr(0, port);
  }
  return is_host(host);
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
    check_origins();
    if (flag_of(body_, "publishable")) check_publishable(application);
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

  void check_origins() {
    for (const std::string& origin : texts_of(body_, "origins")) {
      if (is_origin(origin)) continue;
      blame("origins", "'" + origin + "' is no origin; expected one such as https://shop.example");
    }
  }

  // Everybody can read it: it may do little, and to few collections.
  void check_publishable(const Application* application) {
    if (texts_of(body_, "origins").empty()) {
      blame("origins", "a publishable key is bound to the origins of the pages that use it");
    }
    for (const std::string& verb : texts_of(body_, "verbs")) {
      if (verb != "create") blame("verbs", "a publishable key creates rows and does nothing else");
    }
    if (application == nullptr) return;
    if (application == engine_.own().application) {
      return blame("application", "a publishable key is not for Daybook's own rows");
    }
    const std::vector<std::string> named = texts_of(body_, "collections");
    if (named.empty() && !only_creates(*application, text_of(body_, "role"))) {
      blame("collections", "a publishable key names its collections, unless its role only creates");
    }
    for (const auto& [name, collection] : application->collections) {
      if (!is_about_access(collection)) continue;
      for (const std::string& each : named) {
        if (each != name && each != collection.full_name()) continue;
        blame("collections", "'" + each + "' holds accounts, which no page makes by itself");
      }
    }
  }

  static bool only_creates(const Application& application, const std::string& role) {
    for (const auto& [name, collection] : application.collections) {
      const Right* right = collection.right_of(role);
      if (right != nullptr && right->verbs != std::vector<std::string>{"create"}) return false;
    }
    return true;
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
