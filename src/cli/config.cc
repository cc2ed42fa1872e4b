#include <algorithm>

#include "base/json.h"
#include "cli/command.h"
#include "cli/load_catalog.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Line {
  std::string name, value, source;
};

std::vector<Line> lines_of(const Settings& settings, const Catalog& catalog) {
  std::vector<Line> lines;
  for (const SettingRow& row : setting_rows()) {
    const Settings::Setting& setting = settings.setting(row.id);
    const bool is_hidden = row.type == "secret" && !setting.value.empty();
    lines.push_back({std::string(row.flag), is_hidden ? "(set)" : setting.value, setting.source});
  }
  for (const auto& [name, application] : catalog.applications()) {
    for (const Setting& setting : application.settings) {
      const auto given = settings.declared(setting.env);
      lines.push_back({name + "." + setting.name, setting.value,
                       given ? given->source : "default of " + name + "; " + setting.env});
    }
  }
  return lines;
}

// Names in daybook.toml that no catalog knows: most likely a slip.
std::vector<std::string> unknown_names(const Settings& settings, const Catalog& catalog) {
  std::vector<std::string> unknown;
  for (const std::string& name : settings.declared_names()) {
    bool is_known = false;
    for (const auto& [ignored, application] : catalog.applications()) {
      for (const Setting& setting : application.settings)
        is_known = is_known || setting.env == name;
    }
    if (!is_known) unknown.push_back(name);
  }
  return unknown;
}

Result<void> config(Session& session, bool as_json) {
  DAYBOOK_ASSIGN(const Catalog catalog, load_catalog(session.settings));
  const std::vector<Line> lines = lines_of(session.settings, catalog);
  if (as_json) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    for (const Line& line : lines) {
      writer.key(line.name).begin_object();
      writer.key("value").value(line.value).key("source").value(line.source).end_object();
    }
    writer.end_object();
    session.terminal.print(out + "\n");
  } else {
    std::vector<std::vector<std::string>> cells;
    for (const Line& line : lines) cells.push_back({line.name, line.value, line.source});
    session.terminal.print(table_text({"setting", "value", "from"}, cells, session.terminal));
  }
  for (const std::string& name : unknown_names(session.settings, catalog)) {
    session.terminal.say("daybook.toml: no application declares " + name);
  }
  return {};
}

}  // namespace

Run declare_config(Options& options) {
  auto as_json = std::make_shared<bool>(false);
  options.flag("--json", *as_json, "as JSON");
  return [as_json](Session& session) { return config(session, *as_json); };
}

}  // namespace daybook::cli
