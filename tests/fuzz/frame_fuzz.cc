// Bytes that claim to be a frame are read as one or refused; those with a right checksum too.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "store/columns/bytes.h"
#include "store/columns/frame.h"

namespace {

using namespace daybook;

Collection journal() {
  Collection collection;
  const Type types[] = {Type::kTime, Type::kText, Type::kInt, Type::kFloat,
                        Type::kUuid, Type::kJson, Type::kMap, Type::kList};
  for (const Type type : types) {
    Field& field = collection.fields.emplace_back();
    field.name = "f" + std::to_string(collection.fields.size());
    field.type = type;
  }
  return collection;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Collection collection = journal();
  static const auto numbers = columns::FieldNumbers::in_order(collection.fields.size());
  std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)columns::read_frame(bytes, collection, numbers).ok();
  columns::put_fixed(bytes, checksum(bytes));
  (void)columns::read_frame(bytes, collection, numbers).ok();
  return 0;
}
