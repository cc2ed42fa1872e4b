#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

bool is_bare_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A default may be written as what it is: "90d", 90, true.
std::string plain_text(const Toml& value) {
  return value.kind == Toml::Kind::kText ? value.text : json_text(value);
}

bool fits(const Setting& setting, const std::string& value) {
  if (setting.unit.empty()) return true;
  const auto duration = parse_duration(value);
  return duration.ok() && duration->count() > 0;
}

std::string with_unit(const Setting& setting, const std::string& said) {
  return is_bare_number(said) ? said + setting.unit : said;
}

std::optional<std::string> said_outside(const SettingSource& source, const std::string& env) {
  return source && !env.empty() ? source(env) : std::nullopt;
}

void read_setting(const std::string& name, TableReader& table, const SettingSource& source,
                  Application& application) {
  Setting setting;
  setting.name = name;
  setting.env = table.text("env").value_or("");
  if (!table.has("env")) table.missing("env", "the name of the environment variable");
  setting.unit = table.text("unit").value_or("");
  if (!setting.unit.empty() && !parse_duration("1" + setting.unit).ok()) {
    table.wrong("unit", "is '" + setting.unit + "'; expected a unit of time such as d or h");
    setting.unit.clear();
  }
  const Toml* otherwise = table.find("default");
  if (otherwise == nullptr) {
    table.missing("default", "its value when nobody says it");
  } else {
    setting.default_value = with_unit(setting, plain_text(*otherwise));
    if (!fits(setting, setting.default_value)) {
      table.wrong("default", "is '" + setting.default_value +
                                 "'; expected a duration of more than 0, such as 90d");
    }
  }
  table.refuse_the_rest();
  setting.value = setting.default_value;
  if (const auto said = said_outside(source, setting.env)) {
    if (fits(setting, with_unit(setting, *said))) {
      setting.value = with_unit(setting, *said);
    } else {
      table.wrong(setting.env + " is '" + *said +
                  "'; expected a duration of more than 0, such as " + setting.default_value +
                  ", or a number of " + setting.unit);
    }
  }
  application.settings.push_back(std::move(setting));
}

std::optional<bool> parse_switch(std::string_view said) {
  const std::string word = ascii_lower(said);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

void read_recorder(TableReader& table, const SettingSource& source, Application& application) {
  Recorder recorder;
  const std::string env = table.text("env").value_or("");
  recorder.enabled = table.flag("default").value_or(true);
  recorder.into = table.text("into").value_or("");
  if (!table.has("into")) table.missing("into", "the collection that requests are recorded in");
  if (table.has("skip")) {
    recorder.skip = table.texts("skip").value_or(std::vector<std::string>());
  }
  for (const std::string& path : recorder.skip) {
    if (!path.starts_with('/')) table.wrong("skip", "has '" + path + "'; expected a path");
  }
  table.refuse_the_rest();
  if (const auto said = said_outside(source, env)) {
    const auto enabled = parse_switch(*said);
    if (!enabled) table.wrong(env + " is '" + *said + "'; expected true or false");
    recorder.enabled = enabled.value_or(recorder.enabled);
  }
  application.recorder = std::move(recorder);
}

void read_settings(TableReader& file, const SettingSource& source, Application& application) {
  auto settings = file.table("settings", "[settings]");
  if (!settings) return;
  for (const auto& [name, value] : settings->toml().members) {
    auto table = settings->table(name, "setting '" + name + "'");
    if (!table) continue;
    if (name == "recorder") {
      read_recorder(*table, source, application);
    } else {
      read_setting(name, *table, source, application);
    }
  }
}

void check_recorder(TableReader& file, const Application& application) {
  if (!application.recorder) return;
  auto settings = file.table("settings", "[settings]");
  auto table = settings->table("recorder", "setting 'recorder'");
  const Collection* into = read_collection_name(*table, application, "into");
  if (into != nullptr && !into->is_journal()) {
    table->wrong("into", "names '" + into->name + "', a register; expected a journal");
  }
}

Alert read_alert(TableReader& table, const Application& application) {
  Alert alert;
  alert.origin = table.origin();
  alert.name = table.text("name").value_or("");
  if (alert.name.empty()) table.missing("name", "a name");
  for (const std::string_view key : {"from", "ask", "over"}) {
    if (!table.has(key)) table.missing(key, "what [[alerts]] of the documentation shows");
  }
  const Collection* from = read_collection_name(table, application, "from");
  if (from != nullptr) alert.from = from->name;
  if (from != nullptr && !from->is_journal()) table.wrong("from", "must name a journal");
  if (auto ask = table.expression("ask")) {
    alert.ask = std::move(*ask);
    if (from != nullptr) {
      for (const std::string& phrase : check_aggregate(alert.ask, {from, nullptr, {}})) {
        table.wrong("ask", phrase);
      }
    }
  }
  alert.over = table.duration("over").value_or(Duration());
  alert.lasting = table.duration("for").value_or(Duration());
  alert.above = table.number("above");
  alert.below = table.number("below");
  alert.clear = table.number("clear");
  if (alert.above.has_value() == alert.below.has_value()) {
    table.wrong("must say either 'above' or 'below'");
  } else if (alert.clear && alert.above && *alert.clear > *alert.above) {
    table.wrong("clear", "is above 'above': the alert would end before it begins");
  } else if (alert.clear && alert.below && *alert.clear < *alert.below) {
    table.wrong("clear", "is below 'below': the alert would end before it begins");
  }
  table.refuse_the_rest();
  return alert;
}

}  // namespace

void read_application_head(TableReader& file, const SettingSource& settings,
                           Application& application) {
  application.about = file.text("about").value_or("");
  application.database = file.text("database").value_or(application.name);
  application.tag = file.text("tag").value_or(application.name);
  if (file.has("roles")) {
    application.roles = file.texts("roles").value_or(std::vector<std::string>());
  }
  read_settings(file, settings, application);
}

void read_application_rest(TableReader& file, Application& application) {
  check_recorder(file, application);
  read_routes(file, application);
  read_recipes(file, application);
  read_panels(file, application);
  read_alerts(file, application);
  file.refuse_the_rest();
}

void read_panels(TableReader& file, Application& application) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kShows = {
      {{"table", "table"}, {"lines", "lines"}, {"bars", "bars"}, {"number", "number"}}};
  for (TableReader& table : file.tables("panels")) {
    Panel panel;
    for (const std::string_view key : {"title", "route", "show"}) {
      if (!table.has(key)) table.missing(key, "a text");
    }
    panel.title = table.text("title").value_or("");
    panel.route = table.text("route").value_or("");
    panel.show = table.word("show", kShows).value_or("table");
    std::vector<std::string> known;
    for (const Route& route : application.routes) known.push_back(route.method + " " + route.path);
    if (table.has("route") && std::find(known.begin(), known.end(), panel.route) == known.end()) {
      table.wrong("route", "is '" + panel.route + "', which no [[routes]] declares" +
                               suggestion(panel.route, known));
    }
    table.refuse_the_rest();
    application.panels.push_back(std::move(panel));
  }
}

void read_alerts(TableReader& file, Application& application) {
  for (TableReader& table : file.tables("alerts")) {
    Alert alert = read_alert(table, application);
    const auto is_same = [&](const Alert& other) { return other.name == alert.name; };
    const auto& alerts = application.alerts;
    if (std::any_of(alerts.begin(), alerts.end(), is_same)) {
      table.wrong("name", "is '" + alert.name + "', the name of another alert");
    }
    application.alerts.push_back(std::move(alert));
  }
}

}  // namespace daybook
