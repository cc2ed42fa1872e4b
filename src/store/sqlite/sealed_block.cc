#include "store/sqlite/sealed_block.h"

#include "catalog/widen.h"

namespace daybook::sqlite {

namespace {

// As many rows of a column are decoded in the time that one of its pages is fetched and unpacked.
constexpr std::size_t kRowsOfALook = 512;

// Decoded, a column of a full block takes about this much.
constexpr std::size_t kRoomOfAColumn = 1 << 20;

// One part in the table of parts, read a piece at a time.
class StoredPart final : public columns::StoredBytes {
 public:
  StoredPart(Connection& db, std::shared_ptr<BlobReader> blobs, std::int64_t id, Cost& cost)
      : db_(db), blobs_(std::move(blobs)), id_(id), cost_(cost) {}

  // To be called first.
  Result<void> find() {
    const std::lock_guard turn(db_.turn());
    DAYBOOK_ASSIGN(size_, blobs_->size(id_));
    return {};
  }

  std::uint64_t size() const override { return size_; }
  Result<void> read(std::uint64_t offset, std::size_t size, char* out) override {
    const std::lock_guard turn(db_.turn());
    cost_.bytes += size;
    return blobs_->read(id_, offset, size, out);
  }

 private:
  Connection& db_;
  std::shared_ptr<BlobReader> blobs_;
  std::int64_t id_;
  std::uint64_t size_ = 0;
  Cost& cost_;
};

columns::Column widen(const columns::Column& narrow, Type type, std::size_t rows) {
  columns::Column wide(type);
  for (std::size_t i = 0; i < rows; ++i) wide.append(widened(narrow.value(i), type));
  return wide;
}

}  // namespace

std::shared_ptr<const columns::Column> ColumnCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  it->second->used = ++now_;
  return it->second->column;
}

void ColumnCache::put(const Key& key, std::shared_ptr<const columns::Column> column) {
  const std::size_t bytes = column->bytes();
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  entries_.push_front({key, std::move(column), bytes, ++now_});
  by_key_[key] = entries_.begin();
  bytes_ += bytes;
  while (bytes_ > max_bytes_ && entries_.size() > 1) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

bool ColumnCache::is_worth_having(const Key& key, std::size_t looks) {
  const auto number = static_cast<std::uint64_t>(key.first) * 64 + key.second;
  const std::lock_guard lock(mutex_);
  Looks& counted = looks_[number * 0x9E3779B97F4A7C15u >> 52];
  ++now_;
  if (counted.count == 0) counted.since = now_;
  if (++counted.count < looks) return false;
  counted.count = 0;
  const bool is_full = bytes_ + kRoomOfAColumn > max_bytes_;
  return !is_full || entries_.empty() || entries_.back().used < counted.since;
}

void ColumnCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  by_key_.clear();
  bytes_ = 0;
}

// Closing what was opened is a use of the connection too.
SealedColumns::~SealedColumns() {
  if (!blobs_) return;
  const std::lock_guard turn(db_.turn());
  parts_.clear();
  blobs_.reset();
}

Type SealedColumns::type_of(std::size_t number) const {
  const columns::Layout layout(shelf_.collection->fields.size());
  if (number == layout.id) return Type::kUuid;
  if (number == layout.extra) return Type::kText;
  if (number == layout.sequence) return Type::kInt;
  return shelf_.collection->fields[number].type;
}

columns::PartNumber SealedColumns::part_number(columns::PartKind kind, std::size_t number) const {
  const columns::Layout layout(shelf_.collection->fields.size());
  return columns::part_of(kind, number, layout, shelf_.numbers);
}

std::string SealedColumns::name_of(columns::PartNumber part) const {
  std::string name = shelf_.collection->full_name() + ", block " + std::to_string(block_.number) +
                     ", " + columns::part_name(part);
  const auto field =
      part.kind == columns::PartKind::kRollup ? std::nullopt : shelf_.numbers.reads_as(part.number);
  if (field) name += " (" + shelf_.collection->fields[*field].name + ")";
  return name;
}

