#include "base/json.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace daybook::json {
namespace {

std::string rewritten(std::string_view text) {
  Parser parser;
  const auto value = parser.parse(text);
  if (!value.ok()) return "error: " + value.error().message();
  std::string out;
  value->write(out);
  return out;
}

// Kind by kind, unreadable values with their reason.
std::string shape(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt:
      return "int " + std::to_string(value.as_int());
    case Kind::kUint:
      return "uint " + std::to_string(value.as_uint());
    case Kind::kFloat:
      return "float " + std::to_string(value.as_float());
    case Kind::kString:
      return "string " + std::string(value.as_string());
    case Kind::kUnreadable:
      return std::string(value.reason());
    case Kind::kArray: {
      std::string all = "[";
      auto elements = value.elements();
      while (const auto element = elements.next()) all += shape(*element) + ";";
      return all + "]";
    }
    case Kind::kObject: {
      std::string all = "{";
      auto members = value.members();
      while (const auto member = members.next()) {
        all += std::string(member->first) + ": " + shape(member->second) + ";";
      }
      return all + "}";
    }
  }
  return "?";
}

std::string shape(std::string_view text) {
  Parser parser;
  const auto value = parser.parse(text);
  return value.ok() ? shape(*value) : "error: " + value.error().message();
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

TEST(Json, ReadsEveryKind) {
  const Case cases[] = {
      {"null", "null"},
      {" true ", "true"},
      {"false", "false"},
      {"0", "int 0"},
      {"-9223372036854775808", "int -9223372036854775808"},
      {"9223372036854775807", "int 9223372036854775807"},
      {"9223372036854775808", "uint 9223372036854775808"},
      {"18446744073709551615", "uint 18446744073709551615"},
      {"1.5", "float 1.500000"},
      {"1e2", "float 100.000000"},
      {"\"\"", "string "},
      {R"("a\n\u00e9\ud83d\ude00")", "string a\n\u00e9\U0001F600"},
      {"[]", "[]"},
      {"[1,[2],{}]", "[int 1;[int 2;];{};]"},
      {"{}", "{}"},
      {R"({"a":1,"b":[true]})", "{a: int 1;b: [true;];}"},
      {"\xEF\xBB\xBF{}", "{}"},
      {"[1e-400]", "[float 0.000000;]"},
  };
  for (const Case& c : cases) EXPECT_EQ(shape(c.text), c.expected) << c.text;
}

TEST(Json, LosesOnlyTheUnreadableValue) {
  const Case cases[] = {
      {"[\"a\x80z\",1]", "[is not valid UTF-8;int 1;]"},
      {"[\"\xC3\",\"\xED\xA0\x80\"]", "[is not valid UTF-8;is not valid UTF-8;]"},
      {R"(["\ud800",2])", "[has half of a surrogate pair;int 2;]"},
      {R"(["\udc00x"])", "[has half of a surrogate pair;]"},
      {R"(["\ud800\u0041"])", "[has half of a surrogate pair;]"},
      {R"({"a":"x\u0000y","b":"c"})", "{a: must not contain NUL;b: string c;}"},
      {R"(["\u0000"])", "[must not contain NUL;]"},
      {"[18446744073709551616]", "[is beyond 64 bits;]"},
      {"[-9223372036854775809,3]", "[is beyond 64 bits;int 3;]"},
      {"[1e999]", "[is beyond 64 bits;]"},
      {"[NaN,Infinity,-Infinity,4]",
       "[must not be NaN or Infinity;must not be NaN or Infinity;must not be NaN or Infinity;int "
       "4;]"},
      {"NaN", "must not be NaN or Infinity"},
      {"{\"a\xFF\":1,\"b\":2}", "{a\uFFFD: has a name that is not valid UTF-8;b: int 2;}"},
      {R"({"\ud800":1})", "{\uFFFD: has a name with half of a surrogate pair;}"},
  };
  for (const Case& c : cases) EXPECT_EQ(shape(c.text), c.expected) << c.text;
}

TEST(Json, SpoilsTheMemberWhoseNameHasNul) {
  Parser parser;
  const auto value = parser.parse(R"({"a\u0000b":{"c":1}})");
  ASSERT_TRUE(value.ok());
  const auto member = value->members().next();
  EXPECT_EQ(member->first, std::string_view("a\0b", 3));
  EXPECT_EQ(member->second.kind(), Kind::kUnreadable);
  EXPECT_EQ(member->second.reason(), "has a name with NUL");
}

TEST(Json, WritesTheNameOfASpoiledMemberSoThatItReadsAsTheSame) {
  Parser parser;
  const auto value = parser.parse("{\"\\u0000ua\xFF\":1}");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->members().next()->first, "a\uFFFD");
  std::string written;
  value->write(written);
  EXPECT_EQ(written, "{\"a\uFFFD\":null}");
}

