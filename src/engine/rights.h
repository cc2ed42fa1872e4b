// Who may do what: the one place where rights are decided. Pure; any thread.
#pragma once

#include <string_view>

#include "base/result.h"
#include "catalog/application.h"
#include "catalog/decode.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "query/filter.h"

namespace daybook {

// What a request does, in the words of the catalog's [allow]; kOperate is for what concerns the
// whole installation.
enum class Access {
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
  kOperate,
};
std::string_view access_name(Access access);

// kForbidden with a sentence that names the right. `collection` is null for kOperate.
Result<void> may(const Principal& principal, Access access, const Collection* collection);
// The same for a declared route.
Result<void> may_call(const Principal& principal, const Route& route);

// The rows that a principal sees and changes: all, or those of its tenant.
Filter visible_rows(const Principal& principal, const Collection& collection);

// What the rows that a principal sends now take from the request and the engine. Who speaks for
// others leaves no address and user agent of its own on their rows.
Stamp stamp_of(const Engine& engine, const Principal& principal);

}  // namespace daybook
