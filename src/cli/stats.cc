#include "cli/command.h"
#include "cli/connection.h"
#include "cli/pages.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::optional<std::string> by, every, of, order, limit;
  FormatWords format;
};

Result<void> stats(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words.format));
  DAYBOOK_ASSIGN(Target target, target_of(words.question, "stats"));
  target.maybe("by", words.by)
      .maybe("every", words.every)
      .maybe("of", words.of)
      .maybe("order", words.order)
      .maybe("limit", words.limit);
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const std::string body, connection.get(target.text()));
  if (format == RowForm::kJson) {
    session.terminal.print(body + "\n");
    return {};
  }
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  if (const auto window = answer.find("window"); window && window->kind() == json::Kind::kObject) {
    session.terminal.say(window_text(*window));
  }
  RowsOut out(session.terminal, format);
  if (const auto rows = answer.find("rows")) {
    auto elements = rows->elements();
    while (const auto row = elements.next()) out.add(*row);
  }
  out.finish();
  const auto more = answer.find("more");
  if (more && more->kind() == json::Kind::kBool && more->as_bool()) {
    session.terminal.say("there are more groups; --limit shows more");
  }
  return {};
}

}  // namespace

Run declare_stats(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  declare_question(options, words->question);
  options.option("--by", "FIELDS", words->by, "a group for each value of these");
  options.option("--every", "STEP", words->every, "a group for each 1m, 15m, 1h, 1d, 1w or 1mo");
  options.option("--of", "FIELDS", words->of,
                 "sum, average, least, greatest and quantiles of these");
  options.option("--order", "NAMES", words->order, "count, -count, bucket, or a field");
  options.option("--limit", "N", words->limit, "at most N groups");
  declare_format(options, words->format);
  return [words](Session& session) { return stats(session, *words); };
}

}  // namespace daybook::cli
