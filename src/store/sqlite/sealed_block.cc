#include "store/sqlite/sealed_block.h"

namespace daybook::sqlite {

namespace {

class BlobSource final : public columns::PartSource {
 public:
  explicit BlobSource(Blob blob) : blob_(std::move(blob)) {}
  Result<std::string> read(std::size_t begin, std::size_t size) override {
    return blob_.read(begin, size);
  }

 private:
  Blob blob_;
};

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

Result<std::shared_ptr<const columns::Column>> SealedColumns::column(std::size_t number) {
  const columns::Layout layout(shelf_.collection->fields.size());
  const columns::PartNumber part = columns::column_part(number, layout, shelf_.numbers);
  const Type type = number < layout.id       ? shelf_.collection->fields[number].type
                    : number == layout.id    ? Type::kUuid
                    : number == layout.extra ? Type::kText
                                             : Type::kInt;
  const ColumnCache::Key key{block_.number, part.number};
  if (auto cached = cache_.find(key)) return cached;
  const std::size_t rows = block_.header.rows;
  if (!block_.header.has(part)) {
    auto nulls = std::make_shared<const columns::Column>(columns::null_column(type, rows));
    cache_.put(key, nulls);
    return nulls;
  }
  DAYBOOK_ASSIGN(Query query, query_part(part));
  DAYBOOK_ASSIGN(columns::Column read, columns::read_column(type, rows, query.blob(0)));
  auto column = std::make_shared<const columns::Column>(std::move(read));
  cache_.put(key, column);
  return column;
}

Result<std::shared_ptr<const std::string>> SealedColumns::part(columns::PartNumber number) {
  if (!block_.header.has(number)) return std::shared_ptr<const std::string>();
  DAYBOOK_ASSIGN(Query query, query_part(number));
  DAYBOOK_ASSIGN(std::string content, columns::unpack_part(query.blob(0)));
  return std::make_shared<const std::string>(std::move(content));
}

Result<std::unique_ptr<columns::PartSource>> SealedColumns::open_part(columns::PartNumber number) {
  std::unique_ptr<columns::PartSource> source;
  if (!block_.header.has(number)) return source;
  DAYBOOK_ASSIGN(Blob blob, db_.open_blob("block_part", "data", part_id(block_.number, number)));
  source = std::make_unique<BlobSource>(std::move(blob));
  return source;
}

Result<Query> SealedColumns::query_part(columns::PartNumber number) {
  DAYBOOK_ASSIGN(Query query, db_.query("SELECT data FROM block_part WHERE id = ?1"));
  query.bind(1, part_id(block_.number, number));
  DAYBOOK_ASSIGN(const bool found, query.step());
  if (!found) {
    return Error(Code::kInternal, "block " + std::to_string(block_.number) + ": " +
                                      columns::part_name(number) + " is not there");
  }
  return query;
}

}  // namespace daybook::sqlite
