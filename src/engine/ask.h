// Asking the store: the one place where questions leave the engine. Each is timed, logged when it
// was slow, and noted as a part of the answer that it is asked for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "query/scan.h"
#include "query/search.h"
#include "query/summary.h"

namespace daybook {

// One question to the store and what it cost.
struct Inquiry {
  std::string_view verb;  // "list", "summarize", "search"
  const Collection* collection = nullptr;
  Cost cost;
  std::uint64_t given = 0;  // rows, or groups
  Duration took{};
};
using Inquiries = std::vector<Inquiry>;

Result<std::vector<Row>> ask(Engine& engine, const Scan& scan, Inquiries& inquiries);
// The same, but a page of large rows ends early, so that neither its question nor its answer takes
// much memory.
struct RowsOfPage {
  std::vector<Row> rows;
  bool is_cut = false;  // there are more
};
Result<RowsOfPage> ask_page(Engine& engine, const Scan& scan, Inquiries& inquiries);
Result<Groups> ask(Engine& engine, const Summary& summary, Inquiries& inquiries);
Result<Hits> ask(Engine& engine, const Search& search, Inquiries& inquiries);

}  // namespace daybook
