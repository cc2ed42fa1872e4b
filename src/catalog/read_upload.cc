// [upload] and [jobs.NAME]: files of rows, and the work on them.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

// "20MiB", "500kB", "1024".
std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t count = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
  if (parsed.ec != std::errc() || count == 0) return std::nullopt;
  const std::string_view unit(parsed.ptr,
                              static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {{"", 1},
                                                                   {"B", 1},
                                                                   {"kB", 1000},
                                                                   {"MB", 1000 * 1000},
                                                                   {"GB", 1000 * 1000 * 1000},
                                                                   {"KiB", std::uint64_t{1} << 10},
                                                                   {"MiB", std::uint64_t{1} << 20},
                                                                   {"GiB", std::uint64_t{1} << 30}};
  for (const auto& [name, size] : kUnits) {
    if (name == unit && count <= UINT64_MAX / size) return count * size;
  }
  return std::nullopt;
}

// {device_id}, {yyyy}, {mm}, {dd}, {uuid}.
void check_template(TableReader& table, const Collection& collection, std::string_view key) {
  bool has_uuid = false;
  for (std::size_t at = key.find('{'); at != key.npos; at = key.find('{', at + 1)) {
    const std::size_t end = key.find('}', at);
    if (end == key.npos) return table.wrong("key", "has a '{' that is not closed");
    const std::string name(key.substr(at + 1, end - at - 1));
    has_uuid |= name == "uuid";
    if (name == "uuid" || name == "yyyy" || name == "mm" || name == "dd") continue;
    field_named(collection, name, table, "key");
  }
  if (!has_uuid) table.wrong("key", "must hold {uuid}, or two uploads would share a key");
}

bool has_choice(const Field& field, const std::string& state) {
  return std::find(field.choices.begin(), field.choices.end(), state) != field.choices.end();
}

void read_states(TableReader& table, const Collection& collection, Upload& upload) {
  auto states = table.table("states");
  if (!states) return table.missing("states", "{ promised = \"...\", arrived = \"...\" }");
  for (const std::string_view key : {"promised", "arrived"}) {
    if (!states->has(key)) states->missing(key, "a state");
  }
  upload.promised = states->text("promised").value_or("");
  upload.arrived = states->text("arrived").value_or("");
  states->refuse_the_rest();
  std::size_t fitting = 0;
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    const Field& field = collection.fields[i];
    if (!has_choice(field, upload.promised) || !has_choice(field, upload.arrived)) continue;
    upload.state = i;
    ++fitting;
  }
  if (fitting != 1) {
    table.wrong("states", fitting == 0 ? "are not the choices of any field"
                                       : "are choices of several fields; expected one");
  } else if (!collection.may_change(upload.state)) {
    table.wrong("states", "are of '" + collection.fields[upload.state].name +
                              "', which [changes] does not name");
  }
}

// "status becomes 'uploaded'".
void read_when(TableReader& table, const Collection& collection, JobRule& job) {
  const auto when = table.text("when");
  if (!when) return table.missing("when", "\"status becomes 'uploaded'\"");
  constexpr std::string_view kBecomes = " becomes ";
  const std::size_t at = when->find(kBecomes);
  if (at == std::string::npos) {
    return table.wrong("when", "must be \"FIELD becomes 'STATE'\"");
  }
  const std::string name(trim(when->substr(0, at)));
  const Result<Expression> state = parse_expression(when->substr(at + kBecomes.size()));
  const auto* text = state.ok() ? state->literal.get_if<std::string>() : nullptr;
  if (text == nullptr || state->kind != Expression::Kind::kLiteral) {
    return table.wrong("when", "must end with a state in quotes: \"FIELD becomes 'STATE'\"");
  }
  const auto field = field_named(collection, name, table, "when");
  if (!field) return;
  job.field = *field;
  job.becomes = *text;
  const Field& on = collection.fields[*field];
  if (!on.choices.empty() && !on.is_open && !has_choice(on, *text)) {
    table.wrong("when",
                "names the state '" + *text + "'; expected one of " + join(on.choices, ", "));
  }
}

