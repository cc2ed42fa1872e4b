#include "cli/command.h"
#include "cli/explain.h"
#include "cli/figures.h"
#include "cli/question.h"
#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

struct Words {
  Question question;
  std::optional<std::string> by, every, of, order, limit;
  bool explain = false;
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
  if (words.explain) target.add("explain", "1");
  DAYBOOK_ASSIGN(const bool has_more, print_figures(session, target, format, "rows"));
  if (has_more) session.terminal.say("there are more groups; --limit shows more");
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
  declare_explain(options, words->explain);
  declare_format(options, words->format);
  return [words](Session& session) { return stats(session, *words); };
}

}  // namespace daybook::cli
