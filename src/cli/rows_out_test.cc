#include "cli/rows_out.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace daybook::cli {

namespace {

// What the rows become in a form.
std::string shown(RowForm form, const std::vector<std::string>& rows,
                  std::vector<std::string> columns = {}, bool is_terminal = false) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  Terminal::Look look;
  look.out_is_terminal = is_terminal;
  Terminal terminal(file, stderr, look);
  RowsOut out(terminal, form, std::move(columns));
  json::Parser parser;
  for (const std::string& row : rows) out.add(*parser.parse(row));
  out.finish();
  std::fclose(file);
  const std::string result(text, size);
  std::free(text);
  return result;
}

TEST(RowsOut, ATableIsAlignedAndNumbersStandRight) {
  EXPECT_EQ(shown(RowForm::kTable, {R"({"a":"x","n":5})", R"({"a":"longer","n":120})"}),
            "a         n\n"
            "x         5\n"
            "longer  120\n");
}

TEST(RowsOut, ColumnsComeFromAllRowsAndNestedOnesAreDotted) {
  EXPECT_EQ(shown(RowForm::kTable, {R"({"a":1})", R"({"b":{"c":"x"},"d":[1,2],"e":{}})"}),
            "a  b.c  d      e\n"
            "1\n"
            "   x    [1,2]  {}\n");
}

TEST(RowsOut, NothingIsNoTable) { EXPECT_EQ(shown(RowForm::kTable, {}), ""); }

TEST(RowsOut, ATextNeverBreaksItsLineOrTheTerminal) {
  EXPECT_EQ(shown(RowForm::kPlain, {R"({"a":"x\ny\tz\u001b[2J","b":null})"}), "x\\ny\\tz?[2J\t\n");
}

TEST(RowsOut, OnATerminalLongCellsAreCut) {
  const std::string row = "{\"a\":\"" + std::string(100, 'x') + "\"}";
  EXPECT_EQ(shown(RowForm::kTable, {row}, {}, true), "a\n" + std::string(57, 'x') + "...\n");
  EXPECT_EQ(shown(RowForm::kTable, {row}, {}, false), "a\n" + std::string(100, 'x') + "\n");
}

TEST(RowsOut, CsvIsQuotedWhereItMustBe) {
  EXPECT_EQ(shown(RowForm::kCsv, {R"({"a":"x,\"y\"","b":1.5})", R"({"a":"two\nlines"})"}),
            "a,b\r\n\"x,\"\"y\"\"\",1.5\r\n\"two\nlines\",\r\n");
}

TEST(RowsOut, FixedColumnsReachIntoObjects) {
  EXPECT_EQ(
      shown(RowForm::kCsv, {R"({"id":"1","o":{"g":"x"},"m":{"t":2}})"}, {"id", "o.g", "m", "none"}),
      "id,o.g,m,none\r\n1,x,\"{\"\"t\"\":2}\",\r\n");
  EXPECT_EQ(shown(RowForm::kCsv, {}, {"a"}), "a\r\n");
}

TEST(RowsOut, NdjsonIsTheRowItself) {
  EXPECT_EQ(shown(RowForm::kNdjson, {R"({"a": {"b":1}})"}), "{\"a\":{\"b\":1}}\n");
}

TEST(RowsOut, NamesTheFormsItKnows) {
  FormatWords words;
  EXPECT_EQ(*format_of(words), RowForm::kTable);
  words.json = true;
  EXPECT_EQ(*format_of(words), RowForm::kJson);
  words = {"yaml", false, false};
  EXPECT_EQ(format_of(words).error().message(),
            "--format: 'yaml' is not one of table, plain, json, ndjson, csv");
}

}  // namespace

}  // namespace daybook::cli
