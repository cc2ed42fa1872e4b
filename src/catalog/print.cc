#include "catalog/print.h"

#include <cmath>

#include "catalog/catalog.h"
#include "catalog/encode.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

void print_limits(const Field& field, json::Writer& out) {
  if (field.min) print_number("min", *field.min, out);
  if (field.max) print_number("max", *field.max, out);
}

void print_value(std::string_view key, const Value& value, json::Writer& out) {
  if (value.is_null()) return;
  out.key(key);
  encode_value(value, out);
}

std::string derive_text(const Field& field, const Collection& collection) {
  switch (field.derive) {
    case Derive::kNone:
      return "";
    case Derive::kNowOnChange:
      return "now on change";
    case Derive::kDateOfTime:
      return "date of " + collection.fields[field.derive_of].name + " in tenant zone";
    case Derive::kFingerprint:
      return "group";
    case Derive::kFilter:
      return "filter";
  }
  return "";
}

void print_choices(const Field& field, json::Writer& out) {
  print_texts("of", field.choices, out);
  if (field.aliases.empty()) return;
  out.key("aliases").begin_object();
  for (const auto& [said, stored] : field.aliases) out.key(said).value(stored);
  out.end_object();
}

void print_keep(const Collection& collection, json::Writer& out) {
  const Keep& keep = collection.keep;
  if (!keep.period && !keep.at_field && keep.classes.empty() && !keep.per_tenant) return;
  out.key("keep").begin_object();
  if (keep.period) out.key("default").value(format_duration(*keep.period));
  print_text("setting", keep.setting, out);
  if (keep.at_field) out.key("at").value(collection.fields[*keep.at_field].name);
  print_flag("tenant", keep.per_tenant, out);
  if (!keep.classes.empty()) {
    out.key("classes").begin_array();
    for (const Keep::Class& one : keep.classes) {
      out.begin_object();
      out.key("keep").value(format_duration(one.keep));
      out.key("where").value(format_expression(one.where));
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void print_indexes(const Collection& collection, json::Writer& out) {
  if (collection.indexes.empty()) return;
  out.key("indexes").begin_array();
  for (const Index& index : collection.indexes) {
    out.begin_object();
    out.key("name").value(index.name);
    out.key("on").begin_array();
    for (const IndexKey& key : index.on) {
      out.value((key.descending ? "-" : "") + collection.fields[key.field].name);
    }
    out.end_array();
    print_flag("unique", index.unique, out);
    print_flag("sparse", index.sparse, out);
    out.end_object();
  }
  out.end_array();
}

void print_text_index(const Collection& collection, json::Writer& out) {
  if (!collection.text) return;
  out.key("text").begin_object();
  out.key("language").value(collection.text->language);
  out.key("fields").begin_object();
  for (const auto& [field, weight] : collection.text->fields) {
    print_number(collection.fields[field].name, weight, out);
  }
  out.end_object().end_object();
}

void print_changes(const Collection& collection, json::Writer& out) {
  if (collection.changes.empty()) return;
  out.key("changes").begin_object();
  for (const ChangeRule& rule : collection.changes) {
    out.key(collection.fields[rule.field].name);
    if (rule.any) {
      out.value("any");
      continue;
    }
    out.begin_object();
    for (const auto& [from, to] : rule.moves) print_texts(from, to, out);
    out.end_object();
  }
  out.end_object();
}

void print_pairs(const Collection& collection, json::Writer& out) {
  if (collection.pairs.empty()) return;
  out.key("pairs").begin_array();
  for (const PairRule& pair : collection.pairs) {
    out.begin_object();
    out.key("field").value(collection.fields[pair.field].name);
    print_value("is", pair.value, out);
    out.key("sets").value(collection.fields[pair.other].name);
    out.key("to");
    if (pair.set == PairRule::Set::kNow) {
      out.value("now");
    } else {
      encode_value(pair.literal, out);
    }
    out.end_object();
  }
  out.end_array();
}

void print_rollups(const Collection& collection, json::Writer& out) {
  if (collection.rollups.empty()) return;
  out.key("rollups").begin_array();
  for (const Rollup& rollup : collection.rollups) {
    out.begin_object();
    out.key("name").value(rollup.name);
    print_names("by", rollup.by, collection, out);
    print_names("measures", rollup.measures, collection, out);
    print_names("distinct", rollup.distinct, collection, out);
    print_expressions("rates", rollup.rates, out);
    out.key("tiers").begin_array();
    for (const Step& tier : rollup.tiers) out.value(format_step(tier));
    out.end_array();
    if (rollup.keep) out.key("keep").value(format_duration(*rollup.keep));
    out.end_object();
  }
  out.end_array();
}

void print_settings(const Application& application, json::Writer& out) {
  out.key("settings").begin_object();
  for (const Setting& setting : application.settings) {
    out.key(setting.name).begin_object();
    print_text("env", setting.env, out);
    print_text("unit", setting.unit, out);
    out.key("default").value(setting.default_value);
    out.key("value").value(setting.value);
    out.end_object();
  }
  if (const auto& recorder = application.recorder) {
    out.key("recorder").begin_object();
    out.key("enabled").value(recorder->enabled);
    out.key("into").value(recorder->into);
    print_texts("skip", recorder->skip, out);
    out.end_object();
  }
  out.end_object();
}

void print_panels(const Application& application, json::Writer& out) {
  if (application.panels.empty()) return;
  out.key("panels").begin_array();
  for (const Panel& panel : application.panels) {
    out.begin_object();
    out.key("title").value(panel.title);
    out.key("route").value(panel.route);
    out.key("show").value(panel.show);
    out.end_object();
  }
  out.end_array();
}

void print_alerts(const Application& application, json::Writer& out) {
  if (application.alerts.empty()) return;
  out.key("alerts").begin_array();
  for (const Alert& alert : application.alerts) {
    out.begin_object();
    out.key("name").value(alert.name);
    out.key("from").value(alert.from);
    out.key("ask").value(format_expression(alert.ask));
    out.key("over").value(format_duration(alert.over));
    if (alert.above) print_number("above", *alert.above, out);
    if (alert.below) print_number("below", *alert.below, out);
    if (alert.clear) print_number("clear", *alert.clear, out);
    if (alert.lasting.count() > 0) out.key("for").value(format_duration(alert.lasting));
    out.end_object();
  }
  out.end_array();
}

void print_application(const Application& application, json::Writer& out) {
  out.begin_object();
  out.key("name").value(application.name);
  print_text("about", application.about, out);
  out.key("database").value(application.database);
  out.key("tag").value(application.tag);
  print_texts("roles", application.roles, out);
  print_settings(application, out);
  out.key("collections").begin_object();
  for (const auto& [name, collection] : application.collections) {
    out.key(name);
    print_collection(collection, out);
  }
  out.end_object();
  print_routes(application, out);
  print_recipes(application, out);
  print_panels(application, out);
  print_alerts(application, out);
  out.end_object();
}

}  // namespace

void print_text(std::string_view key, std::string_view text, json::Writer& out) {
  if (!text.empty()) out.key(key).value(text);
}

void print_texts(std::string_view key, const std::vector<std::string>& texts, json::Writer& out) {
  if (texts.empty()) return;
  out.key(key).begin_array();
  for (const std::string& text : texts) out.value(text);
  out.end_array();
}

void print_flag(std::string_view key, bool flag, json::Writer& out) {
  if (flag) out.key(key).value(true);
}

void print_names(std::string_view key, const std::vector<std::size_t>& fields,
                 const Collection& collection, json::Writer& out) {
  if (fields.empty()) return;
  out.key(key).begin_array();
  for (const std::size_t field : fields) out.value(collection.fields[field].name);
  out.end_array();
}

void print_expressions(std::string_view key, const std::vector<Expression>& expressions,
                       json::Writer& out) {
  if (expressions.empty()) return;
  out.key(key).begin_array();
  for (const Expression& expression : expressions) out.value(format_expression(expression));
  out.end_array();
}

void print_number(std::string_view key, double number, json::Writer& out) {
  constexpr double kExactDouble = 9007199254740992.0;  // 2^53
  out.key(key);
  if (number == std::trunc(number) && std::abs(number) <= kExactDouble) {
    out.value(static_cast<std::int64_t>(number));
  } else {
    out.value(number);
  }
}

void print_field(const Field& field, const Collection& collection, json::Writer& out) {
  out.begin_object();
  out.key("type").value(type_name(field.type));
  print_flag("required", field.required, out);
  if (field.default_is_now) out.key("default").value("now");
  print_value("default", field.default_value, out);
  print_limits(field, out);
  print_text("format", word_for(kFormatWords, field.format), out);
  if (field.fold_case) out.key("fold").value("case");
  print_choices(field, out);
  if (!field.element.empty()) {
    out.key("of");
    print_field(field.element_field(), collection, out);
  }
  print_flag("open", field.is_open, out);
  print_texts("keys", field.keys, out);
  print_text("unit", field.unit, out);
  print_text("about", field.about, out);
  print_value("example", field.example, out);
  print_flag("facet", field.is_facet, out);
  print_flag("measure", field.is_measure, out);
  print_text("personal", word_for(kPersonalWords, field.personal), out);
  print_flag("content", field.is_content, out);
  print_text("references", field.references, out);
  print_text("from", word_for(kFromWords, field.from), out);
  print_text("derive", derive_text(field, collection), out);
  print_text("hash", word_for(kHashWords, field.secret), out);
  print_flag("encrypted", field.secret == SecretForm::kEncrypted, out);
  out.end_object();
}

void print_collection(const Collection& collection, json::Writer& out) {
  out.begin_object();
  out.key("application").value(collection.application);
  out.key("name").value(collection.name);
  out.key("kind").value(word_for(kKindWords, collection.kind));
  print_text("about", collection.about, out);
  if (collection.is_journal()) {
    out.key("time").value(collection.time().name);
    out.key("period").value(format_step(collection.period));
  }
  print_keep(collection, out);
  out.key("extra").value(word_for(kExtraWords, collection.extra));
  if (collection.tenant_field)
    out.key("tenant").value(collection.fields[*collection.tenant_field].name);
  out.key("fields").begin_object();
  for (const Field& field : collection.fields) {
    out.key(field.name);
    print_field(field, collection, out);
  }
  out.end_object();
  print_indexes(collection, out);
  print_text_index(collection, out);
  print_changes(collection, out);
  print_pairs(collection, out);
  print_rollups(collection, out);
  print_declared(collection, out);
  out.end_object();
}

std::string collection_json(const Collection& collection) {
  std::string text;
  json::Writer out(text);
  print_collection(collection, out);
  return text;
}

std::string catalog_json(const Catalog& catalog) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("applications").begin_object();
  for (const auto& [name, application] : catalog.applications()) {
    out.key(name);
    print_application(application, out);
  }
  out.end_object().end_object();
  return text;
}

}  // namespace daybook
