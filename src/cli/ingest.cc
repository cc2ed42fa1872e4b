#include <chrono>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/declaration.h"
#include "cli/import_source.h"
#include "cli/importer.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/record.h"
#include "cli/shape.h"

namespace daybook::cli {

namespace {

struct Words {
  std::string collection;
  std::string file;
  std::string format;
  std::string source;
  std::vector<std::string> map, set, drop;
  bool shift_to_now = false;
  bool again = false;
  bool skip_bad = false;
  bool json = false;
};

bool is_stdin(const Words& words) { return words.file == "-"; }

Result<FileFormat> format_of(const Words& words, Input& input) {
  if (!words.format.empty()) return find_format(words.format, words.file, "");
  DAYBOOK_ASSIGN(const std::string line, input.first_line());
  return find_format("", words.file, line);
}

// The days that bring the newest row of the file to the present; a reading of its own.
Result<Duration> find_shift(const Words& words, FileFormat format, const Shape& shape,
                            const Declaration& declaration) {
  if (is_stdin(words)) return Error(Code::kInvalid, "--shift-to-now needs a file, not stdin");
  if (declaration.time.empty()) {
    return Error(Code::kInvalid,
                 "--shift-to-now needs a journal; " + declaration.full_name + " is a register");
  }
  DAYBOOK_ASSIGN(Input input, Input::open(words.file));
  const auto reader = make_reader(format, input);
  std::optional<Instant> newest;
  for (;;) {
    Record record;
    DAYBOOK_ASSIGN(const bool more, reader->next(record));
    if (!more) break;
    const auto time = time_of(shape, declaration, record);
    if (time && (!newest || *newest < *time)) newest = time;
  }
  return newest ? days_until_now(*newest, SystemClock().now()) : Duration{};
}

// What is done to the records of the file, but for moving their times.
Result<Shape> shape_of(const Words& words, FileFormat format) {
  Shape shape;
  DAYBOOK_ASSIGN(shape.renamed, parse_pairs("--map", words.map));
  DAYBOOK_ASSIGN(shape.added, parse_pairs("--set", words.set));
  for (const std::string& names : words.drop) {
    for (const std::string_view name : split(names, ',')) shape.dropped.emplace_back(name);
  }
  shape.drops_undeclared = format == FileFormat::kCombined;
  return shape;
}

// Rows of a stream that nobody named are new each time: it may say the same again and mean it.
ImportSource source_of(const Words& words) {
  const bool is_unnamed = words.source.empty() && is_stdin(words);
  if (words.again || is_unnamed) return ImportSource::unique();
  return ImportSource::named(words.source.empty() ? source_name(words.file) : words.source);
}

// How the rows of one import are completed, so that a repeat of it sends the same rows.
struct Completion {
  ImportSource source;
  std::optional<Instant> arrival;  // of rows that say no time; none: when each is read

