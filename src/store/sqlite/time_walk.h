// TimeWalk: the chosen rows of one period of a journal by time, then id. Blocks are looked into
// only when the walk comes to their time, so that the newest few rows cost little.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/columns/selection.h"
#include "store/meter.h"
#include "store/sqlite/journal_reader.h"

namespace daybook::sqlite {

class TimeWalk {
 public:
  // All given outlive it. Rows up to `after` are left out, where one is given.
  TimeWalk(const Asked& asked, JournalReader::Direction direction,
           const std::optional<Place>& after, Meter& meter);

  // A block of the period; not looked into yet.
  void add(OpenedBlock block, const columns::Selection& selection);
  // The next row; null after the last.
  Result<const columns::BlockReader*> next(std::size_t& position);

 private:
  struct Source {
    OpenedBlock block;
    columns::Selection selection;
    std::int64_t bound;  // no row of it comes before one of this time
    bool is_loaded = false;
  };
  struct Chosen {
    std::int64_t time;
    std::uint32_t source;
    std::uint32_t position;
  };

  Result<void> load_due();
  Result<void> load(std::uint32_t source);
  bool is_past(std::int64_t time, const columns::Column& ids, std::uint32_t position) const;
  bool comes_before(const Chosen& a, const Chosen& b) const;
  std::string id_of(const Chosen& row) const;

  const Asked& asked_;
  const bool is_newest_first_;
  const std::optional<Place>& after_;
  const std::int64_t after_time_;
  Meter& meter_;
  std::vector<Source> sources_;
  std::vector<const columns::Column*> ids_;  // of loaded sources
  std::vector<Chosen> rows_;                 // a heap, the next row on top
};

}  // namespace daybook::sqlite
