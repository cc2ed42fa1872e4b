#include "engine/words.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"

namespace daybook {
namespace {

// Whether the word names a field, alone or with ".gte" and the like behind it.
bool names_field(const Collection& collection, std::string_view word) {
  if (find_field(collection, word).ok()) return true;
  const std::size_t dot = word.rfind('.');
  return dot != std::string_view::npos && find_field(collection, word.substr(0, dot)).ok();
}

// A near spelling, or what the word is the beginning of.
std::optional<std::string> suggest(std::string_view word, const std::vector<std::string>& known) {
  if (auto near = nearest(word, known)) return near;
  const auto begins = [&](const std::string& name) { return name.starts_with(word); };
  const auto longer = std::ranges::find_if(known, begins);
  if (word.size() < 3 || longer == known.end()) return std::nullopt;
  return *longer;
}

}  // namespace

std::optional<std::string> Words::take(std::string_view name) {
  known_.emplace_back(name);
  std::optional<std::string> taken;
  for (auto it = left_.begin(); it != left_.end();) {
    if (it->first != name) {
      ++it;
      continue;
    }
    if (taken) blame_repeated(name);
    if (!taken) taken = std::move(it->second);
    it = left_.erase(it);
  }
  return taken;
}

WindowWords Words::take_window() {
  WindowWords words;
  words.start = take("start");
  words.end = take("end");
  words.start_date = take("start_date");
  words.end_date = take("end_date");
  words.hours = take("hours");
  words.days = take("days");
  words.tz = take("tz");
  return words;
}

bool Words::take_switch(std::string_view name) {
  const auto text = take(name);
  if (!text || *text == "0" || *text == "false") return false;
  if (*text == "1" || *text == "true") return true;
  blame(std::string(name) + " must be 1 or 0, not '" + *text + "'");
  return false;
}

std::size_t Words::take_limit(std::size_t missing, std::size_t max) {
  const auto text = take("limit");
  if (!text) return missing;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_number = end == text->data() + text->size() && !text->empty();
  if (is_number && failure == std::errc::result_out_of_range && text->front() != '-') return max;
  if (!is_number || failure != std::errc() || number < 1) {
    blame("limit must be a whole number of at least 1, not '" + *text + "'");
    return missing;
  }
  return std::min(static_cast<std::size_t>(number), max);
}

Filter Words::take_filter(const Collection& collection) {
  Filter filter;
  const auto add = [&](Result<Filter> part) {
    if (!part.ok()) return blame(part.error().message());
    filter = both(std::move(filter), *std::move(part));
  };
  if (const auto text = take("filter")) {
    const auto expression = parse_expression(*text);
    if (!expression.ok()) {
      blame("filter: " + expression.error().message());
    } else {
      add(bind_filter(collection, *expression, {}));
    }
  }
  Pairs others;
  std::set<std::string> said;
  for (auto& [name, text] : left_) {
    if (!names_field(collection, name)) {
      others.emplace_back(std::move(name), std::move(text));
      continue;
    }
    if (!said.insert(name).second) blame_repeated(name);
    add(parse_clause(collection, name, text));
  }
  left_ = std::move(others);
  for (const Field& field : collection.fields) known_.push_back(field.name);
  return filter;
}

Result<void> Words::finish() const {
  if (error_) return *error_;
  if (left_.empty()) return {};
  const std::string& name = left_.front().first;
  std::string message = "there is no parameter '" + name + "' here";
  if (const auto near = suggest(name, known_)) message += "; did you mean '" + *near + "'?";
  return Error(Code::kInvalid, std::move(message));
}

void Words::blame_repeated(std::string_view name) {
  blame("parameter '" + std::string(name) + "' is said more than once");
}

void Words::blame(std::string message) {
  if (!error_) error_ = Error(Code::kInvalid, std::move(message));
}

}  // namespace daybook
