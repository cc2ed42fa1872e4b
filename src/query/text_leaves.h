// The leaves of a text query (words, prefixes, phrases), numbered from left to right. For stores
// and for what is in query/ itself.
#pragma once

#include <cstddef>
#include <vector>

#include "query/search.h"

namespace daybook {

struct TextLeaf {
  const TextQuery* query;  // a part of the whole, which outlives it
  bool is_wanted = true;   // it is looked for, not its absence
};
std::vector<TextLeaf> leaves_of(const TextQuery& query);

bool is_leaf(const TextQuery& query);
// Whether the query is met where these leaves were found.
bool is_met(const TextQuery& query, const std::vector<bool>& leaves_found);

}  // namespace daybook
