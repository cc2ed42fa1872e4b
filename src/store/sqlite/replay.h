// Replay: what the writer knows of the journals, rebuilt at start from the database: partitions,
// sealed blocks with their deaths, and the open blocks from the frames that no block covers.
#pragma once

#include "base/result.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/shelf.h"
#include "store/sqlite/writer.h"

namespace daybook::sqlite {

// kInternal when what is there is not what was written: says which blocks and frames, and of what.
Result<Writer::State> replay(Connection& db, const Shelves& shelves);

}  // namespace daybook::sqlite