void read_worker(TableReader& table, JobRule& job) {
  const Toml* worker = table.find("worker");
  if (worker == nullptr) {
    return table.missing("worker",
                         "a built-in one such as \"audio\", or { url = \"https://...\" }");
  }
  if (worker->kind == Toml::Kind::kText) {
    job.worker = worker->text;
    return;
  }
  auto elsewhere = table.table("worker");
  if (!elsewhere) return;
  job.url = elsewhere->text("url").value_or("");
  if (!job.url.starts_with("http://") && !job.url.starts_with("https://")) {
    elsewhere->wrong("url", "must be a URL such as https://scorer.example/score");
  }
  elsewhere->refuse_the_rest();
}

std::vector<std::pair<std::size_t, std::string>> read_settings(TableReader& table,
                                                               const Collection& collection,
                                                               std::string_view key) {
  std::vector<std::pair<std::size_t, std::string>> out;
  auto sets = table.table(key);
  if (!sets) return out;
  for (const auto& [name, value] : sets->toml().members) {
    const auto field = field_named(collection, name, *sets, name);
    if (!field) continue;
    if (!collection.may_change(*field)) {
      sets->wrong(name, "cannot change; [changes] does not name it");
    }
    const bool is_computed = value.kind == Toml::Kind::kText && value.text.starts_with(':');
    if (is_computed) {
      if (!value.text.starts_with(":result"))
        sets->wrong(name, "must be of the answer, :result...");
      out.emplace_back(*field, value.text);
    } else if (read_literal(collection.fields[*field], value, *sets, name)) {
      out.emplace_back(*field, value.kind == Toml::Kind::kText ? value.text : json_text(value));
    }
  }
  return out;
}

}  // namespace

void read_upload(TableReader& file, Collection& collection) {
  auto table = file.table("upload", "[upload]");
  if (!table) return;
  Upload upload;
  for (const std::string_view key : {"key", "into", "types", "max"}) {
    if (!table->has(key)) table->missing(key, "what [upload] of the documentation shows");
  }
  upload.key = table->text("key").value_or("");
  if (!upload.key.empty()) check_template(*table, collection, upload.key);
  if (const auto into = read_field_name(collection, *table, "into")) {
    upload.into = *into;
    if (collection.fields[*into].type != Type::kText) table->wrong("into", "must name a text");
  }
  upload.types = table->texts("types").value_or(std::vector<std::string>());
  if (const auto max = table->text("max")) {
    const auto bytes = parse_bytes(*max);
    if (!bytes) table->wrong("max", "is '" + *max + "'; expected a size such as 20MiB");
    upload.max_bytes = bytes.value_or(0);
  }
  read_states(*table, collection, upload);
  upload.promise_expires = table->duration("promise_expires").value_or(upload.promise_expires);
  table->refuse_the_rest();
  collection.declared.upload = std::move(upload);
}

void read_jobs(TableReader& file, Collection& collection) {
  auto jobs = file.table("jobs", "[jobs]");
  if (!jobs) return;
  for (const auto& [name, value] : jobs->toml().members) {
    auto table = jobs->table(name);
    if (!table) continue;
    JobRule job;
    job.name = name;
    read_when(*table, collection, job);
    read_worker(*table, job);
    job.sets = read_settings(*table, collection, "sets");
    job.fails = read_settings(*table, collection, "fails");
    if (const auto attempts = table->whole("attempts")) {
      if (*attempts < 1 || *attempts > 100) table->wrong("attempts", "must be between 1 and 100");
      job.attempts = static_cast<int>(std::clamp<std::int64_t>(*attempts, 1, 100));
    }
    table->refuse_the_rest();
    collection.declared.jobs.push_back(std::move(job));
  }
}

}  // namespace daybook
