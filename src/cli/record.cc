#include "cli/record.h"

#include "base/json.h"
#include "cli/lines.h"
#include "cli/read_csv.h"
#include "cli/read_json.h"

namespace daybook::cli {

namespace {

// NDJSON: the server judges each line.
class NdjsonReader final : public RecordReader {
 public:
  explicit NdjsonReader(Input& input) : lines_(input) {}

  Result<bool> next(Record& record) override {
    do {
      DAYBOOK_ASSIGN(const bool more, lines_.next(record.json));
      if (!more) return false;
    } while (record.json.find_first_not_of(" \t") == std::string::npos);
    record.line = lines_.number();
    if (record.json.size() >= kMaxLineBytes) record.problem = "is longer than a row may be";
    return true;
  }

 private:
  Lines lines_;
};

// A record a line, taken apart by a function of its format. Blank lines are none.
class TextReader final : public RecordReader {
 public:
  using Parse = Result<std::vector<Record::Part>> (*)(std::string_view line);
  TextReader(Input& input, Parse parse) : lines_(input), parse_(parse) {}

  Result<bool> next(Record& record) override {
    std::string line;
    do {
      DAYBOOK_ASSIGN(const bool more, lines_.next(line));
      if (!more) return false;
    } while (line.empty());
    record.line = lines_.number();
    auto parts = parse_(line);
    if (parts)
      record.parts = *std::move(parts);
    else
      record.problem = parts.error().message();
    return true;
  }

 private:
  Lines lines_;
  Parse parse_;
};

Result<std::vector<Record::Part>> one_part(std::string_view line) {
  return std::vector<Record::Part>{{"line", std::string(line)}};
}

bool is_json(std::string_view text) {
  json::Parser parser;
  return parser.parse(text).ok();
}

}  // namespace

Result<FileFormat> find_format(const std::string& name, const std::string& path,
                               const std::string& first_line) {
  if (name == "ndjson") return FileFormat::kNdjson;
  if (name == "json") return FileFormat::kJson;
  if (name == "csv") return FileFormat::kCsv;
  if (name == "combined") return FileFormat::kCombined;
  if (name == "lines") return FileFormat::kLines;
  if (!name.empty()) {
    return Error(Code::kInvalid,
                 "--format: '" + name + "' is not one of ndjson, json, csv, combined, lines");
  }
  const std::string plain = without_packing(path);
  if (plain.ends_with(".ndjson") || plain.ends_with(".jsonl")) return FileFormat::kNdjson;
  if (plain.ends_with(".json")) return FileFormat::kJson;
  if (plain.ends_with(".csv")) return FileFormat::kCsv;
  const std::size_t begin = first_line.find_first_not_of(" \t");
  if (begin != std::string::npos) {
    if (first_line[begin] == '[') return FileFormat::kJson;
    if (first_line[begin] == '{') {
      return is_json(first_line) ? FileFormat::kNdjson : FileFormat::kJson;
    }
    if (parse_combined(first_line)) return FileFormat::kCombined;
    if (first_line.find(',') != std::string::npos && plain.find(".txt") == std::string::npos) {
      return FileFormat::kCsv;
    }
  }
  return Error(Code::kInvalid, "cannot tell the format of " + path +
                                   "; say --format ndjson, json, csv, combined or lines");
}

std::unique_ptr<RecordReader> make_reader(FileFormat format, Input& input) {
  switch (format) {
    case FileFormat::kNdjson:
      return std::make_unique<NdjsonReader>(input);
    case FileFormat::kJson:
      return std::make_unique<JsonReader>(input);
    case FileFormat::kCsv:
      return std::make_unique<CsvReader>(input);
    case FileFormat::kCombined:
      return std::make_unique<TextReader>(input, parse_combined);
    case FileFormat::kLines:
      return std::make_unique<TextReader>(input, one_part);
  }
  return nullptr;
}

}  // namespace daybook::cli
