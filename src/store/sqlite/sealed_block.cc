#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

namespace {

// One part in the table of parts.
class StoredPart final : public columns::StoredBytes {
 public:
  StoredPart(std::shared_ptr<BlobReader> blobs, std::int64_t id, std::uint64_t size)
      : blobs_(std::move(blobs)), id_(id), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read(std::uint64_t offset, std::size_t size, char* out) override {
    return blobs_->read(id_, offset, size, out);
  }

 private:
  std::shared_ptr<BlobReader> blobs_;
  std::int64_t id_;
  std::uint64_t size_;
};

// Blocks of as many rows share what is null throughout.
ColumnCache::Key key_of(const SealedBlock& block, columns::PartNumber part, Type type) {
  if (block.header.has(part)) return {block.number, part.number};
  return {-static_cast<std::int64_t>(block.header.rows), static_cast<std::uint32_t>(type)};
}

}  // namespace

std::shared_ptr<const columns::Column> ColumnCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->column;
}

void ColumnCache::put(const Key& key, std::shared_ptr<const columns::Column> column) {
  const std::size_t bytes = column->bytes();
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  entries_.push_front({key, std::move(column), bytes});
  by_key_[key] = entries_.begin();
  bytes_ += bytes;
  while (bytes_ > max_bytes_ && entries_.size() > 1) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

void ColumnCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  by_key_.clear();
  bytes_ = 0;
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

Result<std::shared_ptr<const columns::Column>> SealedColumns::column(std::size_t number) {
  const columns::PartNumber part = part_number(columns::PartKind::kColumn, number);
  const ColumnCache::Key key = key_of(block_, part, type_of(number));
  if (auto cached = cache_.find(key)) return cached;
  DAYBOOK_ASSIGN(columns::Column read, this->read(part, type_of(number)));
  auto column = std::make_shared<const columns::Column>(std::move(read));
  cache_.put(key, column);
  return column;
}

Result<columns::Column> SealedColumns::read(columns::PartNumber part, Type type) const {
  if (!block_.header.has(part)) return columns::null_column(type, block_.header.rows);
  DAYBOOK_ASSIGN(Query query, db_.query("SELECT data FROM block_part WHERE id = ?1"));
  query.bind(1, part_id(block_.number, part));
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) {
    return Error(Code::kInternal, "block " + std::to_string(block_.number) + ": " +
                                      columns::part_name(part) + " is not there");
  }
  return columns::read_column(type, block_.header.rows, query.blob(0));
}

Result<Value> SealedColumns::value(std::size_t number, std::size_t position) {
  const columns::PartNumber part = part_number(columns::PartKind::kColumn, number);
  if (!block_.header.has(part)) return Value();
  if (const auto cached = cache_.find({block_.number, part.number})) return cached->value(position);
  DAYBOOK_ASSIGN(const auto content, this->part(columns::PartKind::kColumn, number));
  return columns::read_one(type_of(number), block_.header.rows, *content, position);
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
  const std::int64_t id = part_id(block_.number, part);
  DAYBOOK_ASSIGN(const std::uint64_t size, blobs_->size(id));
  DAYBOOK_ASSIGN(auto opened,
                 columns::PartContent::open(std::make_unique<StoredPart>(blobs_, id, size)));
  content = std::make_shared<columns::PartContent>(std::move(opened));
  return content;
}

}  // namespace daybook::sqlite
