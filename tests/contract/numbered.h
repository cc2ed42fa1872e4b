// Numbered batches: what is written while processes are killed and disks fail, made so that it can
// be said afterwards of each number whether its batch is there whole, and once.
#pragma once

#include <map>
#include <string>

#include "tests/contract/words.h"

namespace daybook::contract {

// Three visits and one that only counts, an order that is packed at once and a customer, all or
// nothing.
Batch numbered_batch(int number);
// Changes that it takes positions for.
constexpr Position kNumberedChanges = 6;

// The first position of each number whose batch was acknowledged.
using Acknowledged = std::map<int, Position>;

// What is wrong with a store that was given numbered batches only: an acknowledged one is not
// there, any is there in part or twice, positions have gaps or belong to another batch, a rollup
// counts other rows than there are, verify() finds something. Empty when all is well.
std::string find_damage(Store& store, const Acknowledged& acknowledged);

}  // namespace daybook::contract
