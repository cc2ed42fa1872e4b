// A question as it came: who asks, of which collection, in which words, at what cost at most. What
// the kinds of questions (list.h, stats.h, find_text.h) have in common. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/sight.h"
#include "engine/words.h"
#include "query/scan.h"
#include "query/window.h"

namespace daybook {

struct Question {
  Sight sight;  // of the collection that is asked
  Words words;
  Budget budget;

  const Collection& collection() const { return sight.collection(); }
};

// The window that words ask for. A register has none, and says so when it is asked for one.
Result<std::optional<Window>> window_of(const Collection& collection, const WindowWords& words,
                                        const WindowRule& rule, Instant now);
// Equal for equal words; for cursors.
std::string canonical_text(const WindowWords& words);

// The statistics' window when no other is said: the last 24 hours.
WindowRule last_day();

// Where a page ended, together with the window that the first page had, so that "the last 24 hours"
// do not move from page to page.
struct Bookmark {
  Place place;
  std::optional<Window> window;
};
std::string encode_bookmark(const Bookmark& bookmark, std::string_view question);
// kMalformed for what is no bookmark of this question.
Result<Bookmark> decode_bookmark(std::string_view text, std::string_view question);

}  // namespace daybook
