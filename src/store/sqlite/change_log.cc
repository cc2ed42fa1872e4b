// The content of a record:
//   byte 1, then runs of sequences: (varint first less the end of the run before (zigzag), varint
//           count)*
//   byte 2, then ids: each a text; an empty one was erased
//   byte 3, then ids with tenants: each a text and a value
//   byte 0: nothing
#include "store/sqlite/change_log.h"

#include <utility>

#include "catalog/row_key.h"
#include "store/columns/bytes.h"

namespace daybook::sqlite {

namespace {

constexpr std::uint8_t kNothing = 0;
constexpr std::uint8_t kSequences = 1;
constexpr std::uint8_t kIds = 2;
constexpr std::uint8_t kIdsOfTenants = 3;
// One record stays small enough to be read for one page of a feed.
constexpr std::size_t kMaxInRecord = 4096;

Error broken() { return {Code::kInternal, "change log: a record is not what was written"}; }

void put_runs(std::string& out, const std::vector<columns::Sequence>& sequences) {
  columns::Sequence end = 0;
  for (std::size_t i = 0; i < sequences.size();) {
    std::size_t count = 1;
    while (i + count < sequences.size() && sequences[i + count] == sequences[i] + count) ++count;
    columns::put_signed(out, static_cast<std::int64_t>(sequences[i] - end));
    columns::put_varint(out, count);
    end = sequences[i] + count;
    i += count;
  }
}

Result<void> read_runs(columns::ByteReader& in, std::size_t positions, ChangeRecord& record) {
  columns::Sequence end = 0;
  while (in.ok() && !in.at_end()) {
    const columns::Sequence first = end + static_cast<columns::Sequence>(in.signed_varint());
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > positions - record.sequences.size()) return broken();
    for (std::uint64_t i = 0; i < count; ++i) record.sequences.push_back(first + i);
    end = first + count;
  }
  if (!in.ok() || record.sequences.size() != positions) return broken();
  return {};
}

Result<void> read_keys(columns::ByteReader& in, bool have_tenants, ChangeRecord& record) {
  while (in.ok() && !in.at_end()) {
    LoggedKey& key = record.keys.emplace_back();
    key.id = in.text();
    if (have_tenants) key.tenant = columns::read_value(in);
  }
  if (!in.ok() || record.keys.size() != record.last - record.first + 1) return broken();
  return {};
}

}  // namespace

ChangeRecord& ChangeLog::record(std::int64_t application, Position position,
                                std::int64_t collection, Verb verb, std::int64_t partition) {
  const bool goes_on = !records_.empty() && records_.back().application == application &&
                       records_.back().last + 1 == position &&
                       records_.back().collection == collection && records_.back().verb == verb &&
                       records_.back().partition == partition &&
                       position - records_.back().first < kMaxInRecord;
  if (!goes_on) {
    records_.push_back({application, position, position, collection, verb, partition, {}, {}});
  }
  records_.back().last = position;
  return records_.back();
}

void ChangeLog::add_row(std::int64_t application, Position position, std::int64_t collection,
                        Verb verb, std::int64_t partition, columns::Sequence sequence) {
  record(application, position, collection, verb, partition).sequences.push_back(sequence);
}

void ChangeLog::add_key(std::int64_t application, Position position, const Collection& collection,
                        std::int64_t number, Verb verb, const Row& row) {
  LoggedKey& key = record(application, position, number, verb, 0).keys.emplace_back();
  key.id = row.id;
  if (key_tenant(collection)) key.tenant = tenant_of(collection, row);
}

void ChangeLog::add_erased(std::int64_t application, Position position, std::int64_t collection) {
  records_.push_back({application, position, position, collection, Verb::kDelete, 0, {}, {}});
}

ChangeLog::Mark ChangeLog::mark() const {
  if (records_.empty()) return {};
  return {records_.size(), records_.back().sequences.size() + records_.back().keys.size()};
}

void ChangeLog::roll_back(const Mark& mark) {
  records_.resize(mark.records);
  if (records_.empty()) return;
  ChangeRecord& last = records_.back();
  if (!last.sequences.empty()) last.sequences.resize(mark.in_last);
  if (!last.keys.empty()) last.keys.resize(mark.in_last);
  if (mark.in_last > 0) last.last = last.first + mark.in_last - 1;
}

Result<void> ChangeLog::write(Connection& db, std::int64_t at) const {
  DAYBOOK_ASSIGN(Query query,
                 db.query("INSERT INTO change (application, first, last, at, collection, verb, "
                          "partition, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  for (const ChangeRecord& record : records_) {
    const std::string content = write_content(record);
    query.bind(1, record.application).bind(2, record.first).bind(3, record.last).bind(4, at);
    query.bind(5, record.collection).bind(6, static_cast<std::int64_t>(record.verb));
    query.bind(7, record.partition).bind_blob(8, content);
    DAYBOOK_TRY(query.run());
  }
  return {};
}

std::string write_content(const ChangeRecord& record) {
  std::string out;
  if (!record.sequences.empty()) {
    columns::put_byte(out, kSequences);
    put_runs(out, record.sequences);
  } else if (!record.keys.empty()) {
    const bool have_tenants = record.keys.front().tenant.has_value();
    columns::put_byte(out, have_tenants ? kIdsOfTenants : kIds);
    for (const LoggedKey& key : record.keys) {
      columns::put_text(out, key.id);
      if (have_tenants) columns::put_value(out, *key.tenant);
    }
  } else {
    columns::put_byte(out, kNothing);
  }
  return out;
}

Result<void> read_content(std::string_view bytes, ChangeRecord& record) {
  columns::ByteReader in(bytes);
  const std::size_t positions = record.last - record.first + 1;
  switch (in.byte()) {
    case kSequences:
      return read_runs(in, positions, record);
    case kIds:
      return read_keys(in, false, record);
    case kIdsOfTenants:
      return read_keys(in, true, record);
    default:
      if (!in.ok()) return broken();
      return {};
  }
}

Result<std::vector<ChangeRecord>> read_changes(Connection& db, std::int64_t application,
                                               Position after, std::size_t limit) {
  DAYBOOK_ASSIGN(Query query,
                 db.query("SELECT first, last, collection, verb, partition, content FROM change "
                          "WHERE application = ?1 AND first > ?2 ORDER BY first"));
  // The record that holds the position after `after` may begin before it.
  query.bind(1, application);
  query.bind(2, static_cast<std::int64_t>(after) - static_cast<std::int64_t>(kMaxInRecord));
  std::vector<ChangeRecord> records;
  std::size_t positions = 0;
  while (positions < limit) {
    DAYBOOK_ASSIGN(const bool more, query.step());
    if (!more) break;
    ChangeRecord record;
    record.application = application;
    record.first = query.number(0);
    record.last = query.number(1);
    if (record.last <= after) continue;
    record.collection = query.integer(2);
    record.verb = static_cast<Verb>(query.integer(3));
    record.partition = query.integer(4);
    DAYBOOK_TRY(read_content(query.blob(5), record));
    positions += record.last - std::max(record.first - 1, after);
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace daybook::sqlite
