#include "query/search.h"
#include "query/term_finder.h"

namespace daybook {

struct TextMatcher::State {
  State(const Collection& searched, const TextQuery& query)
      : collection(searched),
        finder(search_language(searched), query),
        leaves_found(finder.leaves().size()) {}

  const Collection& collection;
  TermFinder finder;
  std::vector<bool> leaves_found;
};

TextMatcher::TextMatcher(const Collection& collection, const TextQuery& query)
    : state_(std::make_unique<State>(collection, query)) {}
TextMatcher::~TextMatcher() = default;
TextMatcher::TextMatcher(TextMatcher&&) noexcept = default;
TextMatcher& TextMatcher::operator=(TextMatcher&&) noexcept = default;

bool TextMatcher::matches(const Row& row) {
  State& state = *state_;
  state.leaves_found.assign(state.finder.leaves().size(), false);
  for (const auto& [field, weight] : searched_fields(state.collection)) {
    state.finder.look(row.values[field]);
    for (const TermFinder::Found& found : state.finder.found()) {
      state.leaves_found[found.leaf] = true;
    }
  }
  return state.finder.is_met(state.leaves_found);
}

}  // namespace daybook
