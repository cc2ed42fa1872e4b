#include "store/columns/block_reader.h"

namespace daybook::columns {

BlockReader::BlockReader(const Collection& collection, BlockColumns& columns, const Deaths& deaths,
                         std::size_t rows, Commit at)
    : collection_(collection),
      layout_(collection.fields.size()),
      columns_(columns),
      deaths_(deaths),
      rows_(rows),
      at_(at),
      fetched_(layout_.size()) {}

Result<const Column*> BlockReader::column(std::size_t number) {
  if (!fetched_[number]) {
    DAYBOOK_ASSIGN(fetched_[number], columns_.column(number));
  }
  return fetched_[number].get();
}

Result<Value> BlockReader::value(std::size_t number, std::size_t position) {
  if (fetched_[number]) return fetched_[number]->value(position);
  return columns_.value(number, position);
}

Result<Row> BlockReader::read_row(std::size_t position) {
  Row row;
  row.values.reserve(collection_.fields.size());
  for (std::size_t i = 0; i < collection_.fields.size(); ++i) {
    DAYBOOK_ASSIGN(Value field, value(i, position));
    row.values.push_back(std::move(field));
  }
  DAYBOOK_ASSIGN(const Value id, value(layout_.id, position));
  if (const auto* text = id.get_if<std::string>()) row.id = *text;
  DAYBOOK_ASSIGN(const Value extra, value(layout_.extra, position));
  if (const auto* text = extra.get_if<std::string>()) row.extra = *text;
  return row;
}

Result<void> BlockReader::want_all() {
  if (wanted_.size() == layout_.sequence) return {};
  std::vector<std::size_t> numbers(layout_.sequence);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  return want(numbers);
}

Result<void> BlockReader::want(const std::vector<std::size_t>& numbers) {
  wanted_ = numbers;
  DAYBOOK_TRY(column(layout_.id));
  for (const std::size_t number : wanted_) DAYBOOK_TRY(column(number));
  return {};
}

Row BlockReader::row(std::size_t position) const {
  Row row;
  row.values.resize(collection_.fields.size());
  row.id = fetched_[layout_.id]->text(position);
  for (const std::size_t number : wanted_) {
    const Column& column = *fetched_[number];
    if (number < row.values.size()) {
      row.values[number] = column.value(position);
    } else if (number == layout_.extra && !column.is_null(position)) {
      row.extra = column.text(position);
    }
  }
  return row;
}

}  // namespace daybook::columns
