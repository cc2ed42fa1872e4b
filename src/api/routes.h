// Every route: those of the table in routes.cc and those that the catalog declares.
#pragma once

#include <string_view>
#include <vector>

#include "api/call.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "engine/rights.h"
#include "http/message.h"

namespace daybook::api {

// In what a route answers; what only JSON speaks is refused to clients that do not take it.
enum class Offers { kJson, kRows, kText };

struct RouteRow {
  http::Method method;
  std::string_view path;
  Endpoint endpoint;
  Access access;  // the right that it needs
  Offers offers;
  std::string_view about;
};

// Before the declared routes in precedence.
const std::vector<RouteRow>& literal_routes();
// After them; {app} and {collection} stand for declared names only.
const std::vector<RouteRow>& generic_routes();
// What answers a declared route; null while this server lacks what it needs.
Endpoint declared_endpoint(Route::Action action);

// Whether the declared routes can be told apart from the literal ones, and whether what they ask
// can be asked (the catalog's reader has compared them with each other); `daybook catalog check`
// and `serve` say what it finds. The error's problems name file and line.
Result<void> check_routes(const Catalog& catalog);

}  // namespace daybook::api
