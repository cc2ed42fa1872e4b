#include "catalog/field.h"

namespace daybook {

bool holds_text(const Field& field) {
  switch (field.type) {
    case Type::kText:
    case Type::kJson:
      return true;
    case Type::kChoice:
      return field.is_open;
    case Type::kList:
    case Type::kMap:
      return holds_text(field.element_field());
    case Type::kUuid:
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
    case Type::kSecret:
      break;
  }
  return false;
}

}  // namespace daybook
