// An expression that is read is written so that it reads back as the same tree.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "catalog/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = daybook::parse_expression(text);
  if (!parsed.ok()) return 0;
  const std::string formatted = daybook::format_expression(*parsed);
  // Escapes may make the canonical text longer than what may be read.
  if (formatted.size() > daybook::kMaxExpressionBytes) return 0;
  const auto again = daybook::parse_expression(formatted);
  if (!again.ok() || !(*again == *parsed)) std::abort();
  return 0;
}
