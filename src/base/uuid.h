// UUIDs (RFC 9562): text form, packed form, and the maker of Daybook's own ids.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace daybook {

using Uuid = std::array<std::uint8_t, 16>;

// The canonical 36 characters in lower case; other spellings are not packed.
std::optional<Uuid> parse_uuid(std::string_view text);
std::string format_uuid(const Uuid& uuid);

// The milliseconds of a UUIDv7; empty for other versions.
std::optional<Instant> uuid_time(const Uuid& uuid);

// Makes UUIDv7s whose milliseconds are a given event time and whose other 74 bits are one random
// base plus an ordinal, so that the ids of one batch differ little and sort in order. Not for
// sharing between threads; make one per batch.
class IdMaker {
 public:
  IdMaker();
  std::string make(Instant time);

 private:
  std::uint64_t high_;  // 12 bits
  std::uint64_t low_;   // 62 bits
};

}  // namespace daybook
