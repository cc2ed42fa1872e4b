// JoinedColumns: rows of several blocks as the columns of one, block after block, so that they can
// be sealed together. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
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
  Result<std::shared_ptr<const std::string>> part(PartNumber) override {
    return std::shared_ptr<const std::string>();  // sealing makes its own
  }
  // Where each row came from.
  const std::vector<Origin>& origins() const { return origins_; }

 private:
  const Collection& collection_;
  std::vector<Part> parts_;
  std::vector<Origin> origins_;
};

}  // namespace daybook::columns
