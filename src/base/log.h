// One line per event on stderr, key=value (logfmt). Used by engine/, api/ and cli/, not by stores.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace daybook {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

struct LogField {
  std::string_view key;
  std::string value;
};

void set_log_level(LogLevel level);
// Values are quoted where needed; control characters are escaped, so a line stays one line.
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace daybook
