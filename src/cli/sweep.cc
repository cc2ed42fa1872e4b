#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/progress.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

constexpr const char* kNothing = "no row is past its keep";

struct Words {
  bool dry_run = false;
  bool yes = false;
  FormatWords format;
};

Result<std::string> ask_to_sweep(Connection& connection, const char* target) {
  DAYBOOK_ASSIGN(auto response, connection.send(http::Method::kPost, target, {}, ""));
  if (response.status >= 400) return error_of(response);
  return std::move(response.body);
}

std::string sum_of(const json::Value& answer) {
  return counted(number_of(answer, "rows"), "row") + ", about " +
         bytes_text(number_of(answer, "bytes"));
}

Result<void> print_swept(Terminal& terminal, RowForm form, const std::string& body) {
  if (form == RowForm::kJson) {
    terminal.print(body + "\n");
    return {};
  }
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  RowsOut out(terminal, form, {"collection", "rows", "bytes", "days", "oldest", "newest", "note"});
  if (const auto collections = answer.find("collections")) {
    auto elements = collections->elements();
    while (const auto one = elements.next()) {
      if (number_of(*one, "rows") > 0 || one->find("note")) out.add(*one);
    }
  }
  out.finish();
  return {};
}

Result<void> sweep_rows(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm form, format_of(words.format));
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const std::string preview, ask_to_sweep(connection, "/api/v1/sweep?dry_run=true"));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(preview));
  const bool is_nothing = number_of(answer, "rows") == 0;
  if (words.dry_run) {
    DAYBOOK_TRY(print_swept(session.terminal, form, preview));
    session.terminal.say(is_nothing ? kNothing : "would remove " + sum_of(answer));
    return {};
  }
  if (!is_nothing) {
    DAYBOOK_TRY(session.terminal.confirm(
        "Remove " + sum_of(answer) + " from " + connection.place() + "?", words.yes));
  }
  // Without a row, too: sums and changes have keeps of their own.
  DAYBOOK_ASSIGN(const std::string swept, ask_to_sweep(connection, "/api/v1/sweep"));
  DAYBOOK_TRY(print_swept(session.terminal, form, swept));
  DAYBOOK_ASSIGN(const json::Value removed, parser.parse(swept));
  session.terminal.say(number_of(removed, "rows") == 0 ? kNothing : "removed " + sum_of(removed));
  return {};
}

}  // namespace

Run declare_sweep(Options& options) {
  auto words = std::make_shared<Words>();
  options.flag("--dry-run", words->dry_run, "only say what would go: rows, bytes, days");
  options.flag("--yes", words->yes, "do not ask");
  declare_format(options, words->format);
  return [words](Session& session) { return sweep_rows(session, *words); };
}

}  // namespace daybook::cli
