#include "catalog/application.h"

namespace daybook {

const Collection* Application::find(std::string_view collection) const {
  const auto at = collections.find(collection);
  return at == collections.end() ? nullptr : &at->second;
}

}  // namespace daybook
