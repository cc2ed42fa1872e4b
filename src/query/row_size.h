// How much memory a Row takes, about: for budgets, and for what is told of removed rows. Pure.
#pragma once

#include <cstdint>

#include "catalog/row.h"

namespace daybook {

std::uint64_t row_bytes(const Row& row);

}  // namespace daybook
