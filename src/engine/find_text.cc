#include "engine/find_text.h"

#include <utility>

#include "engine/list.h"

namespace daybook {
namespace {

constexpr std::size_t kDefaultHits = 20;
constexpr std::size_t kMaxHits = 1'000;

Result<Search::Rank> take_rank(Words& words) {
  const auto text = words.take("rank");
  if (!text || *text == "newest") return Search::Rank::kNewest;
  if (*text == "best") return Search::Rank::kBest;
  return Error(Code::kInvalid, "rank must be newest or best, not '" + *text + "'");
}

Result<TextQuery> take_query(Words& words, const Collection& collection) {
  const auto text = words.take("q");
  if (!collection.text) {
    return Error(Code::kInvalid, collection.full_name() + " declares no text to search");
  }
  if (!text) return Error(Code::kInvalid, "q is missing: the words to search for");
  auto query = parse_text_query(*text, collection.text->language);
  if (!query.ok()) return std::move(query).error().with_context("q");
  return query;
}

std::string canonical_question(const Search& search, const Filter& asked,
                               const WindowWords& window) {
  return "search " + search.collection->full_name() + "\n" + format_text_query(search.text) + "\n" +
         canonical_text(asked) + "\n" + canonical_text(window);
}

Result<void> resume(const std::string& cursor, const std::string& canonical, Search& search) {
  if (search.rank == Search::Rank::kBest) {
    return Error(Code::kInvalid, "cursor: only rank=newest goes on page by page");
  }
  DAYBOOK_ASSIGN(Bookmark bookmark, decode_bookmark(cursor, canonical));
  search.after = std::move(bookmark.place);
  search.window = std::move(bookmark.window);
  return {};
}

FoundText present(const Search& search, const Sight& sight, Hits hits,
                  const std::string& canonical) {
  const Collection& collection = *search.collection;
  FoundText found;
  found.query = format_text_query(search.text);
  found.window = search.window;
  if (hits.more && search.rank == Search::Rank::kNewest) {
    const Place place = place_of(collection, default_order(collection), hits.hits.back().row);
    found.next_cursor = encode_bookmark({place, search.window}, canonical);
  }
  if (search.rank == Search::Rank::kNewest) score_hits(collection, search.text, hits.hits);
  for (Hit& hit : hits.hits) {
    std::string text = snippet(collection, search.text, hit.row);
    sight.veil(hit.row);
    found.items.push_back({std::move(hit.row), hit.score, std::move(text)});
  }
  return found;
}

}  // namespace

Result<FoundText> find_text(Engine& engine, Question question, Filter fixed) {
  const Collection& collection = question.collection();
  const Sight& sight = question.sight;
  Words& words = question.words;
  Search search;
  search.collection = &collection;
  search.now = engine.now();
  search.budget = std::move(question.budget);
  DAYBOOK_ASSIGN(search.text, take_query(words, collection));
  DAYBOOK_ASSIGN(search.rank, take_rank(words));
  const WindowWords window = words.take_window();
  DAYBOOK_ASSIGN(search.window, window_of(collection, window, WindowRule(), search.now));
  search.limit = words.take_limit(kDefaultHits, kMaxHits);
  Projection projection;
  if (const auto fields = words.take("fields")) {
    DAYBOOK_ASSIGN(projection, parse_projection(collection, *fields));
    DAYBOOK_TRY(sight.check(projection));
  }
  DAYBOOK_TRY(sight.check_text());
  const auto cursor = words.take("cursor");
  Filter asked = words.take_filter(collection);
  DAYBOOK_TRY(words.finish());
  DAYBOOK_TRY(sight.check(asked));
  asked = both(std::move(fixed), std::move(asked));
  const std::string canonical = canonical_question(search, asked, window);
  search.filter = both(sight.rows(), std::move(asked));
  if (cursor && !cursor->empty()) DAYBOOK_TRY(resume(*cursor, canonical, search));
  Inquiries inquiries;
  DAYBOOK_ASSIGN(Hits hits, ask(engine, search, inquiries));
  FoundText found = present(search, sight, std::move(hits), canonical);
  found.inquiries = std::move(inquiries);
  found.projection = sight.limited(std::move(projection));
  return found;
}

}  // namespace daybook
