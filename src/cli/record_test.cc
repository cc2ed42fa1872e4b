#include "cli/record.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/compress.h"
#include "cli/temporary_directory.h"

namespace daybook::cli {

namespace {

class Records : public testing::Test {
 protected:
  Records() : directory_(*TemporaryDirectory::make()) {}

  std::string write(const std::string& text) {
    const std::string path = directory_->path() + "/file";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // "line: json" or "line: name=text ..." or "line! problem", a line each.
  std::string read(FileFormat format, const std::string& text) {
    auto input = Input::open(write(text));
    if (!input) return input.error().message();
    const auto reader = make_reader(format, *input);
    std::string out;
    for (;;) {
      Record record;
      const auto more = reader->next(record);
      if (!more) return out + "error: " + more.error().message();
      if (!*more) return out;
      out += std::to_string(record.line);
      if (!record.problem.empty()) {
        out += "! " + record.problem + "\n";
        continue;
      }
      out += ": " + record.json;
      for (const auto& [name, value] : record.parts) out += name + "=" + value + " ";
      out += "\n";
    }
  }

  std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Records, NdjsonGivesEachLineAsItIs) {
  EXPECT_EQ(read(FileFormat::kNdjson, "\xEF\xBB\xBF{\"a\":1}\r\n\n  \nbroken\n{\"a\":2}"),
            "1: {\"a\":1}\n4: broken\n5: {\"a\":2}\n");
  EXPECT_EQ(read(FileFormat::kNdjson, ""), "");
}

TEST_F(Records, NdjsonRefusesALineWithoutEnd) {
  const std::string text = "{\"a\":\"" + std::string(5u << 20, 'x') + "\"}\n{\"b\":1}\n";
  EXPECT_EQ(read(FileFormat::kNdjson, text), "1! is longer than a row may be\n2: {\"b\":1}\n");
}

TEST_F(Records, JsonGivesTheElementsOfAnArray) {
  EXPECT_EQ(read(FileFormat::kJson, "[\n {\"a\":\"]\\\"},\"},\n {\"b\":[1,{}]} , 5]\n"),
            "2: {\"a\":\"]\\\"},\"}\n3: {\"b\":[1,{}]}\n3: 5\n");
  EXPECT_EQ(read(FileFormat::kJson, "[]"), "");
}

TEST_F(Records, JsonGivesObjectsOneAfterTheOther) {
  EXPECT_EQ(read(FileFormat::kJson, "{\"a\":1}{\"a\":\n2}\n{\"a\":3"),
            "1: {\"a\":1}\n1: {\"a\":\n2}\n3! breaks off before it is closed\n");
}

TEST_F(Records, JsonEndsAlsoOnGarbage) {
  EXPECT_NE(read(FileFormat::kJson, "]]]] }}} :: x,y"), "");
}

TEST_F(Records, CsvFollowsItsHeading) {
  EXPECT_EQ(read(FileFormat::kCsv, "a, b ,c\r\n1,\"x, \"\"y\"\"\nz\",\r\n\r\n2,,3\n"),
            "2: a=1 b=x, \"y\"\nz \n5: a=2 c=3 \n");
}

TEST_F(Records, CsvNamesRecordsOfAnotherWidth) {
  EXPECT_EQ(read(FileFormat::kCsv, "a,b\n1\n1,2\n1,2,3\n1,\"2\n"),
            "2! has 1 fields, the heading has 2\n3: a=1 b=2 \n4! has 3 fields, the heading has 2\n"
            "5! has a quote that is not closed\n");
  EXPECT_EQ(read(FileFormat::kCsv, ""), "error: there is no heading: the file is empty");
  EXPECT_EQ(read(FileFormat::kCsv, "a,,b\n"), "error: a column of the heading has no name");
}

TEST_F(Records, LinesAreParts) {
  EXPECT_EQ(read(FileFormat::kLines, "one\n\ntwo words"), "1: line=one \n3: line=two words \n");
}

TEST_F(Records, PackedFilesAreUnpacked) {
  const std::string text = "{\"a\":1}\n{\"a\":2}\n";
  EXPECT_EQ(read(FileFormat::kNdjson, gzip_compress(text, 6)), "1: {\"a\":1}\n2: {\"a\":2}\n");
  EXPECT_EQ(read(FileFormat::kNdjson, zstd_compress(text, 3)), "1: {\"a\":1}\n2: {\"a\":2}\n");
}

TEST_F(Records, APackedFileThatBreaksOffIsSaid) {
  const std::string packed = gzip_compress(std::string(100000, 'x') + "\n", 6);
  EXPECT_NE(read(FileFormat::kLines, packed.substr(0, packed.size() / 2)).find("cannot unpack"),
            std::string::npos);
}

TEST_F(Records, AMissingFileIsSaid) {
  EXPECT_EQ(Input::open(directory_->path() + "/none").error().code(), Code::kNotFound);
  EXPECT_EQ(Input::open(directory_->path()).error().code(), Code::kInvalid);
}

TEST_F(Records, TheFirstLineIsGivenAgain) {
  auto input = Input::open(write("one\ntwo\n"));
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(*input->first_line(), "one");
  std::string text;
  ASSERT_TRUE(input->read(text).ok());
  EXPECT_EQ(text, "one\ntwo\n");
}

TEST(FindFormat, ByNameThenByFileThenByLook) {
  const std::string log =
      R"(1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "x")";
  const std::tuple<const char*, const char*, std::string, FileFormat> cases[] = {
      {"csv", "x.json", "", FileFormat::kCsv},     {"lines", "x", "", FileFormat::kLines},
      {"", "x.jsonl.gz", "", FileFormat::kNdjson}, {"", "x.csv.zst", "", FileFormat::kCsv},
      {"", "x.json", "", FileFormat::kJson},       {"", "x", " [", FileFormat::kJson},
      {"", "x", "{\"a\":1}", FileFormat::kNdjson}, {"", "x", "{", FileFormat::kJson},
      {"", "x.log", log, FileFormat::kCombined},   {"", "x", "a,b,c", FileFormat::kCsv},
  };
  for (const auto& [name, path, line, format] : cases) {
    const auto found = find_format(name, path, line);
    ASSERT_TRUE(found.ok()) << name << path << line;
    EXPECT_EQ(*found, format) << name << path << line;
  }
  EXPECT_FALSE(find_format("", "x.txt", "Hello, world").ok());
  EXPECT_FALSE(find_format("", "x", "").ok());
  EXPECT_FALSE(find_format("xml", "x", "").ok());
}

std::string parsed(std::string_view line) {
  const auto parts = parse_combined(line);
  if (!parts) return parts.error().message();
  std::string out;
  for (const auto& [name, text] : *parts) out += name + "=" + text + "\n";
  return out;
}

TEST(Combined, NamesTheParts) {
  EXPECT_EQ(
      parsed(R"(83.149.9.216 - ann [17/May/2015:10:05:03 +0200] "GET /a?b=c HTTP/1.1" 200 203023 )"
             R"("http://x/" "Mozilla \"5\"")"),
      "timestamp=2015-05-17T10:05:03+02:00\nmethod=GET\nendpoint=/a?b=c\nstatus_code=200\n"
      "response_size_bytes=203023\nip_address=83.149.9.216\nuser_id=ann\nreferer=http://x/\n"
      "user_agent=Mozilla \"5\"\n");
}

TEST(Combined, LeavesOutWhatIsADash) {
  EXPECT_EQ(parsed(R"(::1 - - [01/Jan/2020:00:00:00 +0000] "HEAD / HTTP/1.0" 304 - "-" "-")"),
            "timestamp=2020-01-01T00:00:00+00:00\nmethod=HEAD\nendpoint=/\nstatus_code=304\n"
            "response_size_bytes=0\nip_address=::1\n");
}

TEST(Combined, ReadsTheCommonForm) {
  EXPECT_EQ(parsed(R"(h - - [01/Jan/2020:00:00:00 +0000] "GET / HTTP/1.0" 200 5)"),
            "timestamp=2020-01-01T00:00:00+00:00\nmethod=GET\nendpoint=/\nstatus_code=200\n"
            "response_size_bytes=5\nip_address=h\n");
}

TEST(Combined, SaysWhatIsMissing) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "there is no [time]"},
      {"h - - yesterday", "there is no [time]"},
      {"h - - [17/Mai/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
       "the time is not like 17/May/2015:10:05:03 +0000"},
      {"h - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
       "the time is not like 17/May/2015:10:05:03 +0000"},
      {"h - - [17/May/2015:10:05:03 +0000] GET / 200 1", "there is no \"request\""},
      {"h - - [17/May/2015:10:05:03 +0000] \"-\" 408 0",
       "the request is not METHOD TARGET PROTOCOL"},
      {"h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200", "there is no status or size"},
      {"h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"x",
       "after the size come \"referer\" \"agent\""},
  };
  for (const auto& [line, what] : cases) {
    EXPECT_EQ(parsed(line), std::string("is not Combined Log Format: ") + what) << line;
  }
}

}  // namespace

}  // namespace daybook::cli
