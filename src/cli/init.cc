#include "cli/command.h"
#include "cli/connection.h"
#include "cli/instance.h"
#include "cli/open_store.h"
#include "cli/progress.h"

namespace daybook::cli {

namespace {

std::size_t collections_of(const Catalog& catalog) {
  std::size_t count = 0;
  for (const auto& [name, application] : catalog.applications()) {
    count += application.collections.size();
  }
  return count;
}

std::uint64_t rows_of(const Space& space) {
  std::uint64_t rows = 0;
  for (const auto& [name, collection] : space.collections) rows += collection.rows;
  return rows;
}

Result<void> init(Session& session) {
  const std::string& directory = session.settings.text(SettingId::kData);
  if (auto served = Connection::to_server("unix:" + socket_path(directory), "")) {
    session.terminal.say(directory + " is ready: a server holds it");
    return {};
  }
  const bool was_there = has_begun(directory);
  DAYBOOK_ASSIGN(const auto instance, Instance::open(session.settings, Narrowing::kRefuse,
                                                     api_options(session.settings)));
  DAYBOOK_ASSIGN(const Space space, instance->store().space());
  for (const CatalogChange& change : instance->applied()) session.terminal.say(describe(change));
  session.terminal.say(directory + (was_there ? " was ready: " : " is ready: ") +
                       grouped(collections_of(instance->catalog())) + " collections, " +
                       grouped(rows_of(space)) + " rows, " + bytes_text(space.file_bytes));
  return {};
}

}  // namespace

Run declare_init(Options&) { return init; }

}  // namespace daybook::cli
