#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/instance.h"
#include "cli/load_catalog.h"
#include "cli/open_store.h"
#include "cli/progress.h"

namespace daybook::cli {

namespace {

struct Words {
  std::string verb;
  std::string what;
  bool allow = false;
  bool json = false;
};

Result<void> check(Session& session) {
  DAYBOOK_ASSIGN(const Catalog catalog, load_checked_catalog(session.settings));
  std::size_t collections = 0, routes = 0;
  for (const auto& [name, application] : catalog.applications()) {
    collections += application.collections.size();
    routes += application.routes.size();
  }
  session.terminal.say(grouped(catalog.applications().size()) + " applications, " +
                       grouped(collections) + " collections, " + grouped(routes) +
                       " routes: nothing is wrong");
  return {};
}

Result<void> print(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const Catalog catalog, load_catalog(session.settings));
  if (words.what.empty()) {
    session.terminal.print(catalog_json(catalog) + "\n");
    return {};
  }
  DAYBOOK_ASSIGN(const Collection* collection, catalog.collection(words.what));
  session.terminal.print(collection_json(*collection) + "\n");
  return {};
}

Result<void> print_schema(Session& session, const Words& words) {
  if (words.what.empty()) {
    return Error(Code::kInvalid,
                 "say of which collection: daybook catalog json-schema APP/COLLECTION");
  }
  DAYBOOK_ASSIGN(const Catalog catalog, load_catalog(session.settings));
  DAYBOOK_ASSIGN(const Collection* collection, catalog.collection(words.what));
  session.terminal.print(json_schema(*collection) + "\n");
  return {};
}

std::string effect_name(CatalogChange::Effect effect) {
  switch (effect) {
    case CatalogChange::Effect::kAdds:
      return "adds";
    case CatalogChange::Effect::kChanges:
      return "changes";
    case CatalogChange::Effect::kNarrows:
      return "narrows";
  }
  return "";
}

void print_changes(Session& session, const std::vector<CatalogChange>& changes, bool as_json) {
  std::string out;
  if (as_json) {
    json::Writer writer(out);
    writer.begin_array();
    for (const CatalogChange& change : changes) {
      writer.begin_object().key("effect").value(effect_name(change.effect));
      writer.key("where").value(change.where).key("what").value(change.what).end_object();
    }
    writer.end_array();
    out += "\n";
  } else {
    for (const CatalogChange& change : changes) out += describe(change) + "\n";
  }
  session.terminal.print(out);
}

// What the store was last prepared with: from the server that holds it, or from the directory.
Result<std::vector<CatalogChange>> changes_of(const Settings& settings, const Catalog& catalog) {
  const std::string socket = "unix:" + socket_path(settings.text(SettingId::kData));
  if (auto served = Connection::to_server(socket, "")) {
    DAYBOOK_ASSIGN(const std::string stored, served->get("/api/v1/catalog/stored"));
    return plan_changes(stored, catalog);
  }
  if (uses_directory(settings) && !has_begun(settings.text(SettingId::kData))) {
    return std::vector<CatalogChange>{};
  }
  DAYBOOK_ASSIGN(const auto store, open_store(settings));
  return plan_store(*store, catalog);
}

Result<void> plan(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const Catalog catalog, load_checked_catalog(session.settings));
  DAYBOOK_ASSIGN(const auto changes, changes_of(session.settings, catalog));
  print_changes(session, changes, words.json);
  const auto narrowing = std::count_if(changes.begin(), changes.end(), [](const CatalogChange& c) {
    return c.effect == CatalogChange::Effect::kNarrows;
  });
  if (changes.empty()) session.terminal.say("the store fits the declarations");
  if (narrowing > 0) {
    session.terminal.say(grouped(static_cast<std::uint64_t>(narrowing)) +
                         " of them take something away; apply them with --allow");
  }
  return {};
}

Result<void> apply(Session& session, const Words& words) {
  DAYBOOK_TRY(load_checked_catalog(session.settings));
  const std::string socket = "unix:" + socket_path(session.settings.text(SettingId::kData));
  if (Connection::to_server(socket, "")) {
    return Error(Code::kConflict, "a server holds " + session.settings.text(SettingId::kData) +
                                      "; stop it first: it reads declarations when it starts");
  }
  const Narrowing narrowing = words.allow ? Narrowing::kAllow : Narrowing::kRefuse;
  DAYBOOK_ASSIGN(const auto instance,
                 Instance::open(session.settings, narrowing, api_options(session.settings)));
  print_changes(session, instance->applied(), words.json);
  session.terminal.say("the store fits the declarations");
  return {};
}

Result<void> catalog(Session& session, const Words& words) {
  if (words.verb == "check") return check(session);
  if (words.verb == "print") return print(session, words);
  if (words.verb == "json-schema") return print_schema(session, words);
  if (words.verb == "plan") return plan(session, words);
  if (words.verb == "apply") return apply(session, words);
  const std::vector<std::string> verbs = {"check", "print", "json-schema", "plan", "apply"};
  std::string message = "'" + words.verb + "' is not one of " + join(verbs, ", ");
  if (const auto near = nearest(words.verb, verbs)) message += "; did you mean " + *near + "?";
  return Error(Code::kInvalid, message);
}

}  // namespace

Run declare_catalog(Options& options) {
  auto words = std::make_shared<Words>();
  options.argument(
      "VERB", words->verb,
      "check: find mistakes; print: as JSON; json-schema: of a collection's rows; plan: "
      "what would change in the store; apply: change it");
  options.maybe("APP/COLLECTION", words->what, "only this one, for print and json-schema");
  options.flag("--allow", words->allow, "apply also what takes something away");
  options.flag("--json", words->json, "changes as JSON");
  return [words](Session& session) { return catalog(session, *words); };
}

}  // namespace daybook::cli
