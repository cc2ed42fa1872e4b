#include "store/columns/joined.h"

#include <utility>

namespace daybook::columns {

JoinedColumns::JoinedColumns(const Collection& collection, std::vector<Part> parts)
    : collection_(collection), parts_(std::move(parts)) {
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    for (const std::uint32_t position : parts_[part].positions) {
      origins_.push_back({part, position});
    }
  }
}

Result<std::shared_ptr<const Column>> JoinedColumns::column(std::size_t number) {
  auto joined = std::make_shared<Column>(std::move(make_columns(collection_)[number]));
  for (const Part& part : parts_) {
    DAYBOOK_ASSIGN(const Column* column, part.block->column(number));
    for (const std::uint32_t position : part.positions) joined->append(column->value(position));
  }
  return std::shared_ptr<const Column>(std::move(joined));
}

}  // namespace daybook::columns
