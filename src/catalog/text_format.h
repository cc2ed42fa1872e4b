// The formats that a text field may declare. Private to this folder. Pure; any thread.
#pragma once

#include <string_view>

#include "catalog/field.h"

namespace daybook {

bool has_format(std::string_view text, Format format);
// "an e-mail address", for messages.
std::string_view format_description(Format format);

}  // namespace daybook
