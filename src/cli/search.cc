#include "base/text.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/declaration.h"
#include "cli/explain.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::string query;
  std::optional<std::string> rank, limit;
  bool explain = false;
  FormatWords format;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The server's snippet is HTML; on a terminal its marks become bold.
std::string snippet_text(std::string snippet, const Terminal& terminal) {
  const bool colors = terminal.look().has_colors;
  replace_all(snippet, "<em>", colors ? "\033[1m" : "");
  replace_all(snippet, "</em>", colors ? "\033[0m" : "");
  replace_all(snippet, "&lt;", "<");
  replace_all(snippet, "&gt;", ">");
  replace_all(snippet, "&quot;", "\"");
  replace_all(snippet, "&#39;", "'");
  replace_all(snippet, "&amp;", "&");
  replace_all(snippet, "\n", " ");
  return snippet;
}

// For people: when and where the words stand. The rows themselves are in the other formats.
void print_hits(Terminal& terminal, const Declaration& declaration, const json::Value& items) {
  auto elements = items.elements();
  while (const auto item = elements.next()) {
    const auto row = item->find("row");
    if (!row) continue;
    const std::string id = text_of(*row, "id");
    const std::string time = declaration.time.empty() ? "" : text_of(*row, declaration.time) + "  ";
    terminal.print(time + terminal.bold(id) + "\n    " +
                   snippet_text(text_of(*item, "snippet"), terminal) + "\n");
  }
}

Result<void> search(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words.format));
  DAYBOOK_ASSIGN(Target target, target_of(words.question, "search"));
  target.add("q", words.query).maybe("rank", words.rank).maybe("limit", words.limit);
  if (words.explain) target.add("explain", "1");
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  DAYBOOK_ASSIGN(const std::string body, connection.get(target.text()));
  if (format == RowForm::kJson) {
    session.terminal.print(body + "\n");
    return {};
  }
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
  const auto items = answer.find("items");
  if (!items || items->kind() != json::Kind::kArray) {
    return Error(Code::kInternal, "the server answered something that is no list of hits");
  }
  session.terminal.say("understood as: " + text_of(answer, "query"));
  if (format == RowForm::kTable) {
    DAYBOOK_ASSIGN(const auto declaration,
                   fetch_declaration(connection, words.question.collection));
    print_hits(session.terminal, declaration, *items);
  } else {
    RowsOut out(session.terminal, format);
    auto elements = items->elements();
    while (const auto item = elements.next()) {
      if (const auto row = item->find("row")) out.add(*row);
    }
    out.finish();
  }
  if (items->size() == 0) session.terminal.say("no rows");
  say_explain_of(session.terminal, answer);
  return {};
}

}  // namespace

Run declare_search(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  options.argument("WORDS", words->query,
                   "one OR other, both together, -without, \"a phrase\", begin*");
  declare_question(options, words->question);
  options.option("--rank", "ORDER", words->rank,
                 "newest first (the default) or best first: newest, best");
  options.option("--limit", "N", words->limit, "at most N rows (20)");
  declare_explain(options, words->explain);
  declare_format(options, words->format);
  return [words](Session& session) { return search(session, *words); };
}

}  // namespace daybook::cli
