#include "cli/command.h"
#include "cli/connection.h"
#include "cli/explain.h"
#include "cli/pages.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::optional<std::string> order, fields;
  std::int64_t limit = 100;
  bool count = false;
  bool explain = false;
  FormatWords format;
};

std::vector<std::string> columns_of(const Words& words) {
  std::vector<std::string> columns;
  if (!words.fields) return columns;
  std::string_view rest = *words.fields;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    columns.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return columns;
}

Result<void> print_json(Session& session, Connection& connection, const Target& target,
                        const Words& words) {
  std::string items;
  DAYBOOK_ASSIGN(const ListEnd end,
                 walk_list(connection, target, words.limit, [&items](const json::Value& row) {
                   if (!items.empty()) items += ",";
                   row.write(items);
                 }));
  std::string out = "{\"items\":[" + items + "],\"next_cursor\":" + json::quote(end.next_cursor);
  if (!end.window.empty()) out += ",\"window\":" + end.window;
  if (!end.count.empty()) out += ",\"count\":" + end.count;
  if (!end.explain.empty()) out += ",\"explain\":" + end.explain;
  session.terminal.print(out + "}\n");
  return {};
}

Result<void> query(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words.format));
  if (words.limit < 1) return Error(Code::kInvalid, "--limit must be at least 1");
  DAYBOOK_ASSIGN(Target target, target_of(words.question, ""));
  target.maybe("order", words.order).maybe("fields", words.fields);
  if (words.count) target.add("count", "exact");
  if (words.explain) target.add("explain", "1");
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  if (format == RowForm::kJson) return print_json(session, connection, target, words);

  RowsOut out(session.terminal, format, columns_of(words));
  DAYBOOK_ASSIGN(const ListEnd end, walk_list(connection, target, words.limit,
                                              [&out](const json::Value& row) { out.add(row); }));
  out.finish();
  if (!end.count.empty()) session.terminal.say(end.count + " rows in all");
  if (end.rows == 0) session.terminal.say("no rows");
  if (!end.next_cursor.empty()) {
    session.terminal.say("there are more rows; --limit shows more, `daybook export` all");
  }
  if (!end.explain.empty()) {
    json::Parser parser;
    DAYBOOK_ASSIGN(const json::Value steps, parser.parse(end.explain));
    say_explain(session.terminal, steps);
  }
  return {};
}

}  // namespace

Run declare_query(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  declare_question(options, words->question);
  options.option("--order", "FIELDS", words->order, "by these, - before a name: descending");
  options.option("--fields", "FIELDS", words->fields, "only these, with commas");
  options.option("--limit", "N", words->limit, "at most N rows (100)");
  options.flag("--count", words->count, "also count all rows that match");
  declare_explain(options, words->explain);
  declare_format(options, words->format);
  return [words](Session& session) { return query(session, *words); };
}

}  // namespace daybook::cli
