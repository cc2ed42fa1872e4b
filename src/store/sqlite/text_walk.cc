#include "store/sqlite/text_walk.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "catalog/row_key.h"
#include "store/sqlite/questions.h"

namespace daybook::sqlite {

namespace {

using columns::BlockReader;
using columns::Column;
using columns::Positions;
using columns::TextProbe;

// The order of ids is that of their texts; UUIDs are written so that it is that of their bytes too.
int compare_ids(const Column& a, std::uint32_t in_a, const Column& b, std::uint32_t in_b) {
  const bool are_packed = a.marks()[in_a] == Column::kPacked && b.marks()[in_b] == Column::kPacked;
  if (are_packed) {
    return a.uuids()[in_a] < b.uuids()[in_b] ? -1 : b.uuids()[in_b] < a.uuids()[in_a] ? 1 : 0;
  }
  return a.text(in_a).compare(b.text(in_b));
}

int sign_of(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace

TextWalk::TextWalk(const Shelf& shelf, JournalReader& reader, const Search& search, Meter& meter,
                   Cost& cost)
    : shelf_(shelf),
      reader_(reader),
      search_(search),
      asked_{search.filter, search.window, search.now},
      is_ranked_(search.rank == Search::Rank::kBest),
      tenant_(key_tenant(*search.collection)),
      meter_(meter),
      cost_(cost),
      finder_(search_language(*search.collection), search.text),
      places_(reader.places(asked_, cost)) {
  std::ranges::stable_sort(places_, {}, [](const BlockPlace& place) { return place.times().last; });
  if (is_ranked_ || !search.after || !search.after->time) return;
  const std::int64_t newest = micros(*search.after->time);
  std::erase_if(places_, [&](const BlockPlace& place) { return place.times().first > newest; });
}

Result<std::optional<TextWalk::Match>> TextWalk::next() {
  while (true) {
    DAYBOOK_TRY(load_due());
    DAYBOOK_ASSIGN(Source * source, newest());
    if (source == nullptr) return std::optional<Match>();
    const std::uint32_t position = source->rows[source->at++];
    bool is_match = source->is_exact();
    if (!is_match) {
      DAYBOOK_ASSIGN(is_match, matches(*source, position));
    }
    std::size_t number = first_;
    while (&sources_[number] != source) ++number;
    if (source->at == source->rows.size()) leave(*source);
    if (is_match) return std::optional(Match{number, position});
  }
}

// Looks into every block that may have a row before the one that is next.
Result<void> TextWalk::load_due() {
  while (!places_.empty()) {
    DAYBOOK_ASSIGN(const Source* newest, this->newest());
    if (newest != nullptr && newest->time() > places_.back().times().last) return {};
    const BlockPlace place = places_.back();
    places_.pop_back();
    DAYBOOK_TRY(load(place, sources_.emplace_back()));
  }
  return {};
}

Result<void> TextWalk::load(const BlockPlace& place, Source& source) {
  DAYBOOK_TRY(meter_.look_at(0));
  source.block = reader_.open(place);
  BlockReader& reader = *source.block.reader;
  DAYBOOK_ASSIGN(source.probe, probe(reader));
  if (source.probe && source.probe->rows().is_empty()) {
    ++cost_.blocks_skipped.by_postings;
    meter_.release(source.probe->bytes());
    source.probe.reset();
    return {};
  }
  DAYBOOK_ASSIGN(columns::Chosen chosen, JournalReader::choose(source.block, place.selection,
                                                               asked_.filter, meter_, cost_));
  source.rows = std::move(chosen).positions();
  if (source.probe) {
    std::erase_if(source.rows, [&](std::uint32_t row) { return !source.probe->rows().has(row); });
    const std::size_t whole = source.probe->bytes();
    source.probe->narrow(source.rows);
    meter_.release(whole - source.probe->bytes());
  }
  DAYBOOK_TRY(meter_.hold(source.rows.size() * sizeof(std::uint32_t)));
  DAYBOOK_ASSIGN(source.times, reader.column(search_.collection->time_field));
  DAYBOOK_TRY(sort(source));
  DAYBOOK_TRY(drop_given(source));
  if (source.at == source.rows.size()) leave(source);
  return {};
}

// Empty where the block does not know the words of every field. What it returns is held.
Result<std::optional<TextProbe>> TextWalk::probe(BlockReader& reader) {
  const Collection& collection = *search_.collection;
  std::vector<columns::Terms> terms;
  for (const auto& [field, weight] : searched_fields(collection)) {
    DAYBOOK_ASSIGN(auto part, reader.part(columns::PartKind::kTerms, field));
    if (part == nullptr) return std::optional<TextProbe>();
    DAYBOOK_ASSIGN(auto opened, columns::Terms::open(std::move(part), reader.rows()));
    if (!opened.is_of(search_language(collection))) return std::optional<TextProbe>();
    terms.push_back(std::move(opened));
  }
  std::vector<columns::Terms*> fields;
  for (columns::Terms& of_field : terms) fields.push_back(&of_field);
  const auto need = is_ranked_ ? TextProbe::Need::kCounts : TextProbe::Need::kRows;
  DAYBOOK_ASSIGN(TextProbe probe, TextProbe::look(search_.text, fields, reader.rows(), need));
  std::size_t read = 0;
  for (const columns::Terms& of_field : terms) read += of_field.bytes();
  DAYBOOK_TRY(meter_.hold(read + probe.bytes()));
  meter_.release(read);  // the terms end here
  return std::optional(std::move(probe));
}

Result<void> TextWalk::sort(Source& source) {
  const auto& times = source.times->numbers();
  std::ranges::reverse(source.rows);  // the newest came last, mostly
  const auto is_after = [&](std::uint32_t a, std::uint32_t b) { return times[a] > times[b]; };
  if (!std::ranges::is_sorted(source.rows, is_after)) std::ranges::sort(source.rows, is_after);
  const auto are_same = [&](std::uint32_t a, std::uint32_t b) { return times[a] == times[b]; };
  for (auto it = source.rows.begin(); it != source.rows.end();) {
    it = std::adjacent_find(it, source.rows.end(), are_same);
    if (it == source.rows.end()) break;
    const auto end =
        std::find_if(it, source.rows.end(), [&](std::uint32_t row) { return !are_same(*it, row); });
    DAYBOOK_TRY(want_keys(source));
    std::sort(it, end, [&](std::uint32_t a, std::uint32_t b) {
      return compare_keys(source, a, source, b) > 0;
    });
    it = end;
  }
  return {};
}

// Passes over what an earlier page gave out.
Result<void> TextWalk::drop_given(Source& source) {
  if (is_ranked_ || !search_.after || !search_.after->time) return {};
  const std::int64_t time = micros(*search_.after->time);
  for (; source.at < source.rows.size(); ++source.at) {
    if (source.time() < time) break;
    if (source.time() > time) continue;
    DAYBOOK_TRY(want_keys(source));
    const std::uint32_t row = source.rows[source.at];
    const int by_id = source.ids->text(row).compare(search_.after->id);
    if (by_id < 0) break;
    if (by_id > 0 || source.tenants == nullptr) continue;
    if (compare(source.tenants->value(row), search_.after->tenant) < 0) break;
  }
  return {};
}

Result<TextWalk::Source*> TextWalk::newest() {
  while (first_ < sources_.size() && sources_[first_].rows.empty()) ++first_;
  Source* newest = nullptr;
  for (std::size_t i = first_; i < sources_.size(); ++i) {
    Source& source = sources_[i];
    if (source.at == source.rows.size()) continue;
    bool is_next = newest == nullptr;
    if (!is_next) {
      DAYBOOK_ASSIGN(is_next, is_newer(source, *newest));
    }
    if (is_next) newest = &source;
  }
  return newest;
}

Result<bool> TextWalk::is_newer(Source& a, Source& b) {
  if (a.time() != b.time()) return a.time() > b.time();
  DAYBOOK_TRY(want_keys(a));
  DAYBOOK_TRY(want_keys(b));
  return compare_keys(a, a.rows[a.at], b, b.rows[b.at]) > 0;
}

Result<void> TextWalk::want_keys(Source& source) {
  if (source.ids != nullptr) return {};
  BlockReader& reader = *source.block.reader;
  if (tenant_) {
    DAYBOOK_ASSIGN(source.tenants, reader.column(*tenant_));
  }
  DAYBOOK_ASSIGN(source.ids, reader.column(reader.layout().id));
  return {};
}

int TextWalk::compare_keys(const Source& a, std::uint32_t in_a, const Source& b,
                           std::uint32_t in_b) {
  const int by_id = compare_ids(*a.ids, in_a, *b.ids, in_b);
  if (by_id != 0 || a.tenants == nullptr) return by_id;
  return sign_of(compare(a.tenants->value(in_a), b.tenants->value(in_b)));
}

Result<bool> TextWalk::matches(Source& source, std::uint32_t position) {
  std::vector<bool> found(finder_.leaves().size());
  for (const auto& [field, weight] : searched_fields(*search_.collection)) {
    DAYBOOK_ASSIGN(const Column* column, source.block.reader->column(field));
    if (column->is_null(position)) continue;
    finder_.look(column->value(position));
    for (const TermFinder::Found& at : finder_.found()) found[at.leaf] = true;
  }
  return finder_.is_met(found);
}

Result<void> TextWalk::rank(const Match& match, Ranking& ranking) {
  Source& source = sources_[match.source];
  DAYBOOK_TRY(meter_.hold(ranking.row_bytes() + sizeof(Match)));
  const std::size_t ranked = ranking.add_row();
  if (source.is_exact()) {
    source.probe->tell(match.position, ranking, ranked);
    return {};
  }
  const auto& fields = searched_fields(*search_.collection);
  for (std::size_t field = 0; field < fields.size(); ++field) {
    DAYBOOK_ASSIGN(const Column* column, source.block.reader->column(fields[field].first));
    ranking.look(ranked, field, column->value(match.position), finder_);
  }
  return {};
}

void TextWalk::add_cost() {
  for (const Source& source : sources_) cost_ += source.block.reader->cost();
}

Result<Row> TextWalk::row(const Match& match) {
  DAYBOOK_ASSIGN(Row row, sources_[match.source].block.reader->read_row(match.position));
  DAYBOOK_TRY(meter_.hold(row_bytes(row)));
  return row;
}

// What is remembered of a block that the walk is through with are its numbers, not its columns.
void TextWalk::leave(Source& source) {
  source.times = source.ids = source.tenants = nullptr;
  meter_.release(source.rows.size() * sizeof(std::uint32_t));
  source.rows = {};
  source.at = 0;
  source.block.reader->forget();
}

}  // namespace daybook::sqlite
