// What this machine gives, through the public door: a server on a loopback port, a directory of its
// own, one client. Each figure stands beside the ceiling it can be compared with.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/bench_access.h"
#include "cli/bench_filter.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/instance.h"
#include "cli/progress.h"
#include "cli/rows_out.h"
#include "cli/temporary_directory.h"
#include "http/server.h"

namespace daybook::cli {

namespace {

using Clockwork = std::chrono::steady_clock;

constexpr std::string_view kDeclaration = R"(
kind = "journal"
about = "A reading of the bench."
time = "at"
[fields]
at = { type = "time", default = "now" }
place = { type = "text", required = true, facet = true }
level = { type = "choice", of = ["low", "middle", "high"], facet = true }
code = { type = "int", min = 0, max = 999, facet = true }
took_ms = { type = "float", min = 0, measure = true }
note = { type = "text" }
[text]
language = "english"
fields = { note = 1 }
[[indexes]]
on = ["place", "at"]
)";

constexpr const char* kPath = "/api/v1/bench/readings";
constexpr std::size_t kChunk = 1000;

struct Words {
  std::int64_t rows = 100'000;
  std::string directory;
  bool json = false;
};

struct Figure {
  std::string what;
  std::string value;
  std::string beside;
};

double seconds_since(Clockwork::time_point begin) {
  return std::chrono::duration<double>(Clockwork::now() - begin).count();
}

std::string number(double value, const char* unit) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), value < 10 ? "%.2f %s" : "%.0f %s", value, unit);
  return text.data();
}

// Rows that differ as real ones do; the same for every run.
std::string chunk_of(std::size_t first, Instant newest) {
  static constexpr std::array<const char*, 3> kLevels = {"low", "middle", "high"};
  static constexpr std::array<const char*, 4> kNotes = {
      "door opened", "fan stopped after a warning", "all is well", "battery low, door open"};
  std::string out;
  for (std::size_t i = first; i < first + kChunk; ++i) {
    const std::size_t mixed = i * 2654435761u % 1000003u;
    json::Writer row(out);
    row.begin_object();
    row.key("at").value(format_instant(newest - std::chrono::milliseconds(50 * i)));
    row.key("place").value("room-" + std::to_string(mixed % 200));
    row.key("level").value(kLevels[mixed % 3]);
    row.key("code").value(static_cast<std::int64_t>(mixed % 40));
    row.key("took_ms").value(static_cast<double>(mixed % 5000) / 10);
    row.key("note").value(kNotes[mixed % 4]);
    row.end_object();
    out += '\n';
  }
  return out;
}

// Writes of 4 KiB that reach the disk, a second: what one commit after the other could do at best.
Result<double> syncs_per_second(const std::string& directory) {
  const std::string path = directory + "/sync";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return Error(Code::kUnavailable, "cannot write in " + directory);
  const std::string block(4096, 'x');
  const auto begin = Clockwork::now();
  int done = 0;
  bool is_good = true;
  while (is_good && (done < 10 || seconds_since(begin) < 1)) {
    is_good = write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
              fdatasync(file) == 0;
    ++done;
  }
  const double seconds = seconds_since(begin);
  close(file);
  if (!is_good) return Error(Code::kUnavailable, "cannot write in " + directory);
  return done / seconds;
}

// Reading the same JSON and nothing else.
double parses_per_second(Instant newest) {
  const std::string chunk = chunk_of(0, newest);
  json::Parser parser;
  const auto begin = Clockwork::now();
  std::size_t rows = 0;
  while (seconds_since(begin) < 0.5) {
    std::string_view rest = chunk;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      rows += parser.parse(rest.substr(0, end)).ok() ? 1 : 0;
      rest.remove_prefix(end + 1);
    }
  }
  return static_cast<double>(rows) / seconds_since(begin);
}

class Bench {
 public:
  static Result<std::unique_ptr<Bench>> start(const Settings& settings,
                                              const std::string& directory) {
    const std::vector<CatalogFile> files = {
        {"bench/application.toml", "bench/application.toml", "about = \"The bench.\"\n"},
        {"bench/readings.toml", "bench/readings.toml", std::string(kDeclaration)}};
    DAYBOOK_ASSIGN(auto catalog, Catalog::load(files, [](const std::string&) {
                     return std::optional<std::string>();
                   }));
    std::unique_ptr<Bench> bench(new Bench);
    const Settings own =
        settings.with(SettingId::kData, directory).with(SettingId::kStore, "sqlite:");
    DAYBOOK_ASSIGN(bench->instance_,
                   Instance::open(std::move(catalog), own, Narrowing::kRefuse, api_options(own)));
    bench->server_ = std::make_unique<http::Server>(
        [instance = bench->instance_.get()](http::Request& r) { return instance->handle(r); },
        api::Api::refuse, http::Limits{});
    DAYBOOK_ASSIGN(const std::string address, bench->server_->listen_tcp("127.0.0.1:0"));
    DAYBOOK_TRY(bench->server_->start());
    DAYBOOK_ASSIGN(auto connection, Connection::to_server("http://" + address, ""));
    bench->connection_ = std::make_unique<Connection>(std::move(connection));
    return bench;
  }

  Result<void> post(const std::string& body, const char* type) {
    http::Headers headers;
    headers.add("Content-Type", type);
    headers.add("Prefer", "return=minimal");
    DAYBOOK_ASSIGN(const auto response,
                   connection_->send(http::Method::kPost, kPath, headers, body));
    if (response.status != 201) return error_of(response);
    return {};
  }

