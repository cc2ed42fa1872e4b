#include "cli/version.h"

#include "base/json.h"
#include "cli/command.h"
#include "cli/open_store.h"

namespace daybook::cli {

namespace {

struct Fact {
  std::string_view name;
  std::string value;
};

std::vector<Fact> facts() {
  return {{"version", version_number()},
          {"build", DAYBOOK_BUILD},
          {"compiler", std::string("gcc-compatible ") + __VERSION__}};
}

Result<void> print_version(Session& session, bool as_json) {
  std::string out;
  if (as_json) {
    json::Writer writer(out);
    writer.begin_object();
    for (const Fact& fact : facts()) writer.key(fact.name).value(fact.value);
    writer.key("stores").begin_array();
    for (const std::string& store : known_stores()) writer.value(store);
    writer.end_array().end_object();
    out += "\n";
  } else {
    out = "daybook " + version_number() + "\n";
    for (const Fact& fact : facts()) {
      if (fact.name != "version") out += std::string(fact.name) + ": " + fact.value + "\n";
    }
    out += "stores:";
    for (const std::string& store : known_stores()) out += " " + store + ";";
    out.back() = '\n';
  }
  session.terminal.print(out);
  return {};
}

}  // namespace

std::string version_number() { return DAYBOOK_VERSION; }

Run declare_version(Options& options) {
  auto as_json = std::make_shared<bool>(false);
  options.flag("--json", *as_json, "as JSON");
  return [as_json](Session& session) { return print_version(session, *as_json); };
}

}  // namespace daybook::cli
