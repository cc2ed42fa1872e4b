// The slow path of reading JSON, taken when the fast parser refuses a document: finds the first
// place where the grammar is broken, or, when it holds, replaces each value that cannot be taken
// (bad UTF-8, numbers out of range, NaN) by a mark, so that only these values are lost.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::json {

// Why a value cannot be taken; the letter that follows the NUL in its mark.
enum class Spoiled : char {
  kUtf8 = 'u',
  kSurrogate = 's',
  kRange = 'r',
  kNotFinite = 'f',
};

// A mark is a JSON string whose first character is NUL and whose second is a Spoiled. A spoiled
// name keeps its text behind the two, with U+FFFD for what was bad.
constexpr std::size_t kMarkSize = 2;

// kMalformed names the place ("line 3: unexpected '}' at byte 17, ..."), kTooLarge too deep
// nesting.
Result<std::string> mend(std::string_view text, std::size_t max_depth);

}  // namespace daybook::json
