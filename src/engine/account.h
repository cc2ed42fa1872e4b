// Account: a row of a collection with [identity]: a person who may sign in. Pure; any thread.
#pragma once

#include <string>

#include "engine/own.h"
#include "engine/principal.h"

namespace daybook {

struct Account {
  const Collection* collection = nullptr;
  Row row;
};

bool is_active(const Collection& accounts, const Row& row);
// The person as a principal, without what the request adds.
Principal principal_of(const Own& own, const Collection& accounts, const Row& row);
// The field that people sign in with, and what it holds.
const Field& login_field(const Collection& accounts);
std::string login_of(const Collection& accounts, const Row& row);

}  // namespace daybook
