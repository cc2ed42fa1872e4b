// What a command asks of a collection, in the words of the command line, made into a target of the
// HTTP interface. The server checks what the words mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace daybook::cli {

// "/api/v1/..." with a query string that grows.
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  Target& add(std::string_view name, std::string_view value);
  // Nothing when there is no value.
  Target& maybe(std::string_view name, const std::optional<std::string>& value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

// "/api/v1/shop/orders" of "shop/orders"; kInvalid for anything else.
Result<std::string> collection_path(const std::string& collection);

struct Question {
  std::string collection;
  std::vector<std::string> clauses;  // "state=open", "total.gte=100"
  std::optional<std::string> filter, start, end, start_date, end_date, hours, days, tz;
};

void declare_collection(Options& options, std::string& collection);
void declare_question(Options& options, Question& question);

// The target of a verb ("", "stats", "top", "search") with the question's filters and window.
Result<Target> target_of(const Question& question, std::string_view verb);

}  // namespace daybook::cli
