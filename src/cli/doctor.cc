#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/load_catalog.h"
#include "cli/open_store.h"
#include "cli/progress.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

enum class Health { kGood, kNote, kBad };

struct Sign {
  Health health;
  std::string what;
  std::string text;
};

using Signs = std::vector<Sign>;

struct Words {
  bool verbose = false;
};

// Free space below which a store is about to refuse rows.
constexpr std::uint64_t kLowDisk = 512ull << 20;

std::string cell_of(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  return member ? cell_text(*member) : "";
}

void look_at_directory(const std::string& directory, Signs& signs) {
  struct stat about {};
  if (stat(directory.c_str(), &about) != 0) {
    signs.push_back({Health::kBad, "directory",
                     directory + ": " + std::strerror(errno) + "; `daybook init` makes it"});
    return;
  }
  if (!S_ISDIR(about.st_mode) || access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    signs.push_back({Health::kBad, "directory", directory + " cannot be written by this user"});
    return;
  }
  if ((about.st_mode & 0077) != 0) {
    signs.push_back({Health::kNote, "directory",
                     directory + " can be read by others; chmod 700 keeps rows to their owner"});
  } else {
    signs.push_back({Health::kGood, "directory", directory});
  }
  struct statvfs disk {};
  if (statvfs(directory.c_str(), &disk) != 0) return;
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  signs.push_back({free < kLowDisk ? Health::kBad : Health::kGood, "disk",
                   bytes_text(free) + " free" +
                       (free < kLowDisk ? ": writes are refused when it is full" : "")});
}

void look_at_clock(Signs& signs) {
  const Instant now = SystemClock().now();
  const bool is_sane = now > *parse_instant("2025-01-01T00:00:00Z");
  signs.push_back(
      {is_sane ? Health::kGood : Health::kBad, "clock",
       format_instant(now) + (is_sane ? "" : ": windows and retention follow it; set it")});
}

void look_at_catalog(const Settings& settings, Signs& signs) {
  const auto checked = load_checked_catalog(settings);
  signs.push_back({checked ? Health::kGood : Health::kBad, "catalog",
                   checked ? "nothing is wrong with the declarations"
                           : checked.error().message() + "; `daybook catalog check` lists it"});
}

void look_at_store(Connection& connection, Signs& signs) {
  const auto answer = connection.send(http::Method::kPost, "/api/v1/check", {}, "");
  json::Parser parser;
  const auto checked = answer ? parser.parse(answer->body) : Result<json::Value>(answer.error());
  if (!checked || answer->status >= 400) {
    signs.push_back(
        {Health::kBad, "store", checked ? error_of(*answer).message() : checked.error().message()});
    return;
  }
  const auto findings = checked->find("findings");
  if (!findings || findings->size() == 0) {
    signs.push_back({Health::kGood, "store", "every checksum is right"});
    return;
  }
  auto elements = findings->elements();
  while (const auto finding = elements.next()) {
    signs.push_back(
        {Health::kBad, "store", text_of(*finding, "where") + ": " + text_of(*finding, "what")});
  }
}

void look_at_indexes(Connection& connection, Signs& signs) {
  const auto body = connection.get("/api/v1/indexes");
  json::Parser parser;
  const auto answer = body ? parser.parse(*body) : Result<json::Value>(body.error());
  const auto items = answer ? answer->find("items") : std::nullopt;
  if (!items) return;  // the server's own sign says what is wrong
  std::vector<std::string> unbuilt;
  auto elements = items->elements();
  while (const auto index = elements.next()) {
    if (cell_of(*index, "built") == "true") continue;
    unbuilt.push_back(text_of(*index, "collection") + " (" + text_of(*index, "on") + ")");
  }
  const std::string count = std::to_string(items->size());
  if (unbuilt.empty())
    return signs.push_back({Health::kGood, "indexes", "all " + count + " built"});
  signs.push_back(
      {Health::kNote, "indexes",
       join(unbuilt, ", ") + ": rows from before it was declared are found without it"});
}

