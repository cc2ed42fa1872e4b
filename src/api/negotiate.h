// Media types of bodies and answers, conditions and preferences: the headers of RFC 9110 that say
// in what form and under what condition. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace daybook::api {

enum class BodyForm { kJson, kNdjson };
// From Content-Type; kMediaType says what is expected instead.
Result<BodyForm> body_form(const http::Headers& headers);
// The same where only JSON is read (merge patches included).
Result<void> expect_json(const http::Headers& headers);

// Whether the Accept header takes the media type; without one anything is taken.
bool accepts(const http::Headers& headers, std::string_view media_type);

enum class RowsForm { kJson, kNdjson, kCsv };
// How rows are answered: `format` (json, ndjson, csv) before Accept. Empty when nothing fits;
// kInvalid for another format.
Result<std::optional<RowsForm>> rows_form(const http::Headers& headers,
                                          const std::optional<std::string>& format);

// If-Match and If-None-Match. kMalformed for what is no list of entity tags.
struct Conditions {
  std::vector<std::string> if_match;  // without quotes
  bool matches_any = false;           // If-Match: *
  std::vector<std::string> if_none_match;
  bool none_match_any = false;  // If-None-Match: *
};
Result<Conditions> conditions(const http::Headers& headers);

// Prefer: return=minimal.
bool prefers_minimal(const http::Headers& headers);

}  // namespace daybook::api
