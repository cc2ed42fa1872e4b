// The content of a column begins with its shape:
//   byte     0 number (number_encoding.cc) | 1 text (text_encoding.cc) | 2 UUID (uuid_encoding.cc)
#include "store/columns/encoding.h"

#include "base/bug.h"
#include "store/columns/block.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

Error broken(const std::string& what) { return {Code::kInternal, "column: " + what}; }

Result<Shape> read_shape(PartContent& content) {
  DAYBOOK_ASSIGN(const std::string_view shape, content.read(0, kShapeEnd));
  const auto number = static_cast<std::uint8_t>(shape.front());
  if (number > static_cast<std::uint8_t>(Shape::kUuid)) return broken("it has no known shape");
  return static_cast<Shape>(number);
}

Result<void> check_shape(PartContent& content, Type type, std::size_t rows) {
  DAYBOOK_ASSIGN(const Shape shape, read_shape(content));
  if (shape != shape_of(type)) return broken("its shape is not the field's");
  if (rows == 0 || rows > kMaxBlockRows) return broken("a block has no such number of rows");
  return {};
}

}  // namespace

std::string write_column(const Column& column, const Positions& positions) {
  std::string content;
  put_byte(content, static_cast<std::uint8_t>(column.shape()));
  switch (column.shape()) {
    case Shape::kNumber:
      put_numbers(content, column, positions);
      break;
    case Shape::kText:
      put_texts(content, column, positions);
      break;
    case Shape::kUuid:
      put_uuids(content, column, positions);
      break;
  }
  // Numbers are summed up, all others mostly looked at row by row.
  return pack_part(content, column.shape() == Shape::kNumber ? Reading::kWhole : Reading::kPlaces);
}

Result<Column> read_column(Type type, std::size_t rows, PartContent& content) {
  DAYBOOK_TRY(check_shape(content, type, rows));
  DAYBOOK_TRY(content.all());
  Column column(type);
  switch (column.shape()) {
    case Shape::kNumber:
      DAYBOOK_TRY(read_numbers(content, rows, column));
      column.find_ranges();
      break;
    case Shape::kText:
      DAYBOOK_TRY(read_texts(content, rows, column));
      break;
    case Shape::kUuid:
      DAYBOOK_TRY(read_uuids(content, rows, column));
      break;
  }
  return column;
}

Result<Column> read_column(Type type, std::size_t rows, std::string_view bytes) {
  DAYBOOK_ASSIGN(PartContent content, PartContent::open(bytes));
  return read_column(type, rows, content);
}

Result<Value> read_one(Type type, std::size_t rows, PartContent& content, std::size_t row) {
  DAYBOOK_TRY(check_shape(content, type, rows));
  if (row >= rows) return broken("there is no such row");
  switch (shape_of(type)) {
    case Shape::kNumber:
      return read_number(content, type, rows, row);
    case Shape::kText:
      return read_text(content, type, rows, row);
    case Shape::kUuid:
      return read_uuid(content, rows, row);
  }
  bug("unknown shape");
}

Result<std::string> describe_column(std::size_t rows, PartContent& content) {
  DAYBOOK_ASSIGN(const Shape shape, read_shape(content));
  switch (shape) {
    case Shape::kNumber:
      return describe_numbers(content, rows);
    case Shape::kText:
      return describe_texts(content, rows);
    case Shape::kUuid:
      return describe_uuids(content, rows);
  }
  bug("unknown shape");
}

Column null_column(Type type, std::size_t rows) {
  Column column(type);
  for (std::size_t i = 0; i < rows; ++i) column.append_null();
  return column;
}

}  // namespace daybook::columns
