#include "cli/command.h"
#include "cli/connection.h"
#include "cli/pages.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::string field;
  std::optional<std::string> limit;
  FormatWords format;
};

Result<void> top(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words.format));
  DAYBOOK_ASSIGN(Target target, target_of(words.question, "top"));
  target.add("field", words.field).maybe("limit", words.limit);
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
  RowsOut out(session.terminal, format, {"value", "count", "share"});
  if (const auto items = answer.find("items")) {
    auto elements = items->elements();
    while (const auto item = elements.next()) out.add(*item);
  }
  out.finish();
  return {};
}

}  // namespace

Run declare_top(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  options.argument("FIELD", words->field, "the field whose values are counted");
  declare_question(options, words->question);
  options.option("--limit", "N", words->limit, "at most N values (10)");
  declare_format(options, words->format);
  return [words](Session& session) { return top(session, *words); };
}

}  // namespace daybook::cli
