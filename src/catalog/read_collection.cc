#include <algorithm>

#include "base/text.h"
#include "catalog/check_expression.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

constexpr std::size_t kMaxNameBytes = 64;

bool is_name_part(std::string_view part) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !part.empty() && is_letter(part.front()) &&
         std::all_of(part.begin(), part.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

void check_field_name(const std::string& name, TableReader& fields) {
  if (name == "id") return fields.wrong(name, "is every row's own and is not declared");
  const auto parts = split(name, '.');
  if (name.size() > kMaxNameBytes || !std::all_of(parts.begin(), parts.end(), is_name_part)) {
    fields.wrong(name,
                 "is no name of a field; expected letters, digits and '_', parts joined by "
                 "'.', at most " +
                     std::to_string(kMaxNameBytes) + " bytes");
  }
}

// A field and an object of fields cannot have the same name, nor what a secret is sent as.
void check_field_overlap(const Collection& collection, TableReader& fields) {
  using Meaning = FieldNames::Meaning;
  for (const Field& field : collection.fields) {
    for (std::size_t dot = field.name.find('.'); dot != std::string::npos;
         dot = field.name.find('.', dot + 1)) {
      const std::string parent = field.name.substr(0, dot);
      if (collection.names.find(parent).meaning == Meaning::kField) {
        fields.wrong(field.name, "lies within '" + parent + "', which is a field itself");
      }
    }
    const std::string said_as = sent_name(field);
    if (said_as != field.name && collection.names.find(said_as).meaning != Meaning::kSentAs) {
      fields.wrong(field.name, "is sent as '" + said_as + "', which is declared already");
    }
  }
}

void resolve_dates(Collection& collection, TableReader& fields) {
  for (Field& field : collection.fields) {
    if (field.derive != Derive::kDateOfTime) continue;
    auto table = fields.table(field.name, "field '" + field.name + "'");
    const std::string said = table->text("derive").value_or("");
    constexpr std::size_t kBefore = std::string_view("date of ").size();
    constexpr std::size_t kAfter = std::string_view(" in tenant zone").size();
    const std::string name =
        said.size() < kBefore + kAfter ? "" : said.substr(kBefore, said.size() - kBefore - kAfter);
    const auto of = field_named(collection, name, *table, "derive");
    if (!of) continue;
    field.derive_of = *of;
    const Field& time = collection.fields[*of];
    if (time.type != Type::kTime) table->wrong("derive", "is of '" + name + "', which is no time");
    if (field.required && !is_never_null(time)) {
      table->wrong("derive", "is of '" + name + "', which may be null, but the date is required");
    }
  }
}

void read_fields(TableReader& file, Collection& collection) {
  auto fields = file.table("fields", "[fields]");
  if (!fields || fields->toml().members.empty()) {
    return file.missing("fields", "a table with a line for each field");
  }
  for (const auto& [name, value] : fields->toml().members) {
    check_field_name(name, *fields);
    Origin origin{fields->origin().file, value.line, "field '" + name + "'"};
    if (value.kind != Toml::Kind::kTable) {
      fields->wrong(name, "must be a table such as { type = \"text\" }");
      continue;
    }
    TableReader table(value, std::move(origin), file.mistakes());
    collection.fields.push_back(read_field(name, table));
  }
  collection.names = FieldNames(collection.fields);
  check_field_overlap(collection, *fields);
  resolve_dates(collection, *fields);
}

void read_time(TableReader& file, Collection& collection) {
  if (!collection.is_journal()) {
    for (const std::string_view key : {"time", "period"}) {
      if (file.has(key)) file.wrong(key, "belongs to a journal; a register has none");
    }
    return;
  }
  if (!file.has("time")) return file.missing("time", "the field of type time that orders the rows");
  if (const auto field = read_field_name(collection, file, "time")) {
    collection.time_field = *field;
    const Field& time = collection.fields[*field];
    if (time.type != Type::kTime) {
      file.wrong("time", "names '" + time.name + "', which is of type " +
                             std::string(type_name(time.type)) + "; expected a time");
    } else if (!time.required && !time.default_is_now) {
      file.wrong("time", "names '" + time.name +
                             "', which may be null; expected required = true or default = \"now\"");
    }
  }
  if (const auto period = file.step("period")) {
    const bool is_known =
        period->count == 1 && (period->unit == StepUnit::kHour || period->unit == StepUnit::kDay ||
                               period->unit == StepUnit::kWeek || period->unit == StepUnit::kMonth);
    if (!is_known) file.wrong("period", "must be one of 1h, 1d, 1w, 1mo");
    collection.period = *period;
  }
}

void read_tenant(TableReader& file, Collection& collection) {
  const auto field = read_field_name(collection, file, "tenant");
  if (!field) return;
  const Field& tenant = collection.fields[*field];
  if (tenant.type != Type::kText || !is_never_null(tenant)) {
    file.wrong("tenant", "names '" + tenant.name + "'; expected a required text");
  } else if (tenant.fold_case) {
    file.wrong("tenant",
               "names '" + tenant.name +
                   "', whose 'fold' makes one of several; expected a text that stays as it is");
  }
  collection.tenant_field = field;
}

void check_uses(const Collection& collection, TableReader& file) {
  for (const Field& field : collection.fields) {
    if (field.derive == Derive::kFingerprint && !collection.declared.group) {
      file.mistakes().add(field.origin, "'derive' is \"group\", but there is no [group]");
    }
    if (field.derive == Derive::kFilter && !collection.declared.filter) {
      file.mistakes().add(field.origin, "'derive' is \"filter\", but there is no [filter]");
    }
  }
}

}  // namespace

Collection read_collection(const std::string& name, TableReader& file,
                           const Application& application) {
  Collection collection;
  collection.application = application.name;
  collection.name = name;
  collection.origin = file.origin();
  if (!file.has("kind")) file.missing("kind", "\"journal\" or \"register\"");
  collection.kind = file.word("kind", kKindWords).value_or(Kind::kJournal);
  collection.about = file.text("about").value_or("");
  collection.extra = file.word("extra", kExtraWords).value_or(Extra::kRefuse);
  collection.declared.audit = file.flag("audit").value_or(false);
  read_fields(file, collection);
  read_time(file, collection);
  read_tenant(file, collection);
  read_changes(file, collection);
  read_pairs(file, collection);
  read_keep(file, application, collection);
  read_indexes(file, collection);
  read_text_index(file, collection);
  read_rollups(file, collection);
  read_filter(file, collection);
  read_stream(file, collection);
  read_group(file, collection);
  read_upload(file, collection);
  read_jobs(file, collection);
  read_identity(file, collection);
  read_holds(file, collection);
  read_allow(file, application, collection);
  read_demo(file, collection);
  check_uses(collection, file);
  file.refuse_the_rest();
  return collection;
}

}  // namespace daybook
