// TimeWalk: the chosen rows of one period of a journal by time, then id, then tenant. Blocks are
// looked into only when the walk comes to their time and let go behind it, so that the newest few
// rows cost little, and all of them little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/scan.h"
#include "store/columns/column.h"
#include "store/meter.h"
#include "store/sqlite/journal_reader.h"

namespace daybook::sqlite {

class TimeWalk {
 public:
  // The blocks of the period. All given outlive it. Rows up to `after` are left out, where one is
  // given.
  TimeWalk(JournalReader& journal, std::vector<BlockPlace> places, const Filter& filter,
           JournalReader::Direction direction, const std::optional<Place>& after, Meter& meter,
           Cost& cost);
  ~TimeWalk();
  TimeWalk(const TimeWalk&) = delete;
  TimeWalk& operator=(const TimeWalk&) = delete;

  // The next row; empty after the last.
  Result<std::optional<Row>> next();

 private:
  struct Found {
    std::int64_t time;
    std::uint32_t position;
    std::string id;  // of few rows, where the column of ids is not at hand
  };
  // A block that was looked into and has rows left.
  struct Source {
    const BlockPlace* place;
    std::shared_ptr<const columns::Column> ids;                   // null where few rows were found
    std::shared_ptr<const columns::Column> tenants;               // null also where there are none
    std::vector<std::pair<std::uint32_t, Value>> tenants_of_few;  // by position
    std::vector<Found> rows;                                      // a heap, the next one on top
    OpenedBlock block;                                            // where its columns are at hand
    std::uint64_t held = 0;                                       // bytes, of ids and rows
    bool is_open = false;
    std::size_t given = 0;      // rows
    std::uint64_t fetched = 0;  // bytes, of the block
  };

  std::int64_t bound_of(const BlockPlace& place) const;
  bool comes_before(std::int64_t a, std::int64_t b) const {
    return is_newest_first_ ? a > b : a < b;
  }
  bool comes_before(const Source& source, const Found& a, const Source& other,
                    const Found& b) const;
  bool is_past(const Source& source, const Found& row) const;
  Result<void> look_into_due();
  Result<void> look_into(const BlockPlace& place);
  Result<void> take_rows(Source& source, const columns::Chosen& chosen);
  Result<void> read_many(Source& source, const columns::Chosen& chosen);
  static Result<void> read_few(Source& source, const columns::Chosen& chosen);
  static std::string id_of(const Source& source, const Found& row);
  static int compare_ids(const Source& source, const Found& a, const Source& other, const Found& b);
  static Value tenant_of(const Source& source, const Found& row);
  Result<void> keep_open(Source& source);
  Result<void> hold_fetched(Source& source);
  Result<Row> row_of(Source& source, std::uint32_t position);
  void close(Source& source);
  void let_go(Source& source);

  JournalReader& journal_;
  const std::vector<BlockPlace> places_;  // by bound, the next one last
  std::size_t waiting_;                   // the first so many were not looked into
  const Filter& filter_;
  const bool is_newest_first_;
  const std::optional<Place>& after_;
  const std::int64_t after_time_;
  Meter& meter_;
  Cost& cost_;
  std::vector<std::unique_ptr<Source>> sources_;  // a heap, that of the next row on top
  std::vector<Source*> opened_;                   // those with columns at hand, last used last
};

}  // namespace daybook::sqlite
