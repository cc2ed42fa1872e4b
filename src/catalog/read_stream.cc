// [stream] and [group]: what rows are part of.
#include "catalog/decode.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

std::size_t read_key(TableReader& table, const Collection& collection, std::string_view key) {
  if (!table.has(key)) table.missing(key, "a field");
  const auto ordinal = read_field_name(collection, table, key);
  if (!ordinal) return 0;
  const Field& field = collection.fields[*ordinal];
  const bool is_text =
      field.type == Type::kText || field.type == Type::kChoice || field.type == Type::kUuid;
  if (!is_text || !field.required) {
    table.wrong(key, "names '" + field.name + "'; expected a required text or choice");
  }
  return *ordinal;
}

}  // namespace

void read_stream(TableReader& file, Collection& collection) {
  auto table = file.table("stream", "[stream]");
  if (!table) return;
  if (!collection.is_journal()) return file.wrong("stream", "belongs to a journal");
  Stream stream;
  stream.type = read_key(*table, collection, "type");
  stream.id = read_key(*table, collection, "id");
  if (!table->has("version")) table->missing("version", "a field of type int");
  if (const auto version = read_field_name(collection, *table, "version")) {
    stream.version = *version;
    if (collection.fields[*version].type != Type::kInt) {
      table->wrong("version", "names '" + collection.fields[*version].name + "'; expected an int");
    }
  }
  table->refuse_the_rest();
  collection.declared.stream = stream;
}

void read_group(TableReader& file, Collection& collection) {
  auto table = file.table("group", "[group]");
  if (!table) return;
  Grouping group;
  if (!table->has("of")) table->missing("of", "the fields that make rows alike");
  group.of = read_field_names(collection, *table, "of");
  for (const std::size_t field : group.of) {
    if (!collection.may_change(field)) continue;
    table->wrong("of", "names '" + collection.fields[field].name +
                           "', which [changes] lets change; a row stays in its group");
  }
  if (const auto reopen = table->expression("reopen")) {
    const bool sets = reopen->kind == Expression::Kind::kCompare &&
                      reopen->comparison == Comparison::kEqual &&
                      reopen->args[0].kind == Expression::Kind::kField &&
                      reopen->args[1].kind == Expression::Kind::kLiteral;
    const auto field =
        sets ? field_named(collection, reopen->args[0].name, *table, "reopen") : std::nullopt;
    if (!sets) table->wrong("reopen", "must set a field: \"resolved = false\"");
    if (field) {
      group.reopen.emplace(*field, reopen->args[1].literal);
      if (!collection.may_change(*field)) {
        table->wrong("reopen", "sets '" + collection.fields[*field].name +
                                   "', which [changes] does not name");
      }
      const bool is_bool = reopen->args[1].literal.get_if<bool>() != nullptr;
      if (is_bool != (collection.fields[*field].type == Type::kBool)) {
        table->wrong("reopen", "sets '" + collection.fields[*field].name +
                                   "' to a value that does not fit its type");
      }
    }
  }
  bool has_fingerprint = false;
  for (const Field& field : collection.fields) {
    has_fingerprint |= field.derive == Derive::kFingerprint;
  }
  if (!has_fingerprint) table->wrong("needs a text field with derive = \"group\"");
  table->refuse_the_rest();
  collection.declared.group = std::move(group);
}

}  // namespace daybook
