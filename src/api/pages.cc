#include "api/pages.h"

#include <string>

#include "base/bug.h"
#include "base/embedded.h"

namespace daybook::api {

std::string_view page_file(std::string_view name) {
  for (const EmbeddedFile& file : embedded_pages()) {
    if (file.path == name) return file.bytes;
  }
  bug("there is no page " + std::string(name));
}

}  // namespace daybook::api
