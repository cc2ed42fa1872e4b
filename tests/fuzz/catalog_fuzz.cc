// Declarations of any text are read without a crash, and what is good prints as JSON that plans no
// change against itself. A line "----" divides the application's file from the collection's.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "catalog/catalog.h"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void check_good(const daybook::Catalog& catalog) {
  const std::string text = daybook::catalog_json(catalog);
  daybook::json::Parser parser;
  must(parser.parse(text).ok());
  const auto changes = daybook::plan_changes(text, catalog);
  must(changes.ok() && changes->empty());
  for (const auto& [application, declared] : catalog.applications()) {
    for (const auto& [name, collection] : declared.collections) {
      must(parser.parse(daybook::json_schema(collection)).ok());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kDivider = "\n----\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<daybook::CatalogFile> files;
  const std::size_t divider = text.find(kDivider);
  if (divider == text.npos) {
    files.push_back({"shop/orders.toml", "orders.toml", std::string(text)});
  } else {
    files.push_back(
        {"shop/application.toml", "application.toml", std::string(text.substr(0, divider))});
    files.push_back(
        {"shop/orders.toml", "orders.toml", std::string(text.substr(divider + kDivider.size()))});
  }
  const auto catalog = daybook::Catalog::load(files, {});
  if (catalog.ok()) {
    check_good(*catalog);
  } else {
    must(!catalog.error().problems().empty());
  }
  return 0;
}