  Missing missing(const Record& record) const {
    return {source.id_of(record), format_instant(arrival.value_or(SystemClock().now()))};
  }
};

// Decides on times as an earlier import of the same file has done; a reading of its own.
Result<Completion> complete(Connection& connection, const Words& words, const std::string& path,
                            FileFormat format, const Declaration& declaration, Shape& shape) {
  Completion completion{source_of(words), std::nullopt};
  EarlierImport earlier;
  if (!is_stdin(words) && !declaration.time.empty()) {
    DAYBOOK_ASSIGN(Input input, Input::open(words.file));
    const auto reader = make_reader(format, input);
    DAYBOOK_ASSIGN(earlier,
                   find_earlier(connection, path, completion.source, shape, declaration, *reader));
    completion.arrival = earlier.arrival.value_or(SystemClock().now());
  }
  if (!words.shift_to_now) return completion;
  if (earlier.shift) {
    shape.shift = *earlier.shift;
  } else {
    DAYBOOK_ASSIGN(shape.shift, find_shift(words, format, shape, declaration));
  }
  return completion;
}

Result<void> take_in(RecordReader& reader, const Shape& shape, const Completion& completion,
                     const Declaration& declaration, const Input& input, Importer& importer,
                     Progress& progress) {
  for (;;) {
    Record record;
    DAYBOOK_ASSIGN(const bool more, reader.next(record));
    if (!more) return importer.flush();
    if (record.problem.empty()) {
      auto row = shape_record(shape, declaration, record, completion.missing(record));
      if (row)
        DAYBOOK_TRY(importer.add(record.line, *row));
      else
        importer.refuse(record.line, row.error().message());
    } else {
      importer.refuse(record.line, record.problem);
    }
    progress.at(input.bytes_read(), importer.imported().accepted);
  }
}

void print_json(Terminal& terminal, const Imported& imported) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("accepted").value(imported.accepted).key("rejected").value(imported.refused);
  writer.key("kept").value(imported.kept).key("repeated").value(imported.repeated);
  writer.key("position").value(imported.position);
  writer.key("errors").begin_array();
  for (const BadLine& bad : imported.bad) {
    writer.begin_object().key("line").value(bad.line).key("detail").value(bad.reason).end_object();
  }
  writer.end_array().end_object();
  terminal.print(out + "\n");
}

void tell(Terminal& terminal, const Words& words, const Imported& imported, double seconds) {
  constexpr std::size_t kShown = 20;
  for (std::size_t i = 0; i < imported.bad.size() && i < kShown; ++i) {
    terminal.say("line " + std::to_string(imported.bad[i].line) + ": " + imported.bad[i].reason);
  }
  if (imported.refused > kShown) {
    terminal.say("and " + grouped(imported.refused - kShown) + " more");
  }
  std::string line = "took " + counted(imported.accepted, "row") + " of " + words.file + " into " +
                     words.collection;
  if (imported.kept < imported.accepted) {
    line += ", " + grouped(imported.kept) + " of them stored, all counted";
  }
  if (imported.repeated > 0) line += ", " + grouped(imported.repeated) + " there already";
  if (imported.refused > 0) line += "; " + grouped(imported.refused) + " refused";
  if (seconds >= 0.1) {
    const double rate = static_cast<double>(imported.accepted) / seconds;
    line += " (" + grouped(static_cast<std::uint64_t>(rate)) + " rows/s)";
  }
  terminal.say(line);
}

Result<void> ingest(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const std::string path, collection_path(words.collection));
  DAYBOOK_ASSIGN(Input input, Input::open(words.file));
  DAYBOOK_ASSIGN(const FileFormat format, format_of(words, input));
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const Declaration declaration, fetch_declaration(connection, words.collection));
  DAYBOOK_ASSIGN(Shape shape, shape_of(words, format));
  DAYBOOK_ASSIGN(const Completion completion,
                 complete(connection, words, path, format, declaration, shape));

  Importer importer(connection, path);
  input.on_idle([&importer] { return importer.flush(); });
  const auto reader = make_reader(format, input);
  Progress progress(session.terminal, words.file, input.bytes_in_all());
  auto taken = take_in(*reader, shape, completion, declaration, input, importer, progress);
  const Imported& imported = importer.imported();
  tell(session.terminal, words, imported, progress.elapsed().count());
  if (words.json) print_json(session.terminal, imported);
  if (!taken) {
    return std::move(taken).error().with_context(is_stdin(words) && words.source.empty()
                                                     ? "the import broke off"
                                                     : "the import broke off; run the same command "
                                                       "again, what was taken is not taken twice");
  }
  if (imported.refused > 0 && !words.skip_bad) {
    return Error(Code::kInvalid,
                 counted(imported.refused, "line") + " not taken (--skip-bad: take that as good)");
  }
  return {};
}

}  // namespace

Run declare_ingest(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->collection);
  options.argument("FILE", words->file, "the file, also gzip or zstd; - is stdin");
  options.option("--format", "FORMAT", words->format,
                 "ndjson, json, csv, combined (a web server's log) or lines; else it is guessed");
  options.each("--map", "NAME=FIELD", words->map,
               "a column, member or part of the file is this field; may be repeated");
  options.each("--set", "FIELD=VALUE", words->set, "every row has this; may be repeated");
  options.each("--drop", "NAMES", words->drop, "leave these columns or members out, with commas");
  options.flag("--shift-to-now", words->shift_to_now,
               "move all times by whole days, as far as the newest row stays in the past");
  options.flag("--again", words->again,
               "take the rows in once more; else rows that are there already change nothing");
  options.option("--source", "NAME", words->source,
                 "what the input is called when its rows are recognised (the file's name)");
  options.flag("--skip-bad", words->skip_bad, "end with 0 also when lines were not taken");
  options.flag("--json", words->json, "the counts as JSON on stdout");
  return [words](Session& session) { return ingest(session, *words); };
}

}  // namespace daybook::cli
