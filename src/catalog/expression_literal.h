// The literals of expressions that begin with a digit: 12, 1.5, 24h, 2025-12-05,
// 2025-12-05T14:00:00Z. Private to this folder.
#pragma once

#include <string_view>

#include "catalog/expression.h"

namespace daybook {

bool is_digit(char c);
// Also '_' and what is beyond ASCII: what a name may begin with.
bool is_letter(char c);

Expression literal(Value value);

// The beginning of `text` that is one literal; it begins with a digit, or with '-' and a digit.
std::string_view literal_token(std::string_view text);
// kInvalid with a sentence.
Result<Expression> parse_literal(std::string_view token);

}  // namespace daybook
