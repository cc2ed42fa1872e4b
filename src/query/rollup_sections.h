// The sections of stored cells, each a column or some that belong together. What is taken is
// checked: false for bytes that are no such section. Internal of query/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "query/byte_taker.h"
#include "query/rollup_cells.h"

namespace daybook {

// More of anything in one section is no section.
constexpr std::uint64_t kMaxSection = std::uint64_t{1} << 30;

std::string write_keys(const RollupCells& cells);
std::string write_sums(const MeasureCells& measure);
std::string write_places(const RollupCells& cells, const MeasureCells& measure);
std::string write_slots(const MeasureCells& measure);

// Into cells that have the width and one list of values for each `by` field; `size` cells.
bool take_keys(ByteTaker& in, std::size_t size, RollupCells& cells);
// Into an empty measure of these cells, whose keys were taken; the others after its sums.
bool take_sums(ByteTaker& in, const RollupCells& cells, MeasureCells& measure);
bool take_places(ByteTaker& in, RollupCells& cells, MeasureCells& measure);
bool take_slots(ByteTaker& in, const RollupCells& cells, MeasureCells& measure);

}  // namespace daybook
