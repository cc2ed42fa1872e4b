// Reading: JSON texts of requests, one after the other, in bounded memory. One thread.
#pragma once

#include <string_view>

#include "base/gate.h"
#include "base/json.h"
#include "base/result.h"

namespace daybook::api {

// What a parser holds for each byte of a text, at most (simdjson: 8 of its tape, 4 of its index of
// structure, 5/3 of its strings).
constexpr std::size_t kParserBytes = 14;
// What the parsers of large texts may hold together.
constexpr std::size_t kReadingMemory = std::size_t{256} << 20;

class Reading {
 public:
  explicit Reading(Gate& memory) : memory_(memory) {}

  // As json::Parser::parse(). A large text may wait until others have been read.
  Result<json::Value> parse(std::string_view text);

 private:
  Gate& memory_;
  Gate::Pass pass_;  // of a large text
  bool is_large_ = false;
  json::Parser parser_;
};

}  // namespace daybook::api
