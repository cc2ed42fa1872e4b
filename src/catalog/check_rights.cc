// Rights against each other: the roles that a route takes must have a right to what it asks.
#include <algorithm>
#include <set>

#include "base/bug.h"
#include "base/text.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

// The verbs any one of which a route needs of its collection.
std::vector<std::string> needed_verbs(Route::Action action) {
  switch (action) {
    case Route::Action::kCreate:
    case Route::Action::kAppend:
    case Route::Action::kPromiseUpload:
      return {"create"};
    case Route::Action::kConfirmUpload:
      return {"update"};
    case Route::Action::kList:
    case Route::Action::kStream:
      return {"read"};
    case Route::Action::kSearch:
      return {"search"};
    case Route::Action::kAnswer:
      return {"read", "stats"};
  }
  bug("a route without an action");
}

void check_role(const Collection& collection, const Route& route, const std::string& role,
                Mistakes& mistakes) {
  if (collection.declared.allow.empty()) return;  // nobody but the operator, and it says so
  const std::vector<std::string> verbs = needed_verbs(route.action);
  const Right* right = collection.right_of(role);
  const auto has = [&](const std::string& verb) {
    return right != nullptr && allows(*right, verb);
  };
  if (std::any_of(verbs.begin(), verbs.end(), has)) return;
  mistakes.add(route.origin, "'allow' names '" + role + "', which may not " + join(verbs, " or ") +
                                 " " + collection.full_name());
}

void check_tokens(const Application& application, const Collection& collection,
                  Mistakes& mistakes) {
  const auto& identity = collection.declared.identity;
  if (!identity || identity->tokens.empty()) return;
  const Origin origin{collection.origin.file, collection.origin.line, "[identity]"};
  const Collection* tokens = application.find(identity->tokens);
  if (tokens == nullptr || tokens->is_journal()) {
    return mistakes.add(origin, "'tokens' names '" + identity->tokens +
                                    "', which is no register of " + application.name);
  }
  const std::vector<std::pair<std::string_view, Type>> needs = {{"user_id", Type::kText},
                                                                {"token", Type::kSecret},
                                                                {"family", Type::kText},
                                                                {"expires_at", Type::kTime},
                                                                {"revoked_at", Type::kTime}};
  for (const auto& [name, type] : needs) {
    const auto field = tokens->find_field(name);
    if (field && tokens->fields[*field].type == type) continue;
    mistakes.add(origin, "'tokens' names '" + identity->tokens + "', which lacks the field '" +
                             std::string(name) + "' of type " + std::string(type_name(type)));
  }
}

}  // namespace

std::vector<const Collection*> asked_collections(const Application& application,
                                                 const Route& route) {
  std::set<std::string> names = {route.collection};
  for (const AnswerPart& part : route.answer) {
    names.insert(part.from);
    if (part.without) names.insert(part.without->from);
  }
  std::vector<const Collection*> asked;
  for (const std::string& name : names) {
    if (const Collection* collection = application.find(name)) asked.push_back(collection);
  }
  return asked;
}

std::vector<std::string> verbs_of(const Route& route) { return needed_verbs(route.action); }

void check_rights(const Application& application, Mistakes& mistakes) {
  for (const auto& [name, collection] : application.collections) {
    check_tokens(application, collection, mistakes);
  }
  for (const Route& route : application.routes) {
    for (const Collection* collection : asked_collections(application, route)) {
      for (const std::string& role : route.allow) check_role(*collection, route, role, mistakes);
    }
  }
}

}  // namespace daybook