TEST(Json, NamesTheFirstOffendingByte) {
  const Case cases[] = {
      {"", "unexpected end at byte 1, expected a value"},
      {"  ", "unexpected end at byte 3, expected a value"},
      {"{\"a\":1,\"b\":[1,2}", "unexpected '}' at byte 16, expected ',' or ']'"},
      {"{\n\"a\": 1,\n}", "line 3: unexpected '}' at byte 1, expected a name in double quotes"},
      {"[1,]", "unexpected ']' at byte 4, expected a value"},
      {"[1 2]", "unexpected '2' at byte 4, expected ',' or ']'"},
      {"{\"a\" 1}", "unexpected '1' at byte 6, expected ':'"},
      {"{a:1}", "unexpected 'a' at byte 2, expected a name in double quotes"},
      {"[1", "unexpected end at byte 3, expected ',' or ']'"},
      {"{\"a\":1", "unexpected end at byte 7, expected ',' or '}'"},
      {"[1] x", "unexpected 'x' at byte 5, expected the end"},
      {"1 2", "unexpected '2' at byte 3, expected the end"},
      {"[01]", "unexpected '1' at byte 3, expected the end of a number"},
      {"[1.]", "unexpected ']' at byte 4, expected a digit"},
      {"[-]", "unexpected ']' at byte 3, expected a digit"},
      {"[1e]", "unexpected ']' at byte 4, expected a digit"},
      {"[+1]", "unexpected '+' at byte 2, expected a value"},
      {"[nan]", "unexpected 'n' at byte 2, expected a value"},
      {"[truex]", "unexpected 'x' at byte 6, expected the end of a value"},
      {"\"abc", "unexpected end at byte 5, expected '\"'"},
      {"\"a\tb\"", "unexpected byte 0x09 at byte 3, expected an escape such as \\n"},
      {R"("\x")", "unexpected 'x' at byte 3, expected one of \" \\ / b f n r t u"},
      {R"("\u12g4")", "unexpected 'g' at byte 6, expected four hexadecimal digits"},
      {"[\x80]", "unexpected byte 0x80 at byte 2, expected a value"},
      {"['a']", "unexpected ''' at byte 2, expected a value"},
      {"{\"a\":1 // note\n}", "line 1: unexpected '/' at byte 8, expected ',' or '}'"},
  };
  for (const Case& c : cases) {
    Parser parser;
    const auto value = parser.parse(c.text);
    ASSERT_FALSE(value.ok()) << c.text;
    EXPECT_EQ(value.error().code(), Code::kMalformed);
    EXPECT_EQ(value.error().message(), c.expected) << c.text;
  }
}

TEST(Json, ABrokenDocumentIsBrokenEvenWithUnreadableValues) {
  EXPECT_EQ(shape("[NaN,}"), "error: unexpected '}' at byte 6, expected a value");
}

TEST(Json, NestsToTheLimitAndNoDeeper) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  Parser parser;
  EXPECT_TRUE(parser.parse(nested(kMaxDepth - 1)).ok());
  const auto too_deep = parser.parse(nested(kMaxDepth + 1));
  ASSERT_FALSE(too_deep.ok());
  EXPECT_EQ(too_deep.error().code(), Code::kTooLarge);
  EXPECT_EQ(too_deep.error().message(), "more than 1024 levels of nesting at byte 1025");
}

TEST(Json, FindsTheLastOfEqualNames) {
  Parser parser;
  const auto value = parser.parse(R"({"a":1,"b":2,"a":3})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->find("a")->as_int(), 3);
  EXPECT_FALSE(value->find("c").has_value());
  EXPECT_EQ(value->size(), 3U);
}

TEST(Json, AParserIsUsedAgain) {
  Parser parser;
  ASSERT_FALSE(parser.parse("{").ok());
  for (const std::string_view text :
       {"[1,2,3]", "[NaN]", "[\"a much longer document than before\"]"}) {
    const auto value = parser.parse(text);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ(value->kind(), Kind::kArray);
  }
}

TEST(Json, WritesWhatItRead) {
  const Case cases[] = {
      {R"( { "a" : [ 1 , -2.50 , "\u0001\"\\\/" ] , "b" : null } )",
       R"({"a":[1,-2.5,"\u0001\"\\/"],"b":null})"},
      {"[1e22,123456789012345678901234567890.0]", "[1e+22,1.2345678901234568e+29]"},
      {"[-0.0,100.0,0.1]", "[-0.0,100,0.1]"},
      {"[NaN]", "[null]"},
      {"18446744073709551615", "18446744073709551615"},
  };
  for (const Case& c : cases) EXPECT_EQ(rewritten(c.text), c.expected) << c.text;
}

TEST(JsonWriter, PlacesCommas) {
  std::string out;
  Writer(out)
      .begin_object()
      .key("a")
      .begin_array()
      .value(1)
      .value("two")
      .null()
      .begin_object()
      .end_object()
      .end_array()
      .key("b")
      .raw("[1,2]")
      .key("c")
      .value(true)
      .end_object();
  EXPECT_EQ(out, R"({"a":[1,"two",null,{}],"b":[1,2],"c":true})");
}

TEST(JsonWriter, WritesTheShortestNumberThatReadsBack) {
  const std::pair<double, std::string_view> cases[] = {
      {0.1, "0.1"},
      {1.0 / 3, "0.3333333333333333"},
      {5, "5"},
      {1e15, "1e+15"},
      {1e300, "1e+300"},
      {std::numeric_limits<double>::quiet_NaN(), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
      {9007199254740993.0, "9007199254740992"},
      {1.2345678901234567e20, "1.2345678901234567e+20"},
      {5e-324, "5e-324"},
  };
  for (const auto& [number, expected] : cases) {
    std::string out;
    Writer(out).value(number);
    EXPECT_EQ(out, expected);
  }
}

TEST(JsonWriter, QuotesWhatMustBe) {
  EXPECT_EQ(quote("a\"b\\c\n\x01\x7f\u00e9"), "\"a\\\"b\\\\c\\n\\u0001\x7f\u00e9\"");
  EXPECT_EQ(quote(std::string_view("\0", 1)), R"("\u0000")");
}

}  // namespace
}  // namespace daybook::json
