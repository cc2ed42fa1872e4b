// Bytes that claim to be the stored sums of a rollup are read as such or refused; those with a
// right checksum too. What is read merges and is written again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/hash.h"
#include "query/rollup_cells.h"
#include "query/sample_collection.h"

namespace {

using namespace daybook;

Rollup rollup_of(const Collection& collection) {
  Rollup rollup;
  rollup.by = {*collection.find_field("endpoint"), *collection.find_field("status_code")};
  rollup.measures = {*collection.find_field("took_ms"), *collection.find_field("bytes"),
                     *collection.find_field("metrics")};
  rollup.distinct = {*collection.find_field("trace")};
  rollup.rates = {*parse_expression("took_ms > 500")};
  return rollup;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Collection kCollection = sample_journal();
  static const Rollup kRollup = rollup_of(kCollection);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)read_cells(bytes, kCollection, kRollup, all_cells()).ok();
  const std::uint32_t sum = checksum(bytes);
  bytes.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
  const auto read = read_cells(bytes, kCollection, kRollup, all_cells());
  if (!read.ok()) return 0;
  const auto again =
      read_cells(write_cells(*read, kCollection, kRollup), kCollection, kRollup, all_cells());
  if (!again.ok()) std::abort();
  (void)merge_cells({&read.value(), &again.value()}, read->width);
  return 0;
}