  // The middle one of several times, in milliseconds.
  Result<double> ask(const std::string& query) {
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
      const auto begin = Clockwork::now();
      DAYBOOK_TRY(connection_->get(kPath + query));
      times.push_back(seconds_since(begin) * 1000);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

 private:
  Bench() = default;
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Connection> connection_;
};

std::uint64_t bytes_in(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.is_regular_file(ignored)) bytes += entry.file_size(ignored);
  }
  return bytes;
}

Result<void> measure_writes(Bench& bench, const Words& words, const std::string& directory,
                            Terminal& terminal, std::vector<Figure>& figures) {
  const Instant now = SystemClock().now();
  DAYBOOK_ASSIGN(const double syncs, syncs_per_second(directory));
  const double parses = parses_per_second(now);
  figures.push_back({"writes of 4 KiB that reach the disk", number(syncs, "/s"), "the disk"});

  const std::string one = chunk_of(0, now).substr(0, chunk_of(0, now).find('\n'));
  auto begin = Clockwork::now();
  std::size_t singles = 0;
  while (seconds_since(begin) < 1) {
    DAYBOOK_TRY(bench.post(one, "application/json"));
    ++singles;
  }
  const double alone = static_cast<double>(singles) / seconds_since(begin);
  figures.push_back({"requests of one row, one after the other", number(alone, "/s"),
                     number(alone / syncs, "of the disk's writes")});

  const auto total = static_cast<std::size_t>(words.rows);
  Progress progress(terminal, "taking in", total);
  std::uint64_t bytes = 0;
  double seconds = 0;
  const std::uint64_t before = bytes_in(directory);
  for (std::size_t first = kChunk; first < total + kChunk; first += kChunk) {
    const std::string chunk = chunk_of(first, now);
    bytes += chunk.size();
    begin = Clockwork::now();
    DAYBOOK_TRY(bench.post(chunk, "application/x-ndjson"));
    seconds += seconds_since(begin);
    progress.at(first, first);
  }
  const double rate = static_cast<double>(total) / seconds;
  figures.push_back({"rows in requests of 1,000", number(rate, "/s"),
                     number(rate / parses, "of reading the JSON alone")});
  const std::uint64_t stored = bytes_in(directory) - std::min(before, bytes_in(directory));
  figures.push_back(
      {"bytes on disk a row", number(static_cast<double>(stored) / static_cast<double>(total), "B"),
       number(static_cast<double>(stored) / static_cast<double>(bytes), "of the JSON")});
  return {};
}

Result<void> measure_questions(Bench& bench, std::size_t rows, std::vector<Figure>& figures) {
  static constexpr std::array<std::pair<const char*, const char*>, 6> kQuestions = {{
      {"the newest 100 rows", "?limit=100"},
      {"the newest 100 rows of one place", "?place=room-7&limit=100"},
      {"counts by level", "/stats?by=level&days=30"},
      {"sums and quantiles, hour by hour", "/stats?every=1h&of=took_ms&days=30"},
      {"the ten most frequent places", "/top?field=place&days=30"},
      {"a search for two words", "/search?q=battery+door&limit=20"},
  }};
  for (const auto& [what, query] : kQuestions) {
    DAYBOOK_ASSIGN(const double milliseconds, bench.ask(query));
    const double rate = static_cast<double>(rows) / milliseconds / 1000;
    figures.push_back({what, number(milliseconds, "ms"), number(rate, "million rows/s")});
  }
  return {};
}

void print_figures(Terminal& terminal, const std::vector<Figure>& figures, bool as_json) {
  if (!as_json) {
    std::vector<std::vector<std::string>> lines;
    for (const Figure& figure : figures)
      lines.push_back({figure.what, figure.value, figure.beside});
    terminal.print(table_text({"what", "here", "beside"}, lines, terminal));
    return;
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (const Figure& figure : figures) {
    writer.begin_object().key("what").value(figure.what).key("value").value(figure.value);
    writer.key("beside").value(figure.beside).end_object();
  }
  writer.end_array();
  terminal.print(out + "\n");
}

Result<void> run_bench(Session& session, const Words& words) {
  if (words.rows < 1000) return Error(Code::kInvalid, "--rows must be at least 1000");
  DAYBOOK_ASSIGN(const auto directory, TemporaryDirectory::make(words.directory));
  std::vector<Figure> figures;
  {
    DAYBOOK_ASSIGN(const auto bench, Bench::start(session.settings, directory->path()));
    DAYBOOK_TRY(measure_writes(*bench, words, directory->path(), session.terminal, figures));
    DAYBOOK_TRY(measure_questions(*bench, static_cast<std::size_t>(words.rows), figures));
    DAYBOOK_ASSIGN(const AccessCosts access, measure_access(session.settings));
    figures.push_back({"knowing whose key a request has", number(access.key_microseconds, "us"),
                       "over a request of the operator"});
    figures.push_back({"samples that the device filter decides of",
                       number(samples_decided_per_second(), "/s"), "by one thread"});
    figures.push_back({"a sign-in", number(access.sign_in_milliseconds, "ms"), "of the processor"});
  }
  print_figures(session.terminal, figures, words.json);
  return {};
}

}  // namespace

Run declare_bench(Options& options) {
  auto words = std::make_shared<Words>();
  options.option("--rows", "N", words->rows, "rows to take in (100000)");
  options.option("--dir", "DIR", words->directory, "measure the disk that holds this directory");
  options.flag("--json", words->json, "as JSON");
  return [words](Session& session) { return run_bench(session, *words); };
}

}  // namespace daybook::cli
