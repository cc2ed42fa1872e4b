#include "store/sqlite/time_walk.h"

#include <algorithm>
#include <utility>

namespace daybook::sqlite {

TimeWalk::TimeWalk(const Asked& asked, JournalReader::Direction direction,
                   const std::optional<Place>& after, Meter& meter)
    : asked_(asked),
      is_newest_first_(direction == JournalReader::Direction::kNewestFirst),
      after_(after),
      after_time_(after && after->time ? micros(*after->time) : 0),
      meter_(meter) {}

void TimeWalk::add(OpenedBlock block, const columns::Selection& selection) {
  const std::int64_t bound = is_newest_first_ ? block.last_time : block.first_time;
  sources_.push_back({std::move(block), selection, bound});
  ids_.push_back(nullptr);
}

Result<const columns::BlockReader*> TimeWalk::next(std::size_t& position) {
  DAYBOOK_TRY(load_due());
  if (rows_.empty()) return nullptr;
  std::ranges::pop_heap(rows_,
                        [&](const Chosen& a, const Chosen& b) { return comes_before(b, a); });
  const Chosen row = rows_.back();
  rows_.pop_back();
  position = row.position;
  columns::BlockReader& reader = *sources_[row.source].block.reader;
  DAYBOOK_TRY(reader.want_all());
  return &reader;
}

// Looks into every block that may have a row before the one on top.
Result<void> TimeWalk::load_due() {
  while (true) {
    const Source* best = nullptr;
    for (const Source& source : sources_) {
      if (source.is_loaded) continue;
      const bool is_earlier = best == nullptr || (is_newest_first_ ? source.bound > best->bound
                                                                   : source.bound < best->bound);
      if (is_earlier) best = &source;
    }
    if (best == nullptr) return {};
    const bool is_later = !rows_.empty() && (is_newest_first_ ? best->bound < rows_.front().time
                                                              : best->bound > rows_.front().time);
    if (is_later) return {};
    DAYBOOK_TRY(load(static_cast<std::uint32_t>(best - sources_.data())));
  }
}

Result<void> TimeWalk::load(std::uint32_t number) {
  Source& source = sources_[number];
  source.is_loaded = true;
  columns::BlockReader& reader = *source.block.reader;
  DAYBOOK_TRY(meter_.look_at(reader.rows()));
  DAYBOOK_ASSIGN(const auto positions, columns::select(reader, source.selection, asked_.filter));
  if (positions.empty()) return {};
  DAYBOOK_ASSIGN(ids_[number], reader.column(reader.layout().id));
  DAYBOOK_ASSIGN(const columns::Column* times, reader.column(reader.collection().time_field));
  DAYBOOK_TRY(meter_.hold(positions.size() * sizeof(Chosen)));
  for (const std::uint32_t position : positions) {
    const std::int64_t time = times->numbers()[position];
    if (!is_past(time, *ids_[number], position)) rows_.push_back({time, number, position});
  }
  std::ranges::make_heap(rows_,
                         [&](const Chosen& a, const Chosen& b) { return comes_before(b, a); });
  return {};
}

// Whether an earlier page gave the row out.
bool TimeWalk::is_past(std::int64_t time, const columns::Column& ids,
                       std::uint32_t position) const {
  if (!after_) return false;
  if (time != after_time_) return is_newest_first_ ? time > after_time_ : time < after_time_;
  const std::string id = ids.text(position);
  return is_newest_first_ ? id >= after_->id : id <= after_->id;
}

bool TimeWalk::comes_before(const Chosen& a, const Chosen& b) const {
  if (a.time != b.time) return is_newest_first_ ? a.time > b.time : a.time < b.time;
  const std::string id_a = id_of(a);
  const std::string id_b = id_of(b);
  return is_newest_first_ ? id_a > id_b : id_a < id_b;
}

std::string TimeWalk::id_of(const Chosen& row) const {
  return ids_[row.source]->text(row.position);
}

}  // namespace daybook::sqlite
