#include <algorithm>
#include <utility>

#include "api/respond.h"
#include "base/text.h"
#include "cli/command.h"

namespace daybook::cli {

// Each in the file of its name.
Run declare_serve(Options& options);
Run declare_demo(Options& options);
Run declare_init(Options& options);
Run declare_catalog(Options& options);
Run declare_ingest(Options& options);
Run declare_query(Options& options);
Run declare_stats(Options& options);
Run declare_top(Options& options);
Run declare_search(Options& options);
Run declare_export(Options& options);
Run declare_filter(Options& options);
Run declare_sweep(Options& options);
Run declare_rollup(Options& options);
Run declare_user(Options& options);
Run declare_key(Options& options);
Run declare_audit(Options& options);
Run declare_config(Options& options);
Run declare_doctor(Options& options);
Run declare_bench(Options& options);
Run declare_version(Options& options);

const std::vector<Command>& commands() {
  using enum SettingGroup;
  static const std::vector<Command> kTable = {
      {"serve",
       "answer HTTP requests on a data directory",
       {kDirectory, kServing},
       {"serve --data ./data", "serve --data ./data --listen 127.0.0.1:0",
        "serve --store memory: --catalogs ./catalogs"},
       declare_serve},
      {"demo",
       "serve with example recordings taken in, and show what can be asked",
       {kDirectory, kRemote, kServing},
       {"demo --examples ./examples", "demo --examples ./examples --once",
        "demo verify --server http://127.0.0.1:8000"},
       declare_demo},
      {"init",
       "make a data directory ready; changes nothing when it is",
       {kDirectory},
       {"init --data ./data", "init --data ./data --catalogs ./catalogs"},
       declare_init},
      {"catalog",
       "check and show declarations, and fit a store to them",
       {kDirectory},
       {"catalog check --catalogs ./catalogs", "catalog print shop/orders",
        "catalog json-schema shop/orders", "catalog plan --data ./data",
        "catalog apply --data ./data --allow"},
       declare_catalog},
      {"ingest",
       "take in rows from a file",
       {kDirectory, kRemote},
       {"ingest shop/orders orders.ndjson", "ingest shop/orders orders.csv --map when=created_at",
        "ingest web/requests access.log.gz --format combined",
        "tail -F app.ndjson | daybook ingest shop/orders -"},
       declare_ingest},
      {"query",
       "list rows",
       {kDirectory, kRemote},
       {"query shop/orders state=open --hours 24",
        "query shop/orders total.gte=100 --order -total --fields id,total --limit 10",
        "query shop/orders --filter 'total >= 100 AND state != \"open\"' --format csv"},
       declare_query},
      {"stats",
       "count and sum rows by fields and time",
       {kDirectory, kRemote},
       {"stats shop/orders --by state --days 7",
        "stats shop/orders --every 1h --of total --hours 24",
        "stats shop/orders state=open --by customer --order -count --limit 10"},
       declare_stats},
      {"top",
       "the most frequent values of a field",
       {kDirectory, kRemote},
       {"top shop/orders customer --days 7", "top shop/orders state total.gte=100 --limit 3"},
       declare_top},
      {"search",
       "find rows by the words in their texts",
       {kDirectory, kRemote},
       {"search shop/notes 'refund OR return' --days 30",
        "search shop/notes '\"out of stock\" -test' --limit 5"},
       declare_search},
      {"export",
       "write all rows that match to a file",
       {kDirectory, kRemote},
       {"export shop/orders --to orders.ndjson", "export shop/orders state=open --to orders.csv",
        "export shop/orders --format csv | head",
        "export shop/orders --pseudonymous churn-study --to study.ndjson"},
       declare_export},
      {"filter",
       "say what a device filter would keep of a recording",
       {kDirectory},
       {"filter simulate temperature.csv", "filter simulate series.csv --band 0.5 --heartbeat 1h",
        "filter simulate samples.ndjson --of fleet/metrics --by device_id"},
       declare_filter},
      {"sweep",
       "remove the rows that are past their keep",
       {kDirectory, kRemote},
       {"sweep --dry-run", "sweep --yes"},
       declare_sweep},
      {"rollup",
       "compare the stored sums of rollups with the rows, or make them anew",
       {kDirectory, kRemote},
       {"rollup verify", "rollup verify shop/orders", "rollup rebuild shop/orders"},
       declare_rollup},
      {"user",
       "make and change the accounts of people who sign in",
       {kDirectory, kRemote},
       {"user create ada@example.com --admin < password.txt", "user list",
        "user disable bob@example.com", "user create eve@example.com --role user --tenant org-123"},
       declare_user},
      {"key",
       "make, list and revoke access keys",
       {kDirectory, kRemote},
       {"key create --app shop --role service > key.txt",
        "key create --app shop --role publishable --publishable --origin https://shop.example",
        "key list", "key revoke 0197a1b2-5c3d-7e4f-8a9b-0c1d2e3f4a5b"},
       declare_key},
      {"audit",
       "who changed access and settings",
       {kDirectory, kRemote},
       {"audit list --days 7", "audit list event_type=session.refuse --hours 24"},
       declare_audit},
      {"config",
       "print each setting and where it came from",
       {kDirectory, kRemote, kServing},
       {"config", "config --data ./data --json"},
       declare_config},
      {"doctor",
       "look for what is wrong, and say why nothing is seen",
       {kDirectory, kRemote},
       {"doctor --data ./data", "doctor --server http://127.0.0.1:8000"},
       declare_doctor},
      {"bench",
       "measure this machine for a minute, in a directory that is removed",
       {},
       {"bench", "bench --rows 200000 --dir /mnt/disk"},
       declare_bench},
      {"version", "say what this build is", {}, {"version", "version --json"}, declare_version},
  };
  return kTable;
}

namespace {

const Command* find_command(const std::string& name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

Error unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  const auto near = nearest(name, names);
  return Error(Code::kInvalid, "there is no command '" + name + "'; " +
                                   (near ? "did you mean '" + *near + "'? " : "") +
                                   "`daybook help` lists them all");
}

bool asks_for_help(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--help") != end ||
         std::find(words.begin(), end, "-h") != end;
}

Terminal::Look look_of(Terminal::Look look, const General& general) {
  if (general.no_color) look.has_colors = false;
  if (general.no_input) look.is_interactive = false;
  if (general.is_quiet) look.is_quiet = true;
  return look;
}

Result<void> run_command(const Command& command, const std::vector<std::string>& words,
                         Terminal& terminal, const Environment& environment) {
  Options options((std::string(command.name)));
  Flags flags;
  General general;
  const Run work = command.declare(options);
  declare_shared(command, options, flags, general);
  if (auto parsed = options.parse(words); !parsed) {
    return Error(parsed.error().code(), parsed.error().message() + "; see `daybook help " +
                                            std::string(command.name) + "`");
  }
  terminal.set_look(look_of(terminal.look(), general));
  DAYBOOK_ASSIGN(const Settings settings, Settings::resolve(flags, environment));
  Session session{settings, terminal};
  return work(session);
}

Result<void> run_words(std::vector<std::string> words, Terminal& terminal,
                       const Environment& environment) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") words = {"help"};
  if (words[0] == "--version") words[0] = "version";
  const bool is_help = words[0] == "help";
  if (is_help) words.erase(words.begin());
  if (words.empty()) {
    terminal.print(overview());
    return {};
  }
  const Command* command = find_command(words[0]);
  if (command == nullptr) return unknown_command(words[0]);
  words.erase(words.begin());
  if (is_help || asks_for_help(words)) {
    terminal.print(help_page(*command));
    return {};
  }
  return run_command(*command, words, terminal, environment);
}

}  // namespace

int run(const std::vector<std::string>& words, Terminal& terminal, const Environment& environment) {
  auto done = run_words(words, terminal, environment);
  // A command may have failed after it printed; both are told, the first decides the code.
  auto finished = terminal.finish();
  if (!done) terminal.complain(done.error());
  if (!finished) terminal.complain(finished.error());
  if (!done) return api::problem_type(done.error().code()).exit;
  return finished ? 0 : api::problem_type(finished.error().code()).exit;
}

}  // namespace daybook::cli
