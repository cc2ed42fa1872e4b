// Compares what the program says with the files beside this one. DAYBOOK_GOLDEN=write writes them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "cli/command.h"
#include "store/sql/dialect.h"
#include "store/sql/tables.h"
#include "tests/scenarios/stage.h"

namespace daybook {

namespace {

std::string folder() { return std::string(DAYBOOK_SOURCE_DIR) + "/tests/golden/"; }

bool writes() {
  const char* mode = std::getenv("DAYBOOK_GOLDEN");
  return mode != nullptr && std::string_view(mode) == "write";
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = folder() + name;
  if (writes()) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read_file(path), text) << path << " differs; `./dev golden` writes it anew";
}

// A file that nothing writes any more would stay for ever.
void expect_only(const std::string& subfolder, const std::set<std::string>& names) {
  for (const auto& entry : std::filesystem::directory_iterator(folder() + subfolder)) {
    const std::string name = entry.path().filename();
    if (names.contains(name)) continue;
    if (writes())
      std::filesystem::remove(entry.path());
    else
      ADD_FAILURE() << entry.path() << " belongs to nothing";
  }
}

TEST(Golden, Help) {
  std::set<std::string> names = {"overview.txt"};
  expect_golden("help/overview.txt", cli::overview());
  for (const cli::Command& command : cli::commands()) {
    const std::string name = std::string(command.name) + ".txt";
    expect_golden("help/" + name, cli::help_page(command));
    names.insert(name);
  }
  expect_only("help", names);
}

std::string commands_page() {
  std::string page =
      "# Commands\n\nWritten by `./dev golden` from what `daybook help` and `daybook help COMMAND` "
      "print. What settings mean\ntogether, and the codes that commands end with, is in "
      "[operations.md](operations.md).\n\n```\n" +
      cli::overview() + "```\n";
  for (const cli::Command& command : cli::commands()) {
    page += "\n## " + std::string(command.name) + "\n\n```\n" + cli::help_page(command) + "```\n";
  }
  return page;
}

TEST(Golden, CommandsPage) { expect_golden("../../docs/commands.md", commands_page()); }

std::string cell(std::string_view text) {
  return text.empty() ? " " : " `" + std::string(text) + "` ";
}

// The table is part of a page that people write, so it is compared row by row.
TEST(Golden, SettingsTable) {
  const std::string page = read_file(folder() + "../../docs/operations.md");
  for (const cli::SettingRow& row : cli::setting_rows()) {
    const std::string line = "| `--" + std::string(row.flag) + "` |" + cell(row.env) + "|" +
                             cell(row.key) + "|" + cell(row.default_text) + "| " +
                             std::string(row.text) + " |\n";
    EXPECT_NE(page.find(line), std::string::npos) << "docs/operations.md lacks\n" << line;
  }
}

TEST(Golden, Ddl) {
  std::set<std::string> names;
  for (const auto& [application, declared] : scenarios::shipped_catalog().applications()) {
    for (const auto& [name, collection] : declared.collections) {
      if (collection.is_journal()) continue;
      std::string text = sql::create_table(sql::sqlite_dialect(), collection) + ";\n";
      for (const std::string& one : sql::create_element_tables(sql::sqlite_dialect(), collection)) {
        text += one + ";\n";
      }
      for (const std::string& one : sql::create_indexes(sql::sqlite_dialect(), collection)) {
        if (!one.empty()) text += one + ";\n";
      }
      const std::string file = application + "_" + name + ".sql";
      expect_golden("ddl/" + file, text);
      names.insert(file);
    }
  }
  expect_only("ddl", names);
}

TEST(Golden, Metrics) {
  scenarios::Stage stage("memory");
  const auto answer = stage.client().send(http::Method::kGet, "/metrics", {}, "");
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  std::string text;
  for (const std::string_view line : split(answer->body, '\n')) {
    if (line.starts_with("# ")) text += std::string(line) + "\n";
  }
  EXPECT_NE(text, "");
  expect_golden("metrics.txt", text);
}

}  // namespace

}  // namespace daybook
