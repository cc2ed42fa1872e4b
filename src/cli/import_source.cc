#include "cli/import_source.h"

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/uuid.h"
#include "cli/input.h"

namespace daybook::cli {

namespace {

// The first rows may have been refused, or be past their keep.
constexpr int kAskedFor = 5;

// The stored time of a row; empty when it is not there.
Result<std::optional<Instant>> stored_time(Connection& connection, const std::string& path,
                                           const std::string& id, const std::string& time) {
  DAYBOOK_ASSIGN(const auto answer,
                 connection.send(http::Method::kGet, path + "/" + id + "?fields=" + time, {}, ""));
  json::Parser parser;
  const auto row = parser.parse(answer.body);
  if (answer.status != 200 || !row || row->kind() != json::Kind::kObject) {
    return std::optional<Instant>();
  }
  const auto member = row->find(time);
  if (!member || member->kind() != json::Kind::kString) return std::optional<Instant>();
  const auto instant = parse_instant(member->as_string());
  return instant ? std::optional(*instant) : std::optional<Instant>();
}

}  // namespace

std::string source_name(const std::string& path) {
  return without_packing(path.substr(path.rfind('/') + 1));
}

ImportSource ImportSource::named(const std::string& name) { return ImportSource("named " + name); }

ImportSource ImportSource::unique() {
  return ImportSource("unique " + std::to_string(random64()) + std::to_string(random64()));
}

std::string ImportSource::id_of(const Record& record) const {
  std::string text = name_ + "\n" + std::to_string(record.line) + "\n" + record.json;
  for (const auto& [name, part] : record.parts) {
    text += name;
    text += '\0';
    text += part;
    text += '\0';
  }
  const Sha256 digest = sha256(text);
  Uuid uuid;
  std::copy_n(digest.begin(), uuid.size(), uuid.begin());
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x80);  // version 8: of our own making
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
  return format_uuid(uuid);
}

Result<EarlierImport> find_earlier(Connection& connection, const std::string& path,
                                   const ImportSource& source, const Shape& unmoved,
                                   const Declaration& declaration, RecordReader& reader) {
  EarlierImport earlier;
  for (int asked = 0; asked < kAskedFor; ++asked) {
    Record record;
    DAYBOOK_ASSIGN(const bool more, reader.next(record));
    if (!more) break;
    if (!record.problem.empty()) continue;
    DAYBOOK_ASSIGN(const auto stored,
                   stored_time(connection, path, source.id_of(record), declaration.time));
    if (!stored) continue;
    const auto said = time_of(unmoved, declaration, record);
    if (said && !earlier.shift) {
      earlier.shift = std::chrono::floor<std::chrono::days>(*stored - *said);
    }
    if (!said && !earlier.arrival) earlier.arrival = *stored;
  }
  return earlier;
}

}  // namespace daybook::cli
