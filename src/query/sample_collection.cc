#include "query/sample_collection.h"

#include <utility>
#include <vector>

namespace daybook {
namespace {

Field field(std::string name, Type type) {
  Field made;
  made.name = std::move(name);
  made.type = type;
  return made;
}

Field facet(Field made) {
  made.is_facet = true;
  return made;
}

Field measure(Field made, std::string unit) {
  made.is_measure = true;
  made.unit = std::move(unit);
  return made;
}

Field choice(std::string name, std::vector<std::string> choices) {
  Field made = facet(field(std::move(name), Type::kChoice));
  made.choices = std::move(choices);
  return made;
}

Field of(Field made, Type element) {
  made.element.push_back(field("", element));
  return made;
}

std::vector<Field> sample_fields() {
  Field method = choice("method", {"GET", "POST", "PUT"});
  Field kind = choice("kind", {"api", "external_service"});
  kind.is_open = true;
  kind.aliases = {{"external", "external_service"}};
  Field status = measure(facet(field("status_code", Type::kInt)), "");
  status.min = 100;
  status.max = 599;
  Field email = field("email", Type::kText);
  email.fold_case = true;
  email.format = Format::kEmail;
  email.personal = Personal::kDirect;
  Field scores = measure(of(field("scores", Type::kMap), Type::kFloat), "");
  scores.keys = {"loud", "smoke"};
  return {field("timestamp", Type::kTime),
          facet(field("endpoint", Type::kText)),
          std::move(method),
          std::move(status),
          measure(field("took_ms", Type::kFloat), "ms"),
          std::move(kind),
          facet(field("resolved", Type::kBool)),
          facet(field("day", Type::kDate)),
          std::move(email),
          of(field("tags", Type::kList), Type::kText),
          std::move(scores),
          measure(of(field("metrics", Type::kMap), Type::kFloat), ""),
          field("details", Type::kJson),
          field("token", Type::kSecret),
          field("oauth.google_id", Type::kText),
          measure(field("bytes", Type::kInt), ""),
          field("trace", Type::kUuid),
          field("title", Type::kText)};
}

Collection sample(Kind kind) {
  Collection made;
  made.application = "shop";
  made.name = kind == Kind::kJournal ? "visits" : "guests";
  made.kind = kind;
  made.fields = sample_fields();
  made.names = FieldNames(made.fields);
  made.text = TextIndex{"english", {{1, 1.0}, {17, 3.0}}};
  return made;
}

}  // namespace

Collection sample_journal() { return sample(Kind::kJournal); }
Collection sample_register() { return sample(Kind::kRegister); }

Row sample_row(const Collection& collection, std::string id, Instant time) {
  Row row;
  row.id = std::move(id);
  row.values.resize(collection.fields.size());
  if (collection.is_journal()) row.values[collection.time_field] = Value(time);
  return row;
}

void set(const Collection& collection, Row& row, std::string_view name, Value value) {
  row.values[*collection.find_field(name)] = std::move(value);
}

}  // namespace daybook
