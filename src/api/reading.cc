#include "api/reading.h"

namespace daybook::api {
namespace {

// Smaller texts are read at once: all workers together hold little for them.
constexpr std::size_t kSmall = std::size_t{64} << 10;

}  // namespace

Result<json::Value> Reading::parse(std::string_view text) {
  // A parser keeps the memory of the largest text that it has read.
  if (is_large_) parser_ = json::Parser();
  pass_ = Gate::Pass();
  is_large_ = text.size() > kSmall;
  if (is_large_) pass_ = memory_.enter(text.size() * kParserBytes);
  return parser_.parse(text);
}

}  // namespace daybook::api
