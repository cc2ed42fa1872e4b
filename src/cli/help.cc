// Help pages: examples first, then the words, then the settings.
#include <algorithm>

#include "cli/command.h"

namespace daybook::cli {

namespace {

std::string group_title(SettingGroup group) {
  switch (group) {
    case SettingGroup::kDirectory:
      return "Directory";
    case SettingGroup::kRemote:
      return "Server";
    case SettingGroup::kServing:
      return "Serving";
  }
  return "";
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// "the text (10s)", the default in brackets.
std::string setting_text(const SettingRow& row) {
  std::string text(row.text);
  if (!row.default_text.empty()) text += " (" + std::string(row.default_text) + ")";
  return text;
}

void append_wrapped(std::string& out, const std::string& word, const std::string& text,
                    std::size_t column) {
  constexpr std::size_t kWidth = 96;
  out += "  " + word;
  std::size_t at = 2 + word.size();
  if (at + 2 > column) {
    out += "\n";
    at = 0;
  }
  out.append(column - at, ' ');
  at = column;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    if (at > column && at + 1 + part.size() > kWidth) {
      out += "\n" + std::string(column, ' ');
      at = column;
    } else if (at > column) {
      out += " ";
      ++at;
    }
    out += part;
    at += part.size();
    begin = end + 1;
  }
  out += "\n";
}

constexpr std::size_t kTextColumn = 28;

}  // namespace

void declare_shared(const Command& command, Options& options, Flags& flags, General& general) {
  for (const SettingGroup group : command.settings) {
    options.heading(group_title(group));
    for (const SettingRow& row : setting_rows()) {
      if (row.group != group) continue;
      options.option("--" + std::string(row.flag), upper(row.type), flags[row.id],
                     setting_text(row));
    }
  }
  options.heading("General");
  options.flag("--no-color", general.no_color, "no colours; so does NO_COLOR in the environment");
  options.flag("--no-input", general.no_input, "never ask");
  options.flag("--quiet", general.is_quiet, "no messages but errors");
  options.flag("--help", general.help, "this page");
}

std::string help_page(const Command& command) {
  Options options((std::string(command.name)));
  Flags flags;
  General general;
  command.declare(options);
  declare_shared(command, options, flags, general);

  const std::string name = "daybook " + std::string(command.name);
  std::string out = name + ": " + std::string(command.line) + "\n\nExamples\n";
  for (const std::string_view example : command.examples) {
    const bool is_pipe = example.find("| daybook") != std::string_view::npos;
    out += "  " + (is_pipe ? std::string(example) : "daybook " + std::string(example)) + "\n";
  }
  out += "\nUsage\n  " + name + options.usage() + " [options]\n";
  for (const Options::Section& section : options.sections()) {
    if (section.words.empty()) continue;
    out += "\n" + section.title + "\n";
    for (const OptionHelp& word : section.words) {
      append_wrapped(out, word.word, word.text, kTextColumn);
    }
  }
  return out;
}

std::string overview() {
  std::string out =
      "daybook: the daily record of a running product\n\n"
      "Examples\n"
      "  daybook serve --data ./data\n"
      "  daybook ingest shop/orders orders.ndjson --data ./data\n"
      "  daybook stats shop/orders --by state --days 7 --data ./data\n\n"
      "Commands\n";
  for (const Command& command : commands()) {
    append_wrapped(out, std::string(command.name), std::string(command.line), 14);
  }
  return out +
         "\n`daybook help COMMAND` says more. Commands that need rows work on a directory "
         "(--data),\non the server that holds it, and on one elsewhere (--server).\n";
}

}  // namespace daybook::cli
