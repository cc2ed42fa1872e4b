// Small pure functions on text and bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

// The offset of the first byte that is not valid UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// The size of the well-formed character at the front of `text`, which is not empty; 0 for a bad
// one.
std::size_t utf8_character_size(std::string_view text);

// At most `bytes` bytes, cut between characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// Lower case for ASCII only; Unicode folding of field values is fold_case().
std::string ascii_lower(std::string_view text);
// Unicode case folding with NFC (utf8proc), for fields declared fold = "case" and for search words.
std::string fold_case(std::string_view text);

std::string hex(std::string_view bytes);
std::string base64url(std::string_view bytes);  // without padding
std::optional<std::string> parse_base64url(std::string_view text);

// The candidate nearest to `name` by edit distance, when it is near enough to suggest.
std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates);

}  // namespace daybook
