#include "catalog/widen.h"

#include "catalog/encode.h"

namespace daybook {

std::vector<Type> narrower_types(Type type) {
  switch (type) {
    case Type::kFloat:
      return {Type::kInt};
    case Type::kText:
      return {Type::kUuid, Type::kChoice};
    case Type::kJson:
      return {Type::kMap};
    case Type::kUuid:
    case Type::kInt:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
    case Type::kChoice:
    case Type::kList:
    case Type::kMap:
    case Type::kSecret:
      return {};
  }
  return {};
}

Value widened(Value value, Type type) {
  if (const auto* integer = value.get_if<std::int64_t>(); integer && type == Type::kFloat) {
    return static_cast<double>(*integer);
  }
  if (value.get_if<std::string>() && type == Type::kText) return value;
  if (value.get_if<Map>() && type == Type::kJson) {
    Json json;
    json::Writer out(json.text);
    encode_value(value, out);
    return json;
  }
  return {};
}

}  // namespace daybook
