#include "engine/rights.h"

#include <string>

#include "base/bug.h"

namespace daybook {

std::string_view access_name(Access access) {
  switch (access) {
    case Access::kCreate:
      return "create";
    case Access::kRead:
      return "read";
    case Access::kUpdate:
      return "update";
    case Access::kDelete:
      return "delete";
    case Access::kStats:
      return "stats";
    case Access::kSearch:
      return "search";
    case Access::kTop:
      return "top";
    case Access::kTail:
      return "tail";
    case Access::kExport:
      return "export";
    case Access::kErase:
      return "erase";
    case Access::kOperate:
      return "operate";
  }
  bug("unknown access");
}

Result<void> may(const Principal& principal, Access access, const Collection* collection) {
  if (principal.kind == Principal::Kind::kOperator) return {};
  const std::string of = collection == nullptr ? "" : " " + collection->full_name();
  return Error(Code::kForbidden, "needs the right '" + std::string(access_name(access)) + "'" + of);
}

Result<void> may_call(const Principal& principal, const Route& route) {
  if (principal.kind == Principal::Kind::kOperator) return {};
  return Error(Code::kForbidden, "needs one of the roles that " + route.path + " allows");
}

Filter visible_rows(const Principal& principal, const Collection& collection) {
  if (principal.tenant.empty() || !collection.tenant_field) return {};
  return equals(FieldRef{*collection.tenant_field, {}}, Value(principal.tenant));
}

Stamp stamp_of(const Engine& engine, const Principal& principal) {
  Stamp stamp;
  stamp.now = engine.now();
  stamp.data_key = engine.data_key();
  stamp.principal_id = principal.id;
  stamp.tenant = principal.tenant;
  stamp.speaks_for_others = principal.speaks_for_others();
  if (!stamp.speaks_for_others) {
    stamp.address = principal.address;
    stamp.user_agent = principal.user_agent;
  }
  return stamp;
}

}  // namespace daybook
