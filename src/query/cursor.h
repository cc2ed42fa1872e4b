// Opaque cursors: a place in the answer to one question, url-safe, without authority.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "query/scan.h"

namespace daybook {

// `question` is any canonical text of the question (collection, filter, window words, order).
std::string encode_cursor(const Place& place, std::string_view question);
// kMalformed when it is none of ours, or one of another question.
Result<Place> decode_cursor(std::string_view cursor, std::string_view question);

}  // namespace daybook
