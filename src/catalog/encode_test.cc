#include "catalog/encode.h"

#include "catalog/decode.h"
#include "catalog/test_catalog.h"

namespace daybook {
namespace {

Row row_of(const Collection& collection, std::string_view text) {
  json::Parser parser;
  const auto value = parser.parse(text);
  IdMaker ids;
  const auto decoded = decode_row(collection, *value, Stamp(), ids);
  EXPECT_TRUE(decoded.ok()) << all_problems(decoded.error());
  return decoded->row;
}

std::string encode(const Collection& collection, const Row& row,
                   const Projection& projection = {}) {
  std::string text;
  json::Writer out(text);
  encode_row(collection, row, projection, out);
  return text;
}

constexpr std::string_view kNested = R"(
kind = "register"
extra = "keep"
[fields]
first    = { type = "int" }
"a.b"    = { type = "int" }
middle   = { type = "text" }
"a.c.d"  = { type = "map", of = { type = "float" } }
"a.c.e"  = { type = "list", of = { type = "date" } }
secret   = { type = "secret", hash = "sha256" }
)";

TEST(EncodeRow, NestsDottedNamesAndKeepsParentsTogether) {
  const TestCollection orders{std::string(kNested)};
  const std::string text =
      R"({"id":"x","first":1,"a":{"b":2,"c":{"d":{"k":0.5},"e":["2025-12-05"],"f":[1,{"g":"}"}]},"h.i":null,"j":"k"},"middle":"m","z":{"a":{"b":1}}})";
  const Row row = row_of(*orders, text);
  EXPECT_EQ(
      encode(*orders, row),
      R"({"id":"x","first":1,"a":{"b":2,"c":{"d":{"k":0.5},"e":["2025-12-05"],"f":[1,{"g":"}"}]},"j":"k"},"middle":"m","z":{"a":{"b":1}}})");
  EXPECT_EQ(row_of(*orders, encode(*orders, row)), row);
}

TEST(EncodeRow, NeverWritesSecrets) {
  const TestCollection orders{std::string(kNested)};
  const Row row = row_of(*orders, R"({"id":"x","secret":"s3cret"})");
  EXPECT_EQ(encode(*orders, row), R"({"id":"x"})");
  EXPECT_EQ(encode(*orders, row, {{*orders->find_field("secret")}, {}, true}), R"({"id":"x"})");
}

TEST(EncodeRow, ShowsWhatWasAskedFor) {
  const TestCollection orders{std::string(kNested)};
  const Row row = row_of(*orders, R"({"id":"x","first":1,"a":{"b":2},"q":3})");
  const std::size_t first = *orders->find_field("first");
  const std::size_t b = *orders->find_field("a.b");
  const std::size_t middle = *orders->find_field("middle");
  EXPECT_EQ(encode(*orders, row, {{b, middle, first}, {}, false}),
            R"({"id":"x","a":{"b":2},"middle":null,"first":1})");
  EXPECT_EQ(encode(*orders, row, {{b, first}, {first}, false}), R"({"id":"x","a":{"b":2}})");
  EXPECT_EQ(encode(*orders, row, {{}, {first}, true}), R"({"id":"x","a":{"b":2},"q":3})");
}

TEST(EncodeRow, WritesFlatRowsAsTheyLie) {
  const TestCollection orders(R"(
kind = "register"
extra = "keep"
[fields]
a = { type = "time" }
b = { type = "float" }
c = { type = "json" }
)");
  const std::string text =
      R"({"id":"x","a":"2025-12-05T14:00:00.5Z","b":2,"c":{"d":[null]},"e\"\n":{"x.y":1}})";
  EXPECT_EQ(
      encode(*orders, row_of(*orders, text)),
      R"({"id":"x","a":"2025-12-05T14:00:00.500Z","b":2,"c":{"d":[null]},"e\"\n":{"x.y":1}})");
}

TEST(Csv, QuotesWhatNeedsIt) {
  const TestCollection orders(R"(
kind = "register"
extra = "keep"
[fields]
text = { type = "text" }
none = { type = "text" }
list = { type = "list", of = "int" }
"a.b" = { type = "bool" }
key  = { type = "secret", hash = "sha256" }
)");
  const Row row = row_of(
      *orders,
      R"({"id":"a,b","text":"say \"hi\"\r\n","list":[1,2],"a":{"b":true},"key":"k","more":1})");
  EXPECT_EQ(csv_header(*orders, {}), "id,text,none,list,a.b,extra\r\n");
  EXPECT_EQ(csv_line(*orders, row, {}),
            "\"a,b\",\"say \"\"hi\"\"\r\n\",,\"[1,2]\",true,\"{\"\"more\"\":1}\"\r\n");
  const Row empty = row_of(*orders, R"({"id":"=1+1","text":""})");
  EXPECT_EQ(csv_line(*orders, empty, {}), "=1+1,\"\",,,,\r\n");
}

TEST(RowTag, DiffersWithContentAndIsTheSameForTheSame) {
  const TestCollection orders{std::string(kNested)};
  const Row row = row_of(*orders, R"({"id":"x","first":1,"q":3})");
  Row other = row;
  EXPECT_EQ(row_tag(row), row_tag(other));
  EXPECT_EQ(row_tag(row).size(), 16u);
  other.values[0] = Value(2);
  EXPECT_NE(row_tag(row), row_tag(other));
  other = row;
  other.id = "y";
  EXPECT_NE(row_tag(row), row_tag(other));
}

}  // namespace
}  // namespace daybook
