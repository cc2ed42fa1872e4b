#include "store/columns/open_block.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "catalog/row_key.h"

namespace daybook::columns {

namespace {

constexpr std::size_t kFirstSlots = 64;

std::size_t hash_of(const Uuid& uuid) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, uuid.data(), 8);
  std::memcpy(&low, uuid.data() + 8, 8);
  std::uint64_t h = (high ^ (low >> 7)) * 0x9E3779B97F4A7C15u + low;
  h = (h ^ (h >> 32)) * 0xD6E8FEB86659FD93u;
  return h ^ (h >> 29);
}

std::size_t hash_of(std::string_view id) { return std::hash<std::string_view>{}(id); }

}  // namespace

std::vector<Column> make_columns(const Collection& collection) {
  std::vector<Column> columns;
  columns.reserve(collection.fields.size() + 3);
  for (const Field& field : collection.fields) columns.emplace_back(field.type);
  columns.emplace_back(Type::kUuid);  // id
  columns.emplace_back(Type::kText);  // extra
  columns.emplace_back(Type::kInt);   // sequence
  return columns;
}

OpenBlock::OpenBlock(const Collection& collection)
    : collection_(collection),
      tenant_(key_tenant(collection)),
      layout_(collection.fields.size()),
      columns_(make_columns(collection)) {}

Row OpenBlock::row(std::size_t position) const {
  Row row;
  row.id = columns_[layout_.id].text(position);
  row.values.reserve(layout_.id);
  for (std::size_t i = 0; i < layout_.id; ++i) row.values.push_back(columns_[i].value(position));
  const Column& extra = columns_[layout_.extra];
  if (!extra.is_null(position)) row.extra = extra.text(position);
  return row;
}

std::size_t OpenBlock::append(const Row& row, Sequence sequence) {
  for (std::size_t i = 0; i < row.values.size(); ++i) columns_[i].append(row.values[i]);
  columns_[layout_.id].append_text(row.id);
  if (row.extra.empty()) {
    columns_[layout_.extra].append_null();
  } else {
    columns_[layout_.extra].append_text(row.extra);
  }
  columns_[layout_.sequence].append_number(static_cast<std::int64_t>(sequence));
  return size_++;
}

std::size_t OpenBlock::append_version(std::size_t position, const Row& row,
                                      const std::vector<std::size_t>& fields) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::ranges::find(fields, i) != fields.end()) {
      columns_[i].append(row.values[i]);
    } else {
      columns_[i].append_copy(position);
    }
  }
  return size_++;
}

void OpenBlock::truncate(std::size_t n) {
  if (n == size_) return;
  for (Column& column : columns_) column.truncate(n);
  size_ = n;
  if (indexed_ <= n) return;
  slots_.clear();
  indexed_ = 0;
}

std::size_t OpenBlock::bytes() const {
  std::size_t bytes = slots_.size() * sizeof(std::uint32_t);
  for (const Column& column : columns_) bytes += column.bytes();
  return bytes;
}

// Of rows with one id.
bool OpenBlock::is_newer(std::size_t a, std::size_t b) const {
  const Growing<std::int64_t>& times = columns_[collection_.time_field].numbers();
  if (times[a] != times[b] || !tenant_) return times[a] > times[b];
  return compare(columns_[*tenant_].value(a), columns_[*tenant_].value(b)) > 0;
}

std::optional<std::size_t> OpenBlock::find(const Sought& sought) {
  const auto& [id, time, tenant] = sought;
  index_new_rows();
  if (slots_.empty()) return std::nullopt;
  const Column& ids = columns_[layout_.id];
  const Growing<std::int64_t>& times = columns_[collection_.time_field].numbers();
  const auto uuid = parse_uuid(id);
  const std::size_t mask = slots_.size() - 1;
  std::optional<std::size_t> best;
  for (std::size_t at = (uuid ? hash_of(*uuid) : hash_of(id)) & mask; slots_[at] != 0;
       at = (at + 1) & mask) {
    const std::size_t position = slots_[at] - 1;
    const bool is_same =
        uuid ? ids.marks()[position] == Column::kPacked && ids.uuids()[position] == *uuid
             : ids.equals_text(position, id);
    if (!is_same || deaths_.death_of(position) != 0) continue;
    if (time && times[position] != micros(*time)) continue;
    if (tenant_ && tenant != nullptr && columns_[*tenant_].value(position) != *tenant) continue;
    if (!best || is_newer(position, *best)) best = position;
  }
  return best;
}

void OpenBlock::index_new_rows() {
  if (slots_.size() < 2 * size_) {
    slots_.assign(std::max(kFirstSlots, std::bit_ceil(4 * size_)), 0);
    indexed_ = 0;
  }
  for (; indexed_ < size_; ++indexed_) index_row(indexed_);
}

void OpenBlock::index_row(std::size_t position) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_at(position) & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  slots_[at] = static_cast<std::uint32_t>(position + 1);
}

std::size_t OpenBlock::hash_at(std::size_t position) const {
  const Column& ids = columns_[layout_.id];
  if (ids.marks()[position] == Column::kPacked) return hash_of(ids.uuids()[position]);
  return hash_of(ids.dictionary()[code_of_uuid(ids.uuids()[position])]);
}

}  // namespace daybook::columns