std::optional<SealedColumns::Stored> SealedColumns::find_stored(std::size_t number) const {
  const columns::PartNumber part = part_number(columns::PartKind::kColumn, number);
  if (block_.header.has(part)) return Stored{part, type_of(number)};
  for (const auto& former : shelf_.numbers.formers()) {
    const columns::PartNumber narrower{columns::PartKind::kColumn, former.number};
    if (former.ordinal == number && block_.header.has(narrower))
      return Stored{narrower, former.type};
  }
  return std::nullopt;
}

// Blocks of as many rows share what is null throughout.
ColumnCache::Key SealedColumns::key_of(std::size_t number) const {
  if (find_stored(number)) {
    return {block_.number, part_number(columns::PartKind::kColumn, number).number};
  }
  return {-static_cast<std::int64_t>(block_.header.rows),
          static_cast<std::uint32_t>(type_of(number))};
}

Result<std::shared_ptr<const columns::Column>> SealedColumns::column(std::size_t number) {
  const ColumnCache::Key key = key_of(number);
  auto column = cache_.find(key);
  if (column) {
    ++cost_.columns_cached;
  } else {
    DAYBOOK_ASSIGN(columns::Column decoded, decode(number));
    column = std::make_shared<const columns::Column>(std::move(decoded));
    cache_.put(key, column);
  }
  bytes_ += column->bytes();
  return column;
}

Result<columns::Column> SealedColumns::decode(std::size_t number) {
  const Type type = type_of(number);
  const std::size_t rows = block_.header.rows;
  const auto stored = find_stored(number);
  if (!stored) return columns::null_column(type, rows);
  DAYBOOK_ASSIGN(const std::string bytes, read(stored->part));
  ++cost_.columns_decoded;
  auto column = columns::read_column(stored->type, rows, bytes);
  if (!column.ok()) return std::move(column).error().with_context(name_of(stored->part));
  return stored->type == type ? *std::move(column) : widen(*column, type, rows);
}

// Reading is for one thread at a time; decoding, which takes longer, is not.
Result<std::string> SealedColumns::read(columns::PartNumber part) {
  const std::lock_guard turn(db_.turn());
  DAYBOOK_ASSIGN(Query query, db_.query("SELECT data FROM block_part WHERE id = ?1"));
  query.bind(1, part_id(block_.number, part));
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) {
    return Error(Code::kInternal, name_of(part) + " is not there");
  }
  cost_.bytes += query.blob(0).size();
  return std::string(query.blob(0));
}

Result<Value> SealedColumns::value(std::size_t number, std::size_t position) {
  const auto stored = find_stored(number);
  if (!stored) return Value();
  const ColumnCache::Key key = key_of(number);
  if (const auto cached = cache_.find(key)) return cached->value(position);
  if (cache_.is_worth_having(key, block_.header.rows / kRowsOfALook)) {
    DAYBOOK_ASSIGN(const auto whole, column(number));
    return whole->value(position);
  }
  DAYBOOK_ASSIGN(const auto content, part(stored->part));
  DAYBOOK_ASSIGN(Value value,
                 columns::read_one(stored->type, block_.header.rows, *content, position));
  return stored->type == type_of(number) ? std::move(value) : widened(value, type_of(number));
}

Result<std::shared_ptr<columns::PartContent>> SealedColumns::part(columns::PartKind kind,
                                                                  std::size_t number) {
  return part(part_number(kind, number));
}

Result<std::shared_ptr<columns::PartContent>> SealedColumns::part(columns::PartNumber part) {
  if (!block_.header.has(part)) return std::shared_ptr<columns::PartContent>();
  auto& content = parts_[part];
  if (content) return content;
  if (!blobs_) blobs_ = std::make_shared<BlobReader>(db_.blobs("block_part", "data"));
  auto stored = std::make_unique<StoredPart>(db_, blobs_, part_id(block_.number, part), cost_);
  if (auto found = stored->find(); !found.ok()) {
    return std::move(found).error().with_context(name_of(part));
  }
  DAYBOOK_ASSIGN(auto opened, columns::PartContent::open(std::move(stored), name_of(part)));
  content = std::make_shared<columns::PartContent>(std::move(opened));
  return content;
}

}  // namespace daybook::sqlite
