#include "store/columns/column.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "base/bug.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

std::int64_t number_of(Type type, const Value& value) {
  switch (type) {
    case Type::kInt:
      return value.get<std::int64_t>();
    case Type::kFloat:
      return std::bit_cast<std::int64_t>(value.number());
    case Type::kBool:
      return value.get<bool>() ? 1 : 0;
    case Type::kTime:
      return micros(value.get<Instant>());
    case Type::kDate:
      return value.get<Date>().time_since_epoch().count();
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      break;
  }
  bug("not a number");
}

}  // namespace

Shape shape_of(Type type) {
  switch (type) {
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
      return Shape::kNumber;
    case Type::kUuid:
      return Shape::kUuid;
    case Type::kText:
    case Type::kChoice:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      return Shape::kText;
  }
  bug("unknown type");
}

bool fits(Type type, const Value& value) {
  if (value.is_null()) return true;
  switch (type) {
    case Type::kInt:
      return value.get_if<std::int64_t>() != nullptr;
    case Type::kFloat:
      return value.is_number();
    case Type::kBool:
      return value.get_if<bool>() != nullptr;
    case Type::kTime:
      return value.get_if<Instant>() != nullptr;
    case Type::kDate:
      return value.get_if<Date>() != nullptr;
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
    case Type::kSecret:
      return value.get_if<std::string>() != nullptr;
    case Type::kJson:
      return value.get_if<Json>() != nullptr;
    case Type::kList:
      return value.get_if<List>() != nullptr;
    case Type::kMap:
      return value.get_if<Map>() != nullptr;
  }
  bug("unknown type");
}

Uuid uuid_of_code(std::uint32_t code) {
  Uuid uuid{};
  std::memcpy(uuid.data(), &code, sizeof code);
  return uuid;
}

std::uint32_t code_of_uuid(const Uuid& uuid) {
  std::uint32_t code = 0;
  std::memcpy(&code, uuid.data(), sizeof code);
  return code;
}

void Column::append(const Value& value) {
  if (value.is_null()) return append_null();
  if (shape_ == Shape::kNumber) return append_number(number_of(type_, value));
  if (const auto* text = value.get_if<std::string>()) return append_text(*text);
  if (const auto* json = value.get_if<Json>()) return append_text(json->text);
  std::string bytes;
  put_value(bytes, value);
  append_text(bytes);
}

void Column::append_number(std::int64_t number) {
  numbers_.put(size_, number);
  marks_.put(size_, 1);
  ++size_;
}

void Column::append_text(std::string_view text) {
  if (shape_ == Shape::kText) {
    codes_.put(size_++, dictionary_.code_of(text));
    return;
  }
  if (const auto uuid = parse_uuid(text)) return append_uuid(*uuid);
  uuids_.put(size_, uuid_of_code(dictionary_.add(text)));
  marks_.put(size_++, kCode);
}

void Column::append_uuid(const Uuid& uuid) {
  uuids_.put(size_, uuid);
  marks_.put(size_++, kPacked);
}

void Column::append_null() {
  switch (shape_) {
    case Shape::kNumber:
      numbers_.put(size_, 0);
      marks_.put(size_, kAbsent);
      break;
    case Shape::kText:
      codes_.put(size_, 0);
      break;
    case Shape::kUuid:
      uuids_.put(size_, Uuid{});
      marks_.put(size_, kAbsent);
      break;
  }
  ++size_;
}

void Column::append_copy(std::size_t position) {
  if (is_null(position)) return append_null();
  switch (shape_) {
    case Shape::kNumber:
      return append_number(numbers_[position]);
    case Shape::kText:
      codes_.put(size_++, codes_[position]);
      return;
    case Shape::kUuid:
      uuids_.put(size_, uuids_[position]);
      marks_.put(size_, marks_[position]);
      ++size_;
      return;
  }
}

std::size_t Column::bytes() const {
  return sizeof(Column) + numbers_.bytes() + codes_.bytes() + uuids_.bytes() + marks_.bytes() +
         dictionary_.bytes() + ranges_.capacity() * sizeof(Range);
}

void Column::find_ranges() {
  ranges_.clear();
  ranges_.reserve(size_ / kRangeRows + 1);
  for (std::size_t begin = 0; begin < size_; begin += kRangeRows) {
    Range range{numbers_[begin], numbers_[begin]};
    numbers_.for_each_run(begin, std::min(begin + kRangeRows, size_), [&](std::size_t, auto run) {
      for (std::size_t i = 0; i < run.size; ++i) {
        range.low = std::min(range.low, run.data[i]);
        range.high = std::max(range.high, run.data[i]);
      }
    });
    ranges_.push_back(range);
  }
}

bool Column::is_null(std::size_t position) const {
  return shape_ == Shape::kText ? codes_[position] == 0 : marks_[position] == kAbsent;
}

std::string Column::text(std::size_t position) const {
  if (shape_ == Shape::kText) return std::string(dictionary_[codes_[position]]);
  if (marks_[position] == kPacked) return format_uuid(uuids_[position]);
  return std::string(dictionary_[code_of_uuid(uuids_[position])]);
}

bool Column::equals_text(std::size_t position, std::string_view text) const {
  if (is_null(position)) return false;
  if (shape_ == Shape::kText) return dictionary_[codes_[position]] == text;
  if (marks_[position] == kPacked) return text == format_uuid(uuids_[position]);
  return dictionary_[code_of_uuid(uuids_[position])] == text;
}

Value Column::value(std::size_t position) const {
  if (is_null(position)) return {};
  switch (shape_) {
    case Shape::kNumber:
      return number_value(numbers_[position]);
    case Shape::kText:
      return entry(codes_[position]);
    case Shape::kUuid:
      return Value(text(position));
  }
  bug("unknown shape");
}

Value number_value(Type type, std::int64_t number) {
  switch (type) {
    case Type::kInt:
      return Value(number);
    case Type::kFloat:
      return Value(std::bit_cast<double>(number));
    case Type::kBool:
      return Value(number != 0);
    case Type::kTime:
      return Value(from_micros(number));
    case Type::kDate:
      return Value(Date(std::chrono::days(static_cast<int>(number))));
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      break;
  }
  bug("not a number");
}

Value text_value(Type type, std::string_view text) {
  if (type == Type::kJson) return Value(Json{std::string(text)});
  if (type != Type::kList && type != Type::kMap) return Value(text);
  ByteReader in(text);
  return read_value(in);
}

}  // namespace daybook::columns
