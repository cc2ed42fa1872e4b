#include "cli/command.h"
#include "cli/explain.h"
#include "cli/figures.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::string field;
  std::optional<std::string> limit;
  bool explain = false;
  FormatWords format;
};

Result<void> top(Session& session, const Words& words) {
  DAYBOOK_ASSIGN(const RowForm format, format_of(words.format));
  DAYBOOK_ASSIGN(Target target, target_of(words.question, "top"));
  target.add("field", words.field).maybe("limit", words.limit);
  if (words.explain) target.add("explain", "1");
  auto printed = print_figures(session, target, format, "items", {"value", "count", "share"});
  if (!printed) return std::move(printed).error();
  return {};
}

}  // namespace

Run declare_top(Options& options) {
  auto words = std::make_shared<Words>();
  declare_collection(options, words->question.collection);
  options.argument("FIELD", words->field, "the field whose values are counted");
  declare_question(options, words->question);
  options.option("--limit", "N", words->limit, "at most N values (10)");
  declare_explain(options, words->explain);
  declare_format(options, words->format);
  return [words](Session& session) { return top(session, *words); };
}

}  // namespace daybook::cli
