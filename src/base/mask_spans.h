// The parts of a text that mask.cc takes out, and the two ways to find them. Private to mask*.cc.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace daybook::mask {

struct Span {
  std::size_t begin = 0, end = 0;
};
using Spans = std::vector<Span>;

// --- mask_named.cc: what stands behind a name ("password=x", "token: x", `"secret":"x"`, also
// percent-encoded) and passwords in URLs. `at` is where a '=', ':' or '%' stands.
void find_named(std::string_view text, std::size_t at, Spans& spans);

// --- mask_token.cc: what looks like a token wherever it stands.
// Behind "Bearer " or "Basic ", when `at` is.
void find_credentials(std::string_view text, std::size_t at, Spans& spans);
void find_tokens(std::string_view text, Spans& spans);

// Long and mixed enough to be a generated one rather than a word.
bool looks_generated(std::string_view text);

bool is_alnum(char c);
// Of base64url, JWTs and keys: letters, digits, '_', '-', '.'.
bool is_token_char(char c);
bool is_blank(char c);
// Compares without regard to the case of ASCII.
bool starts_with_word(std::string_view text, std::string_view lower);

}  // namespace daybook::mask
