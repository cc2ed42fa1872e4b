// Files that were built into the binary (catalogs, web pages); see cmake/Embed.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace daybook {

struct EmbeddedFile {
  std::string_view path;  // relative to the embedded folder, with '/'
  std::string_view bytes;
};

// The declarations of catalogs/.
const std::vector<EmbeddedFile>& embedded_catalogs();
// What the server's own pages are made of, src/api/pages/.
const std::vector<EmbeddedFile>& embedded_pages();

}  // namespace daybook
