#include "query/text_leaves.h"

#include <algorithm>

#include "base/bug.h"

namespace daybook {
namespace {

void add_leaves(const TextQuery& query, bool is_wanted, std::vector<TextLeaf>& leaves) {
  if (is_leaf(query)) return leaves.push_back({&query, is_wanted});
  const bool wants_parts = query.kind == TextQuery::Kind::kNot ? !is_wanted : is_wanted;
  for (const TextQuery& part : query.parts) add_leaves(part, wants_parts, leaves);
}

// `leaf` counts the leaves that were passed; all are, whatever comes out.
bool is_met_from(const TextQuery& query, const std::vector<bool>& leaves_found, std::size_t& leaf) {
  if (is_leaf(query)) return leaves_found[leaf++];
  std::size_t met = 0;
  for (const TextQuery& part : query.parts) met += is_met_from(part, leaves_found, leaf) ? 1 : 0;
  if (query.kind == TextQuery::Kind::kNot) return met == 0;
  return query.kind == TextQuery::Kind::kOr ? met > 0 : met == query.parts.size();
}

}  // namespace

std::vector<TextLeaf> leaves_of(const TextQuery& query) {
  std::vector<TextLeaf> leaves;
  add_leaves(query, true, leaves);
  return leaves;
}

bool is_leaf(const TextQuery& query) {
  switch (query.kind) {
    case TextQuery::Kind::kWord:
    case TextQuery::Kind::kPrefix:
    case TextQuery::Kind::kPhrase:
      return true;
    case TextQuery::Kind::kAnd:
    case TextQuery::Kind::kOr:
    case TextQuery::Kind::kNot:
      return false;
  }
  bug("a text query of no kind");
}

bool is_met(const TextQuery& query, const std::vector<bool>& leaves_found) {
  std::size_t leaf = 0;
  return is_met_from(query, leaves_found, leaf);
}

}  // namespace daybook
