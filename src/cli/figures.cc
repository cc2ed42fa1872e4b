#include "cli/figures.h"

#include <utility>

#include "base/json.h"
#include "cli/connection.h"
#include "cli/explain.h"
#include "cli/pages.h"

namespace daybook::cli {

Result<bool> print_figures(Session& session, const Target& target, RowForm format,
                           std::string_view member, std::vector<std::string> columns) {
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const std::string body, connection.get(target.text()));
  if (format == RowForm::kJson) {
    session.terminal.print(body + "\n");
    return false;
  }
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  if (const auto window = answer.find("window"); window && window->kind() == json::Kind::kObject) {
    session.terminal.say(window_text(*window));
  }
  RowsOut out(session.terminal, format, std::move(columns));
  if (const auto rows = answer.find(member)) {
    auto elements = rows->elements();
    while (const auto row = elements.next()) out.add(*row);
  }
  out.finish();
  say_explain_of(session.terminal, answer);
  const auto more = answer.find("more");
  return more && more->kind() == json::Kind::kBool && more->as_bool();
}

}  // namespace daybook::cli
