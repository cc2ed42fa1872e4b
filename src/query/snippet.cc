#include <algorithm>

#include "base/text.h"
#include "query/search.h"
#include "query/term_finder.h"

namespace daybook {
namespace {

using Found = TermFinder::Found;

constexpr std::string_view kCut = "\u2026";

// A field that was looked through.
struct Searched {
  std::string text;
  std::vector<Word> words;
  std::vector<Found> found;  // only what the query looks for
  double score = -1;
};

// A range of bytes.
struct Range {
  std::size_t begin = 0, end = 0;
};

std::size_t distinct_leaves(const std::vector<Found>& found, std::size_t from, std::size_t until) {
  std::vector<std::size_t> leaves;
  for (std::size_t i = from; i < until; ++i) leaves.push_back(found[i].leaf);
  std::sort(leaves.begin(), leaves.end());
  return static_cast<std::size_t>(std::unique(leaves.begin(), leaves.end()) - leaves.begin());
}

Searched look(TermFinder& finder, const Value& value, double weight) {
  finder.look(value);
  Searched field{searched_text(value), finder.words(), {}, -1};
  for (const Found& found : finder.found()) {
    if (finder.leaves()[found.leaf].is_wanted) field.found.push_back(found);
  }
  if (!field.text.empty()) {
    field.score = weight * static_cast<double>(distinct_leaves(field.found, 0, field.found.size()));
  }
  return field;
}

Searched best_field(const Collection& collection, const TextQuery& query, const Row& row) {
  TermFinder finder(search_language(collection), query);
  Searched best;
  for (const auto& [field, weight] : searched_fields(collection)) {
    Searched next = look(finder, row.values[field], weight);
    if (next.score > best.score) best = std::move(next);
  }
  return best;
}

// The places that fit into `bytes` and hold the most of what is looked for; the first such.
Range best_places(const std::vector<Found>& found, std::size_t bytes) {
  Range best;
  std::size_t most = 0;
  for (std::size_t from = 0; from < found.size(); ++from) {
    std::size_t until = from + 1;
    while (until < found.size() && found[until].end <= found[from].begin + bytes) ++until;
    const std::size_t leaves = distinct_leaves(found, from, until);
    if (leaves <= most) continue;
    most = leaves;
    best = {found[from].begin, found[until - 1].end};
  }
  return best;
}

// `bytes` around the places, a third of what is left before them.
Range around(const Range& places, std::size_t size, std::size_t bytes) {
  const std::size_t length = places.end - places.begin;
  const std::size_t slack = bytes > length ? bytes - length : 0;
  Range range;
  range.begin = places.begin - std::min(places.begin, slack / 3);
  range.end = std::min(size, std::max(range.begin + bytes, places.end));
  if (range.end == size && size - range.begin < bytes) {
    range.begin = std::min(range.begin, size - std::min(size, bytes));
  }
  return range;
}

// The range without words that it cuts, but with all of the places.
Range between_words(Range range, const Range& places, const Searched& field) {
  std::size_t begin = range.begin == 0 ? 0 : places.begin;
  std::size_t end = range.end == field.text.size() ? range.end : places.end;
  for (const Word& word : field.words) {
    if (range.begin > 0 && word.begin >= range.begin)
      begin = std::min<std::size_t>(begin, word.begin);
    if (range.end < field.text.size() && word.end <= range.end)
      end = std::max<std::size_t>(end, word.end);
  }
  // Without places the text may begin with one long word.
  return {begin, end > begin ? end : range.end};
}

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

std::string marked(const Searched& field, const Range& range) {
  const std::string_view text = field.text;
  std::string out(range.begin > 0 ? kCut : "");
  std::size_t at = range.begin;
  for (const Found& found : field.found) {
    // Places may overlap: a word is also part of a phrase.
    const std::size_t begin = std::max<std::size_t>(found.begin, at);
    if (begin >= found.end || found.end > range.end) continue;
    append_escaped(text.substr(at, begin - at), out);
    out += "<em>";
    append_escaped(text.substr(begin, found.end - begin), out);
    out += "</em>";
    at = found.end;
  }
  append_escaped(text.substr(at, range.end - at), out);
  if (range.end < text.size()) out += kCut;
  return out;
}

}  // namespace

std::string snippet(const Collection& collection, const TextQuery& query, const Row& row,
                    std::size_t bytes) {
  Searched field = best_field(collection, query, row);
  while (!field.text.empty() && field.text.back() == '\n') field.text.pop_back();
  const Range places = best_places(field.found, bytes);
  Range room = around(places, field.text.size(), bytes);
  room.end = utf8_prefix(field.text, room.end).size();
  const Range range = between_words(room, places, field);
  return marked(field, range);
}

}  // namespace daybook
