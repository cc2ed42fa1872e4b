// What a feed gives: committed changes in the order of their positions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/collection.h"
#include "catalog/row.h"
#include "store/batch.h"

namespace daybook {

struct Change {
  Position position = 0;
  const Collection* collection = nullptr;
  Verb verb = Verb::kInsert;  // kErase never names a row: verb kDelete, without one
  std::string id;
  Value tenant;            // of a collection with tenants: whose the row is, or was
  std::optional<Row> row;  // as it is now; none when it is gone
};

struct Changes {
  std::vector<Change> changes;
  Position next = 0;    // ask again after this one
  bool is_gap = false;  // changes after the position asked for are not kept any more
};

}  // namespace daybook
