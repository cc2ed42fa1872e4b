// Finds std::string keys of an unordered_map by any text without a copy. Internal of query/.
#pragma once

#include <functional>
#include <string_view>

namespace daybook {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace daybook
