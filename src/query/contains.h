// Whether a text holds another one without regard to case: the `:` of filters. Internal of query/.
#pragma once

#include <string>
#include <string_view>

namespace daybook {

// `needle` went through fold_case() already.
bool contains_folded(std::string_view text, std::string_view needle);

}  // namespace daybook
