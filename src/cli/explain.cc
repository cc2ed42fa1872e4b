#include "cli/explain.h"

#include <string>

#include "cli/rows_out.h"

namespace daybook::cli {

namespace {

std::string member(const json::Value& object, std::string_view name) {
  const auto value = object.find(name);
  return value ? cell_text(*value) : "?";
}

// "3 by window, 1 by dictionary", of what is not 0.
std::string skipped(const json::Value& blocks) {
  const auto skipped = blocks.find("skipped");
  std::string text;
  for (const std::string_view by : {"window", "header", "dictionary", "postings"}) {
    const std::string count = skipped ? member(*skipped, by) : "0";
    if (count != "0") text += (text.empty() ? "" : ", ") + count + " by " + std::string(by);
  }
  return text.empty() ? "none" : text;
}

std::string line_of(const json::Value& step) {
  std::string line = member(step, "verb") + " " + member(step, "collection") + ": " +
                     member(step, "plan") + "; " + member(step, "partitions") + " partitions";
  if (const auto blocks = step.find("blocks")) {
    line += ", " + member(*blocks, "read") + " blocks read, skipped: " + skipped(*blocks);
  }
  if (const auto rows = step.find("rows")) {
    line +=
        "; " + member(*rows, "looked_at") + " rows looked at, " + member(*rows, "given") + " given";
  }
  line += "; " + member(step, "bytes") + " bytes read";
  if (const auto columns = step.find("columns")) {
    line += ", " + member(*columns, "decoded") + " columns decoded, " + member(*columns, "cached") +
            " from the cache";
  }
  return line + "; " + member(step, "ms") + " ms";
}

}  // namespace

void declare_explain(Options& options, bool& is_explained) {
  options.flag("--explain", is_explained, "also say what the answer cost and how it was found");
}

void say_explain(Terminal& terminal, const json::Value& steps) {
  if (steps.kind() != json::Kind::kArray) return;
  auto elements = steps.elements();
  while (const auto step = elements.next()) terminal.say(line_of(*step));
}

void say_explain_of(Terminal& terminal, const json::Value& answer) {
  if (const auto steps = answer.find("explain")) say_explain(terminal, *steps);
}

}  // namespace daybook::cli
