#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/declaration.h"
#include "cli/pages.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::optional<std::string> order, fields;
  std::string to = "-";
  std::string format;
  std::optional<std::string> pseudonymous, include;
  bool yes = false;
};

using Names = std::vector<std::string>;

// What a pseudonymous export replaces, leaves out, and tells without what may name persons.
struct Disguise {
  Names replaced, left_out, cleaned;
};

Result<RowForm> format_of(const Words& words) {
  const bool is_csv = words.to.ends_with(".csv");
  if (words.format == "ndjson" || (words.format.empty() && !is_csv)) return RowForm::kNdjson;
  if (words.format == "csv" || words.format.empty()) return RowForm::kCsv;
  return Error(Code::kInvalid, "--format: '" + words.format + "' is not one of ndjson, csv");
}

// The columns of CSV are known before the first row: those asked for, or the id and all declared.
Result<Names> columns_of(const Words& words, const Declaration& declaration,
                         const Disguise& disguise) {
  Names columns;
  if (words.fields) {
    std::size_t begin = 0;
    while (begin <= words.fields->size()) {
      const std::size_t end = std::min(words.fields->find(',', begin), words.fields->size());
      columns.push_back(words.fields->substr(begin, end - begin));
      begin = end + 1;
    }
    return columns;
  }
  columns.emplace_back("id");
  for (const Declaration::Field& field : declaration.fields) {
    const auto& left_out = disguise.left_out;
    const bool is_left_out =
        std::find(left_out.begin(), left_out.end(), field.name) != left_out.end();
    if (!field.is_secret() && !is_left_out) columns.push_back(field.name);
  }
  return columns;
}

Names names_of(const json::Value& object, std::string_view member) {
  Names names;
  const auto list = object.find(member);
  if (!list || list->kind() != json::Kind::kArray) return names;
  auto elements = list->elements();
  while (const auto name = elements.next()) names.emplace_back(name->as_string());
  return names;
}

// Asks for one row to learn what becomes of the fields.
Result<Disguise> fetch_disguise(Connection& connection, Target target) {
  target.add("limit", "1");
  DAYBOOK_ASSIGN(const std::string body, connection.get(target.text()));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  const auto told = answer.find("pseudonymous");
  if (!told) return Error(Code::kUnsupported, "this server makes no pseudonymous exports");
  return Disguise{names_of(*told, "replaced"), names_of(*told, "left_out"),
                  names_of(*told, "cleaned")};
}

void explain(Terminal& terminal, const Disguise& disguise) {
  const auto listed = [](const Names& names) { return names.empty() ? "none" : join(names, ", "); };
  terminal.say("replaced: id" +
               (disguise.replaced.empty() ? "" : ", " + listed(disguise.replaced)));
  terminal.say("left out: " + listed(disguise.left_out) + " (--include FIELD,... or extra)");
  terminal.say("without query strings and e-mail addresses: " + listed(disguise.cleaned) +
               "; other names in them are told as they are");
  terminal.say(
      "this export is pseudonymous, not anonymous: who holds the data key can tell whose rows "
      "these "
      "are, rare values may tell it too, and exact times can join it with other exports");
}

Result<std::int64_t> write_rows(Session& session, Terminal& out, const Words& words,
                                RowForm format) {
  DAYBOOK_ASSIGN(Target target, target_of(words.question, ""));
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const auto declaration, fetch_declaration(connection, words.question.collection));
  // Oldest first, as they were taken in.
  const std::string natural = declaration.time.empty() ? "id" : declaration.time;
  target.add("order", words.order ? *words.order : natural);
  target.maybe("fields", words.fields);
  target.maybe("pseudonymous", words.pseudonymous).maybe("include", words.include);
  Disguise disguise;
  if (words.pseudonymous) {
    DAYBOOK_ASSIGN(disguise, fetch_disguise(connection, target));
    explain(session.terminal, disguise);
  }
  if (format == RowForm::kCsv && declaration.takes_undeclared) {
    session.terminal.say("CSV holds the declared fields; ndjson holds the others too");
  }
  std::vector<std::string> columns;
  if (format == RowForm::kCsv) {
    DAYBOOK_ASSIGN(columns, columns_of(words, declaration, disguise));
  }
  RowsOut rows(out, format, std::move(columns));
  Progress progress(session.terminal, words.question.collection, 0);
  std::uint64_t done = 0;
  DAYBOOK_ASSIGN(const ListEnd end,
                 walk_list(connection, target, kAllRows, [&](const json::Value& row) {
                   rows.add(row);
                   progress.at(0, ++done);
                 }));
  rows.finish();
  return end.rows;
}

// Writes beside the file and moves it into place, so that a half-written one is never taken for
// whole.
Result<std::int64_t> write_file(Session& session, const Words& words, RowForm format) {
  if (std::filesystem::exists(words.to)) {
    DAYBOOK_TRY(session.terminal.confirm(words.to + " is there already. Replace it?", words.yes));
  }
  const std::string part = words.to + ".part";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(part.c_str(), "wb"), std::fclose);
  if (!file) {
    return Error(Code::kUnavailable, "cannot write " + part + ": " + std::strerror(errno));
  }
  Terminal out(file.get(), stderr, {});
  auto rows = write_rows(session, out, words, format);
  auto finished = out.finish();
  if (rows && !finished) rows = std::move(finished).error().with_context("cannot write " + part);
  if (rows && fsync(fileno(file.get())) != 0) {
    rows = Error(Code::kUnavailable, "cannot write " + part + ": " + std::strerror(errno));
  }
  std::error_code failed;
  if (rows)
    std::filesystem::rename(part, words.to, failed);
  else
    std::filesystem::remove(part, failed);
  if (rows && failed)
    return Error(Code::kUnavailable, "cannot write " + words.to + ": " + failed.message());
  return rows;
}

Result<void> export_rows(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words));
  auto rows = words.to == "-" ? write_rows(session, session.terminal, words, format)
                              : write_file(session, words, format);
  if (!rows) return std::move(rows).error();
  session.terminal.say("wrote " + counted(static_cast<std::uint64_t>(*rows), "row") +
                       (words.to == "-" ? "" : " to " + words.to));
  return {};
}

}  // namespace

Run declare_export(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  declare_question(options, words->question);
  options.option("--to", "FILE", words->to, "the file; - is stdout (the default)");
  options.option("--format", "FORMAT", words->format, "ndjson or csv; else by the file's name");
  options.option("--order", "FIELDS", words->order, "by these instead of oldest first");
  options.option("--fields", "FIELDS", words->fields, "only these, with commas");
  options.option(
      "--pseudonymous", "PURPOSE", words->pseudonymous,
      "pseudonyms for persons, networks for addresses, no free text; the same person has "
      "the same pseudonym within one purpose");
  options.option("--include", "FIELDS", words->include,
                 "with --pseudonymous, also these texts and json fields, or extra");
  options.flag("--yes", words->yes, "replace the file without asking");
  return [words](Session& session) { return export_rows(session, *words); };
}

}  // namespace daybook::cli
