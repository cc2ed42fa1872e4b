#include <algorithm>

#include "catalog/check_expression.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

void read_setting(TableReader& table, const Application& application, Keep& keep) {
  const auto name = table.text("setting");
  if (!name) return;
  keep.setting = *name;
  std::vector<std::string> names;
  for (const Setting& setting : application.settings) {
    names.push_back(setting.name);
    if (setting.name != *name) continue;
    const Result<Duration> period = parse_duration(setting.value);
    if (!period.ok()) {
      return table.wrong(
          "setting", "is '" + *name + "', whose value is no duration: " + period.error().message());
    }
    keep.period = *period;
    return;
  }
  table.wrong("setting", "names '" + *name + "', which [settings] of " + application.name +
                             " does not have" + suggestion(*name, names));
}

void read_instant(TableReader& table, Collection& collection) {
  const auto field = read_field_name(collection, table, "at");
  if (!field) return;
  const Field& at = collection.fields[*field];
  collection.keep.at_field = field;
  if (collection.is_journal()) {
    table.wrong("at", "belongs to a register; a journal keeps its rows for a duration");
  }
  if (at.type != Type::kTime) {
    table.wrong("at", "names '" + at.name + "', which is no time");
  } else if (!at.required) {
    table.wrong("at", "names '" + at.name +
                          "', which may be null: such rows would never expire; expected "
                          "required = true");
  }
}

void read_classes(TableReader& table, Collection& collection) {
  for (TableReader& line : table.tables("classes")) {
    const auto keep = line.duration("keep");
    if (!line.has("keep")) line.missing("keep", "a duration");
    auto where = line.expression("where");
    if (!line.has("where")) line.missing("where", "a condition");
    line.refuse_the_rest();
    if (!where) continue;
    for (const std::string& phrase : check_condition(*where, {&collection, nullptr, {}})) {
      line.wrong("where", phrase);
    }
    for (const std::string& name : named_fields(*where)) {
      const auto field = collection.find_field(name.substr(0, name.find('.')));
      if (field && collection.may_change(*field)) {
        line.wrong("where", "names '" + name + "', which may change; a row stays in its class");
      }
    }
    if (keep) collection.keep.classes.push_back({*keep, std::move(*where)});
  }
}

void read_keep_table(TableReader& file, const Application& application, Collection& collection) {
  auto table = file.table("keep", "keep");
  if (!table) return;
  Keep& keep = collection.keep;
  const int said = static_cast<int>(table->has("default")) +
                   static_cast<int>(table->has("setting")) + static_cast<int>(table->has("at"));
  if (said > 1) table->wrong("says more than one of 'default', 'setting' and 'at'");
  keep.period = table->duration("default");
  read_setting(*table, application, keep);
  read_instant(*table, collection);
  keep.per_tenant = table->flag("tenant").value_or(false);
  if (keep.per_tenant && !collection.tenant_field) {
    table->wrong("tenant",
                 "needs a field that holds the tenant: tenant = \"...\" of the collection");
  }
  read_classes(*table, collection);
  if (said == 0 && keep.classes.empty() && !keep.per_tenant) {
    table->wrong("says nothing; expected 'default', 'setting' or 'at'");
  }
  table->refuse_the_rest();
}

}  // namespace

void read_keep(TableReader& file, const Application& application, Collection& collection) {
  const Toml* value = file.find("keep");
  if (value == nullptr) return;
  Keep& keep = collection.keep;
  keep.origin = {file.origin().file, value->line, "keep"};
  if (value->kind == Toml::Kind::kText) {
    keep.period = file.duration("keep");
  } else if (value->kind == Toml::Kind::kTable) {
    read_keep_table(file, application, collection);
  } else {
    file.wrong("keep", "must be a duration such as \"90d\", or a table, not " +
                           std::string(kind_name(value->kind)));
  }
  if (!collection.is_journal() && (keep.period || !keep.classes.empty() || keep.per_tenant)) {
    file.wrong("keep", "of a register is { at = \"...\" }; only a journal's rows have an age");
  }
}

}  // namespace daybook
