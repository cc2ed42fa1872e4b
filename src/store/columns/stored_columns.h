// StoredColumns: sealed rows read back as a store would read them. For tests.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "store/columns/block.h"
#include "store/columns/block_reader.h"

namespace daybook::columns {

// Collection and rows outlive it; fields have their ordinals as numbers.
class StoredColumns final : public BlockColumns {
 public:
  StoredColumns(const Collection& collection, const SealedRows& rows)
      : collection_(collection), header_(rows.header), rows_(rows.header.rows) {
    for (const StoredPart& part : rows.parts) bytes_[part.number] = part.bytes;
  }

  Result<std::shared_ptr<const Column>> column(std::size_t number) override {
    const Type type = make_columns(collection_)[number].type();
    const auto it = bytes_.find(part_number(PartKind::kColumn, number));
    if (it == bytes_.end()) return std::make_shared<const Column>(null_column(type, rows_));
    DAYBOOK_ASSIGN(Column read, read_column(type, rows_, it->second));
    return std::make_shared<const Column>(std::move(read));
  }

  Result<Value> value(std::size_t number, std::size_t position) override {
    DAYBOOK_ASSIGN(const auto content, part(PartKind::kColumn, number));
    if (!content) return Value();
    return read_one(make_columns(collection_)[number].type(), rows_, *content, position);
  }

  Result<std::shared_ptr<PartContent>> part(PartKind kind, std::size_t number) override {
    const auto it = bytes_.find(part_number(kind, number));
    if (it == bytes_.end()) return std::shared_ptr<PartContent>();
    DAYBOOK_ASSIGN(PartContent content, PartContent::open(it->second));
    return std::make_shared<PartContent>(std::move(content));
  }

  const BlockHeader* header() const override { return &header_; }

 private:
  PartNumber part_number(PartKind kind, std::size_t number) const {
    const Layout layout(collection_.fields.size());
    return part_of(kind, number, layout, FieldNumbers::in_order(collection_.fields.size()));
  }

  const Collection& collection_;
  const BlockHeader& header_;
  std::size_t rows_;
  std::map<PartNumber, std::string> bytes_;
};

}  // namespace daybook::columns
