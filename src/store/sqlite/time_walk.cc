#include "store/sqlite/time_walk.h"

#include <algorithm>
#include <utility>

#include "catalog/row_key.h"

namespace daybook::sqlite {

namespace {

// Where many blocks overlap, rows come from one and the other: of so many the columns stay.
constexpr std::size_t kOpened = 4;

std::vector<BlockPlace> sorted(std::vector<BlockPlace> places, bool is_newest_first) {
  std::ranges::stable_sort(places, [&](const BlockPlace& a, const BlockPlace& b) {
    return is_newest_first ? a.times().last < b.times().last : a.times().first > b.times().first;
  });
  return places;
}

}  // namespace

TimeWalk::TimeWalk(JournalReader& journal, std::vector<BlockPlace> places, const Filter& filter,
                   JournalReader::Direction direction, const std::optional<Place>& after,
                   Meter& meter, Cost& cost)
    : journal_(journal),
      places_(sorted(std::move(places), direction == JournalReader::Direction::kNewestFirst)),
      waiting_(places_.size()),
      filter_(filter),
      is_newest_first_(direction == JournalReader::Direction::kNewestFirst),
      after_(after),
      after_time_(after && after->time ? micros(*after->time) : 0),
      meter_(meter),
      cost_(cost) {}

TimeWalk::~TimeWalk() {
  for (const auto& source : sources_) let_go(*source);
}

// No row of the block comes before one of this time.
std::int64_t TimeWalk::bound_of(const BlockPlace& place) const {
  return is_newest_first_ ? place.times().last : place.times().first;
}

Result<std::optional<Row>> TimeWalk::next() {
  DAYBOOK_TRY(look_into_due());
  if (sources_.empty()) return std::optional<Row>();
  const auto later = [&](const auto& a, const auto& b) {
    return comes_before(*b, b->rows.front(), *a, a->rows.front());
  };
  std::ranges::pop_heap(sources_, later);
  Source& source = *sources_.back();
  std::ranges::pop_heap(source.rows, [&](const Found& a, const Found& b) {
    return comes_before(source, b, source, a);
  });
  const std::uint32_t position = source.rows.back().position;
  source.rows.pop_back();
  DAYBOOK_ASSIGN(Row row, row_of(source, position));
  if (source.rows.empty()) {
    let_go(source);
    sources_.pop_back();
  } else {
    std::ranges::push_heap(sources_, later);
  }
  return std::optional(std::move(row));
}

// Looks into every block that may have a row before the one on top.
Result<void> TimeWalk::look_into_due() {
  while (waiting_ > 0) {
    const BlockPlace& place = places_[waiting_ - 1];
    if (!sources_.empty() && comes_before(sources_.front()->rows.front().time, bound_of(place))) {
      return {};
    }
    --waiting_;
    DAYBOOK_TRY(look_into(place));
  }
  return {};
}

Result<void> TimeWalk::look_into(const BlockPlace& place) {
  auto source = std::make_unique<Source>();
  source->place = &place;
  source->block = journal_.open(place);
  DAYBOOK_ASSIGN(const columns::Chosen chosen,
                 JournalReader::choose(source->block, place.selection, filter_, meter_, cost_));
  if (!chosen.empty()) DAYBOOK_TRY(take_rows(*source, chosen));
  if (source->rows.empty()) {
    close(*source);
    return {};
  }
  Source& found = *source;
  sources_.push_back(std::move(source));
  std::ranges::push_heap(sources_, [&](const auto& a, const auto& b) {
    return comes_before(*b, b->rows.front(), *a, a->rows.front());
  });
  return keep_open(found);  // mostly the next row is one of its
}

Result<void> TimeWalk::take_rows(Source& source, const columns::Chosen& chosen) {
  if (chosen.size() <= columns::kFewRows) {
    DAYBOOK_TRY(read_few(source, chosen));
  } else {
    DAYBOOK_TRY(read_many(source, chosen));
  }
  std::erase_if(source.rows, [&](const Found& row) { return is_past(source, row); });
  if (source.rows.empty()) return {};
  source.held += source.rows.capacity() * sizeof(Found);
  DAYBOOK_TRY(meter_.hold(source.held));
  std::ranges::make_heap(source.rows, [&](const Found& a, const Found& b) {
    return comes_before(source, b, source, a);
  });
  return {};
}

Result<void> TimeWalk::read_many(Source& source, const columns::Chosen& chosen) {
  columns::BlockReader& reader = *source.block.reader;
  const std::uint64_t before = reader.bytes();
  DAYBOOK_ASSIGN(source.ids, reader.share(reader.layout().id));
  if (const auto tenant = key_tenant(reader.collection())) {
    DAYBOOK_ASSIGN(source.tenants, reader.share(*tenant));
  }
  source.held = reader.bytes() - before;
  DAYBOOK_ASSIGN(const columns::Column* times, reader.column(reader.collection().time_field));
  source.rows.reserve(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    source.rows.push_back({times->numbers()[chosen[i]], chosen[i], {}});
  }
  return {};
}

Result<void> TimeWalk::read_few(Source& source, const columns::Chosen& chosen) {
  columns::BlockReader& reader = *source.block.reader;
  const auto tenant = key_tenant(reader.collection());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    DAYBOOK_ASSIGN(const Value time, reader.value(reader.collection().time_field, chosen[i]));
    DAYBOOK_ASSIGN(const Value id, reader.value(reader.layout().id, chosen[i]));
    source.rows.push_back({micros(time.get<Instant>()), chosen[i], id.get<std::string>()});
    if (!tenant) continue;
    DAYBOOK_ASSIGN(Value whose, reader.value(*tenant, chosen[i]));
    source.tenants_of_few.emplace_back(chosen[i], std::move(whose));
  }
  return {};
}

