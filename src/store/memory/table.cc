#include "store/memory/table.h"

#include <algorithm>

#include "store/index_key.h"

namespace daybook::memory {

void Undo::remember(Table& table, const Key& key) {
  Step step{&table, key, std::nullopt, std::nullopt, std::nullopt, table.is_uncounted(key)};
  if (const Row* row = table.find(key)) step.row = *row;
  if (const Row* row = table.find_counted(key)) step.counted = *row;
  if (auto it = table.deleted_.find(key); it != table.deleted_.end()) step.deleted = it->second;
  steps_.push_back(std::move(step));
}

void Undo::roll_back() {
  for (; !steps_.empty(); steps_.pop_back()) {
    const Step& step = steps_.back();
    step.table->take_out(step.key);
    if (step.row) step.table->add(*step.row);
    if (step.is_seen_only) step.table->seen_only_.insert(step.key);
    step.table->counted_.erase(step.key);
    if (step.counted) step.table->counted_.emplace(step.key, *step.counted);
    step.table->deleted_.erase(step.key);
    if (step.deleted) step.table->deleted_.emplace(step.key, *step.deleted);
  }
}

Table::Table(const Collection& collection)
    : collection_(&collection), keep_(KeepRule::of(collection)) {
  index();
}

Key Table::key_of(const Row& row) const { return daybook::key_of(*collection_, row); }

const Row* Table::find(const Key& key) const {
  const auto it = rows_.find(key);
  return it == rows_.end() ? nullptr : &it->second;
}

const Row* Table::find_seen(const Key& key, Instant now) const {
  const Row* row = find(key);
  return row != nullptr && !is_expired(*row, now) ? row : nullptr;
}

bool Table::is_expired(const Row& row, Instant now) const {
  const auto expiry = keep_.expires_at(row, {});
  return expiry && *expiry <= now;
}

std::vector<Key> Table::keys_of(const std::string& id) const {
  const auto it = keys_.find(id);
  if (it == keys_.end()) return {};
  std::vector<Key> keys(it->second.begin(), it->second.end());
  if (collection_->is_journal()) std::ranges::reverse(keys);
  return keys;
}

const Row* Table::holder(std::size_t index, const Row& row) const {
  const auto key = unique_key(*unique_[index], row);
  if (!key) return nullptr;
  const auto it = holders_[index].find(*key);
  return it == holders_[index].end() ? nullptr : find(it->second);
}

void Table::put(const Row& row, Undo& undo) {
  const Key key = key_of(row);
  const bool stays_uncounted = is_uncounted(key);
  undo.remember(*this, key);
  take_out(key);
  add(row);
  if (stays_uncounted) seen_only_.insert(key);
}

void Table::put_uncounted(const Row& row, Undo& undo) {
  put(row, undo);
  seen_only_.insert(key_of(row));
}

const Row* Table::find_counted(const Key& key) const {
  const auto it = counted_.find(key);
  return it == counted_.end() ? nullptr : &it->second;
}

void Table::count(const Row& row, Undo& undo) {
  const Key key = key_of(row);
  undo.remember(*this, key);
  // Repeats are known by ids of clients only; ours are unique.
  counted_.insert_or_assign(key, row);
}

void Table::remove_counted(const Key& key, Undo& undo) {
  undo.remember(*this, key);
  counted_.erase(key);
}

bool Table::is_over(const Key& key, Instant now) const {
  const Instant end = Zone().next(key.time, collection_->period);
  return end - Duration(1) <= now;
}

void Table::expire_counted(const Key& key, Undo& undo) {
  if (const Row* row = find_counted(key)) note_expired(*row);
  remove_counted(key, undo);
}

void Table::remove(const Key& key, Undo& undo) {
  undo.remember(*this, key);
  take_out(key);
}

void Table::bury(const Key& key, std::optional<Instant> until, Undo& undo) {
  undo.remember(*this, key);
  deleted_[key] = until.value_or(max_instant());
}

void Table::forget_buried(Instant now) {
  std::erase_if(deleted_, [&](const auto& entry) { return entry.second <= now; });
}

void Table::index() {
  unique_.clear();
  for (const Index& index : collection_->indexes) {
    if (index.unique) unique_.push_back(&index);
  }
  holders_.assign(unique_.size(), {});
  for (const auto& [key, row] : rows_) {
    for (std::size_t i = 0; i < unique_.size(); ++i) {
      if (auto held = unique_key(*unique_[i], row)) holders_[i].emplace(std::move(*held), key);
    }
  }
}

void Table::expire(const Key& key, Undo& undo) {
  const Row* row = find(key);
  if (row != nullptr && !is_uncounted(key)) note_expired(*row);
  remove(key, undo);
}

void Table::note_expired(const Row& row) {
  if (!collection_->rollups.empty()) expired_.emplace(row_time(*collection_, row), row);
}

void Table::forget_expired(Instant now) {
  Duration longest{};
  for (const Rollup& rollup : collection_->rollups) {
    if (!rollup.keep) return;
    // A bucket is kept until its end is past the keep.
    longest = std::max(longest, *rollup.keep + std::chrono::hours(24));
  }
  expired_.erase(expired_.begin(), expired_.upper_bound(now - longest));
}

void Table::redeclare_row(const Collection& next, Row& row) const {
  std::vector<Value> values(next.fields.size());
  for (std::size_t i = 0; i < collection_->fields.size(); ++i) {
    if (const auto ordinal = next.find_field(collection_->fields[i].name)) {
      values[*ordinal] = std::move(row.values[i]);
    }
  }
  row.values = std::move(values);
}

Result<void> Table::check(const Collection& next) const {
  const std::string was = key_tenant_name(*collection_);
  if (rows_.empty() || was.empty() || was == key_tenant_name(next)) return {};
  return Error(Code::kInvalid, next.full_name() + ": its rows are stored by tenant '" + was +
                                   "', and the declaration says '" + key_tenant_name(next) +
                                   "'; take it back, or move the rows to another collection");
}

// Maps by the keys that the rows have now.
void Table::key_anew() {
  std::map<Key, Row> rows, counted;
  std::set<Key> seen_only;
  for (auto& [key, row] : rows_) {
    if (seen_only_.contains(key)) seen_only.insert(key_of(row));
    rows.emplace(key_of(row), std::move(row));
  }
  for (auto& [key, row] : counted_) counted.emplace(key_of(row), std::move(row));
  rows_ = std::move(rows);
  counted_ = std::move(counted);
  seen_only_ = std::move(seen_only);
  keys_.clear();
  for (const auto& [key, row] : rows_) keys_[key.id].insert(key);
}

void Table::redeclare(const Collection& next) {
  for (auto& [key, row] : rows_) redeclare_row(next, row);
  for (auto& [key, row] : counted_) redeclare_row(next, row);
  for (auto& [time, row] : expired_) redeclare_row(next, row);
  collection_ = &next;
  keep_ = KeepRule::of(next);
  key_anew();
  index();
}

void Table::add(const Row& row) {
  const Key key = key_of(row);
  rows_.emplace(key, row);
  keys_[key.id].insert(key);
  for (std::size_t i = 0; i < unique_.size(); ++i) {
    if (auto held = unique_key(*unique_[i], row)) holders_[i][std::move(*held)] = key;
  }
}

void Table::take_out(const Key& key) {
  const auto it = rows_.find(key);
  if (it == rows_.end()) return;
  for (std::size_t i = 0; i < unique_.size(); ++i) {
    if (auto held = unique_key(*unique_[i], it->second)) holders_[i].erase(*held);
  }
  auto keys = keys_.find(key.id);
  keys->second.erase(key);
  if (keys->second.empty()) keys_.erase(keys);
  rows_.erase(it);
  seen_only_.erase(key);
}

std::string Table::check() const {
  std::size_t ids = 0;
  for (const auto& [id, keys] : keys_) ids += keys.size();
  if (ids != rows_.size()) {
    return std::to_string(rows_.size()) + " rows, but " + std::to_string(ids) + " ids";
  }
  for (std::size_t i = 0; i < unique_.size(); ++i) {
    for (const auto& [held, key] : holders_[i]) {
      const Row* row = find(key);
      if (row == nullptr || unique_key(*unique_[i], *row) != held) {
        return "index " + unique_[i]->name + " names a row that is not there";
      }
    }
  }
  return {};
}

}  // namespace daybook::memory
