// JoinedColumns: rows of several blocks as the columns of one, block after block, so that they can
// be sealed together. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "store/columns/block_reader.h"

namespace daybook::columns {

class JoinedColumns final : public BlockColumns {
 public:
  struct Part {
    BlockReader* block;  // outlives it
    Positions positions;
  };
  struct Origin {
    std::uint32_t part;
    std::uint32_t position;
  };

  JoinedColumns(const Collection& collection, std::vector<Part> parts);

  Result<std::shared_ptr<const Column>> column(std::size_t number) override;
  Result<Value> value(std::size_t number, std::size_t position) override {
    const Origin& origin = origins_[position];
    return parts_[origin.part].block->value(number, origin.position);
  }
  Result<std::shared_ptr<PartContent>> part(PartKind, std::size_t) override {
    return std::shared_ptr<PartContent>();  // sealing makes its own
  }
  const BlockHeader* header() const override { return nullptr; }
  // Where each row came from.
  const std::vector<Origin>& origins() const { return origins_; }

 private:
  const Collection& collection_;
  std::vector<Part> parts_;
  std::vector<Origin> origins_;
};

}  // namespace daybook::columns