std::string TimeWalk::id_of(const Source& source, const Found& row) {
  return source.ids ? source.ids->text(row.position) : row.id;
}

Value TimeWalk::tenant_of(const Source& source, const Found& row) {
  if (source.tenants) return source.tenants->value(row.position);
  for (const auto& [position, tenant] : source.tenants_of_few) {
    if (position == row.position) return tenant;
  }
  return {};
}

int TimeWalk::compare_ids(const Source& source, const Found& a, const Source& other,
                          const Found& b) {
  const auto is_packed = [](const Source& of, const Found& row) {
    return of.ids && of.ids->marks()[row.position] == columns::Column::kPacked;
  };
  if (!is_packed(source, a) || !is_packed(other, b)) {
    return id_of(source, a).compare(id_of(other, b));
  }
  // The text of a UUID orders as its bytes do.
  const auto order = source.ids->uuids()[a.position] <=> other.ids->uuids()[b.position];
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Whether an earlier page gave the row out.
bool TimeWalk::is_past(const Source& source, const Found& row) const {
  if (!after_) return false;
  if (row.time != after_time_) return comes_before(row.time, after_time_);
  auto order = id_of(source, row).compare(after_->id) <=> 0;
  if (order == 0) order = compare(tenant_of(source, row), after_->tenant);
  return is_newest_first_ ? order >= 0 : order <= 0;
}

bool TimeWalk::comes_before(const Source& source, const Found& a, const Source& other,
                            const Found& b) const {
  if (a.time != b.time) return comes_before(a.time, b.time);
  auto order = compare_ids(source, a, other, b) <=> 0;
  if (order == 0) order = compare(tenant_of(source, a), tenant_of(other, b));
  return is_newest_first_ ? order > 0 : order < 0;
}

// Of a block that was just opened. What it has fetched so far stays.
Result<void> TimeWalk::keep_open(Source& source) {
  if (opened_.size() == kOpened) close(*opened_.front());
  source.is_open = true;
  opened_.push_back(&source);
  return hold_fetched(source);
}

Result<void> TimeWalk::hold_fetched(Source& source) {
  const std::uint64_t before = std::exchange(source.fetched, source.block.reader->bytes());
  return meter_.hold(source.fetched - before);
}

// The first few rows of a block are read alone; who goes on reads its columns.
Result<Row> TimeWalk::row_of(Source& source, std::uint32_t position) {
  if (!source.is_open) {
    source.block = journal_.open(*source.place);
    DAYBOOK_TRY(keep_open(source));
  } else if (opened_.back() != &source) {
    std::erase(opened_, &source);
    opened_.push_back(&source);
  }
  columns::BlockReader& reader = *source.block.reader;
  if (++source.given <= columns::kFewRows) return reader.read_row(position);
  DAYBOOK_TRY(reader.want_all());
  DAYBOOK_TRY(hold_fetched(source));
  return reader.row(position);
}

void TimeWalk::close(Source& source) {
  if (!source.block.reader) return;
  cost_ += source.block.reader->cost();
  meter_.release(source.fetched);
  source.fetched = 0;
  source.is_open = false;
  source.block = {};
  std::erase(opened_, &source);
}

void TimeWalk::let_go(Source& source) {
  close(source);
  meter_.release(source.held);
  source.held = 0;
}

}  // namespace daybook::sqlite
