// Who may do what: the one place where rights are decided. Pure; any thread. What a principal sees
// of the rows is sight.h's.
#pragma once

#include <string_view>

#include "base/result.h"
#include "catalog/application.h"
#include "catalog/decode.h"
#include "engine/engine.h"
#include "engine/principal.h"

namespace daybook {

// What a request does, in the words of the catalog's [allow], and for what is of no collection.
enum class Access {
  kPublic,      // anybody, without credentials
  kSignedIn,    // whoever has credentials
  kObserve,     // those who watch over the installation
  kOperate,     // those who run the installation
  kAdminister,  // those who run an application: keys
  kCreate,
  kRead,
  kUpdate,
  kDelete,
  kStats,
  kSearch,
  kTop,
  kTail,
  kExport,
  kErase,
};
std::string_view access_name(Access access);

// kUnauthorized for nobody, else kForbidden with a sentence that names the right.
Result<void> may(const Principal& principal, Access access);
Result<void> may(const Principal& principal, Access access, const Collection& collection);
// The same for a declared route: the role is one of those it allows, and may what it does there.
Result<void> may_call(const Principal& principal, const Application& application,
                      const Route& route);

// The right that a principal has by its role; null for none. To who is bound to a tenant a
// collection without tenants is closed, unless its rule tells rows apart by tenant.
const Right* right_of(const Principal& principal, const Collection& collection);

// Whether an application is one that the principal belongs to.
bool belongs_to(const Principal& principal, std::string_view application);

// What the rows that a principal sends now take from the request and the engine. Who speaks for
// others leaves no address and user agent of its own on their rows.
Stamp stamp_of(const Engine& engine, const Principal& principal);

}  // namespace daybook
