#include "engine/rights.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/bug.h"
#include "engine/own.h"

namespace daybook {

namespace {

using Who = Principal::Kind;

Error sign_in_first() {
  return {Code::kUnauthorized, "this needs a key or a session: Authorization: Bearer <key>"};
}

Error lacks(Access access, const Collection& collection) {
  return {Code::kForbidden, "needs the right '" + std::string(access_name(access)) + "' to " +
                                collection.full_name()};
}

bool is_among(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// What a key was narrowed to when it was made.
bool is_in_scope(const Principal& principal, Access access, const Collection& collection) {
  const bool is_named = principal.collections.empty() ||
                        is_among(principal.collections, collection.name) ||
                        is_among(principal.collections, collection.full_name());
  return is_named && (principal.verbs.empty() || is_among(principal.verbs, access_name(access)));
}

bool has_verb(const Principal& principal, const Right& right, std::string_view verb) {
  return principal.tenant.empty() ? allows(right, verb) : allows_tenant(right, verb);
}

// Runs the whole installation: belongs to no application, no tenant, and is narrowed to nothing.
bool runs_everything(const Principal& principal) {
  return principal.application.empty() && principal.tenant.empty() &&
         principal.collections.empty() && principal.verbs.empty();
}

Result<void> may_observe(const Principal& principal) {
  constexpr std::array<std::string_view, 3> kObservers = {kAdminRole, "ops", "analyst"};
  const bool is_observer =
      runs_everything(principal) &&
      std::find(kObservers.begin(), kObservers.end(), principal.role) != kObservers.end();
  if (is_observer) return {};
  return Error(Code::kForbidden, "needs the role admin, ops or analyst in Daybook itself");
}

}  // namespace

std::string_view access_name(Access access) {
  switch (access) {
    case Access::kPublic:
      return "public";
    case Access::kSignedIn:
      return "signed in";
    case Access::kObserve:
      return "observe";
    case Access::kOperate:
      return "operate";
    case Access::kAdminister:
      return "administer";
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
  }
  bug("unknown access");
}

Result<void> may(const Principal& principal, Access access) {
  if (access == Access::kPublic || principal.is_operator()) return {};
  if (principal.kind == Who::kNobody) return sign_in_first();
  if (principal.kind == Who::kPublishable) {
    return Error(Code::kForbidden, "a publishable key writes rows and does nothing else");
  }
  if (access == Access::kSignedIn) return {};
  if (access == Access::kObserve) return may_observe(principal);
  const bool is_admin =
      principal.role == kAdminRole && principal.collections.empty() && principal.verbs.empty();
  if (access == Access::kAdminister && is_admin) return {};
  if (access == Access::kOperate && is_admin && runs_everything(principal)) return {};
  return Error(Code::kForbidden, "needs the right '" + std::string(access_name(access)) + "'");
}

Result<void> may(const Principal& principal, Access access, const Collection& collection) {
  const bool rewrites = access == Access::kUpdate || access == Access::kDelete;
  if (collection.declared.audit && rewrites) {
    return Error(Code::kForbidden,
                 collection.full_name() + " is a trail: nobody changes or deletes one of its rows");
  }
  if (collection.declared.holds == Holds::kTrail && access == Access::kCreate) {
    return Error(Code::kForbidden, collection.full_name() + " is written by Daybook alone");
  }
  if (principal.is_operator()) return {};
  if (principal.kind == Who::kNobody) return sign_in_first();
  if (!belongs_to(principal, collection.application)) return lacks(access, collection);
  if (principal.kind == Who::kPublishable &&
      (access != Access::kCreate || is_about_access(collection))) {
    return lacks(access, collection);
  }
  const Right* right = right_of(principal, collection);
  const bool has_it = right != nullptr && has_verb(principal, *right, access_name(access)) &&
                      is_in_scope(principal, access, collection);
  return has_it ? Result<void>() : lacks(access, collection);
}

const Right* right_of(const Principal& principal, const Collection& collection) {
  const Right* right = collection.right_of(principal.role);
  if (right == nullptr || principal.tenant.empty() || collection.tenant_field) return right;
  return is_by_tenant(*right) ? right : nullptr;
}

namespace {

Access access_of(std::string_view verb) {
  for (const Access access :
       {Access::kCreate, Access::kRead, Access::kUpdate, Access::kStats, Access::kSearch}) {
    if (access_name(access) == verb) return access;
  }
  bug("a route that needs an unknown verb");
}

// One of the verbs that the route needs is enough.
Result<void> may_ask(const Principal& principal, const Route& route, const Collection& collection) {
  Result<void> last;
  for (const std::string& verb : verbs_of(route)) {
    last = may(principal, access_of(verb), collection);
    if (last.ok()) break;
  }
  return last;
}

}  // namespace

Result<void> may_call(const Principal& principal, const Application& application,
                      const Route& route) {
  if (principal.is_operator()) return {};
  if (principal.kind == Who::kNobody) return sign_in_first();
  if (!belongs_to(principal, application.name) || !is_among(route.allow, principal.role)) {
    return Error(Code::kForbidden, "needs one of the roles that " + route.path + " allows");
  }
  for (const Collection* collection : asked_collections(application, route)) {
    DAYBOOK_TRY(may_ask(principal, route, *collection));
  }
  return {};
}

bool belongs_to(const Principal& principal, std::string_view application) {
  return principal.application.empty() || principal.application == application;
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
