// How columns become parts of a block and come back, whole or one value of them. Used by block.cc
// alone; the three shapes have a file each. What is read was written by anybody: contents that do
// not hold together fail with kInternal.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "store/columns/block_reader.h"
#include "store/columns/column.h"
#include "store/columns/part.h"

namespace daybook::columns {

// Where the shape's own content begins: behind the byte that names the shape.
constexpr std::uint64_t kShapeEnd = 1;

// The values at `positions`, one or more.
void put_numbers(std::string& out, const Column& column, const Positions& positions);
void put_texts(std::string& out, const Column& column, const Positions& positions);
void put_uuids(std::string& out, const Column& column, const Positions& positions);

// All rows, into an empty column of the shape.
Result<void> read_numbers(PartContent& content, std::size_t rows, Column& column);
Result<void> read_texts(PartContent& content, std::size_t rows, Column& column);
Result<void> read_uuids(PartContent& content, std::size_t rows, Column& column);

// The value of one row, from the pages that hold it.
Result<Value> read_number(PartContent& content, Type type, std::size_t rows, std::size_t row);
Result<Value> read_text(PartContent& content, Type type, std::size_t rows, std::size_t row);
Result<Value> read_uuid(PartContent& content, std::size_t rows, std::size_t row);

// "numbers of 2 bytes each, some absent".
Result<std::string> describe_numbers(PartContent& content, std::size_t rows);
Result<std::string> describe_texts(PartContent& content, std::size_t rows);
Result<std::string> describe_uuids(PartContent& content, std::size_t rows);

}  // namespace daybook::columns
