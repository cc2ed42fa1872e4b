// The simplest correct store: rows in maps, questions answered by looking at every row. The oracle
// that the other stores are compared with, and the store of tests above this floor.
#pragma once

#include <memory>

#include "store/store.h"

namespace daybook {

std::unique_ptr<Store> make_memory_store();

}  // namespace daybook