void look_at_server(Connection& connection, Signs& signs) {
  const auto ready = connection.send(http::Method::kGet, "/readyz", {}, "");
  if (!ready) {
    signs.push_back({Health::kBad, "server", ready.error().message()});
    return;
  }
  const bool is_ready = ready->status == 200;
  signs.push_back(
      {is_ready ? Health::kGood : Health::kBad, "server",
       connection.place() + (is_ready ? " is ready" : " is not ready: " + ready->body)});
}

// How many rows there are and how new the newest is: the usual answer to "why do I see nothing".
void print_counts(Session& session, const json::Value& space) {
  std::vector<std::vector<std::string>> lines;
  if (const auto collections = space.find("collections")) {
    auto elements = collections->elements();
    while (const auto one = elements.next()) {
      if (cell_of(*one, "rows") == "0") continue;
      lines.push_back({cell_of(*one, "collection"), cell_of(*one, "rows"), cell_of(*one, "oldest"),
                       cell_of(*one, "newest")});
    }
  }
  if (lines.empty()) {
    session.terminal.say("there are no rows yet; `daybook ingest` or POST take some in");
    return;
  }
  session.terminal.print(
      "\n" + table_text({"collection", "rows", "oldest", "newest"}, lines, session.terminal));
  session.terminal.say(
      "statistics without a window cover the last 24 hours; --days reaches further");
}

void print_parts(Session& session, const json::Value& space) {
  const auto parts = space.find("parts");
  if (!parts || parts->size() == 0) {
    session.terminal.say("no rows lie in sealed blocks yet, so there is nothing to say of columns");
    return;
  }
  session.terminal.print("\n");
  RowsOut out(session.terminal, RowForm::kTable,
              {"collection", "part", "of", "bytes", "bytes_per_row", "encoding"});
  auto elements = parts->elements();
  while (const auto one = elements.next()) out.add(*one);
  out.finish();
}

Result<void> print_space(Session& session, Connection& connection, const Words& words) {
  const std::string target = words.verbose ? "/api/v1/space?parts=true" : "/api/v1/space";
  DAYBOOK_ASSIGN(const std::string body, connection.get(target));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value space, parser.parse(body));
  print_counts(session, space);
  if (words.verbose) print_parts(session, space);
  return {};
}

void print_signs(Terminal& terminal, const Signs& signs) {
  for (const Sign& sign : signs) {
    const char* mark = sign.health == Health::kGood   ? "good "
                       : sign.health == Health::kNote ? "note "
                                                      : "WRONG";
    terminal.print(std::string(mark) + "  " + sign.what + ": " + sign.text + "\n");
  }
}

Signs look_at_machine(const Settings& settings) {
  Signs signs;
  if (settings.text(SettingId::kServer).empty()) {
    if (uses_directory(settings)) look_at_directory(settings.text(SettingId::kData), signs);
    look_at_catalog(settings, signs);
  }
  look_at_clock(signs);
  return signs;
}

Result<void> doctor(Session& session, const Words& words) {
  Signs signs = look_at_machine(session.settings);
  auto connection = Connection::open(session.settings);
  if (connection) {
    look_at_server(*connection, signs);
    look_at_store(*connection, signs);
    look_at_indexes(*connection, signs);
  } else {
    signs.push_back({Health::kBad, "rows", connection.error().message()});
  }
  print_signs(session.terminal, signs);
  if (connection) DAYBOOK_TRY(print_space(session, *connection, words));
  std::size_t bad = 0;
  for (const Sign& sign : signs) bad += sign.health == Health::kBad ? 1 : 0;
  if (bad == 0) return {};
  return Error(Code::kInternal,
               std::to_string(bad) + (bad == 1 ? " thing is" : " things are") + " wrong");
}

}  // namespace

Run declare_doctor(Options& options) {
  auto words = std::make_shared<Words>();
  options.flag("--verbose", words->verbose, "also what each column takes of the disk, and how");
  return [words](Session& session) { return doctor(session, *words); };
}

}  // namespace daybook::cli
