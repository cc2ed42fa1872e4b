#include "cli/shape.h"

#include <gtest/gtest.h>

namespace daybook::cli {

namespace {

Declaration shop() {
  const auto declaration = read_declaration(
      R"({"application":"shop","name":"orders","kind":"journal","time":"at","extra":"refuse","fields":{)"
      R"("at":{"type":"time"},"day":{"type":"date"},"total":{"type":"float"},"count":{"type":"int"},)"
      R"("paid":{"type":"bool"},"state":{"type":"choice","of":["a","b"]},"tags":{"type":"list","of":{"type":"text"}},)"
      R"("scores":{"type":"map","of":{"type":"float"}},"buyer.name":{"type":"text"},"buyer.born":{"type":"time"}}})");
  EXPECT_TRUE(declaration.ok());
  return *declaration;
}

Record parts(std::vector<Record::Part> list) {
  Record record;
  record.parts = std::move(list);
  return record;
}

Record json_record(std::string json) {
  Record record;
  record.json = std::move(json);
  return record;
}

std::string shaped(const Shape& shape, const Record& record) {
  const auto row = shape_record(shape, shop(), record);
  return row ? *row : "error: " + row.error().message();
}

TEST(Declaration, KnowsTypesOfFieldsAndEntries) {
  const Declaration declaration = shop();
  EXPECT_EQ(declaration.full_name, "shop/orders");
  EXPECT_EQ(declaration.time, "at");
  EXPECT_FALSE(declaration.takes_undeclared);
  EXPECT_EQ(declaration.type_of("total"), "float");
  EXPECT_EQ(declaration.type_of("scores.speed"), "float");
  EXPECT_EQ(declaration.type_of("buyer.name"), "text");
  EXPECT_EQ(declaration.type_of("buyer"), "");
  EXPECT_TRUE(declaration.is_group("buyer"));
  EXPECT_FALSE(declaration.is_group("scores"));
  EXPECT_FALSE(read_declaration("[]").ok());
}

TEST(Shape, TypesTextsAsDeclared) {
  EXPECT_EQ(shaped({}, parts({{"at", "2025-01-01"},
                              {"total", "1.5"},
                              {"count", "7"},
                              {"paid", "true"},
                              {"state", "5"},
                              {"tags", "[\"x\"]"}})),
            R"({"at":"2025-01-01","total":1.5,"count":7,"paid":true,"state":"5","tags":["x"]})");
}

TEST(Shape, LeavesWhatDoesNotFitForTheServerToName) {
  EXPECT_EQ(
      shaped({}, parts({{"total", "much"}, {"count", "007"}, {"paid", "yes"}, {"tags", "x"}})),
      R"({"total":"much","count":"007","paid":"yes","tags":"x"})");
}

TEST(Shape, NestsDottedNames) {
  EXPECT_EQ(
      shaped({},
             parts({{"scores.a", "1"}, {"total", "2"}, {"buyer.name", "n"}, {"scores.b", "3"}})),
      R"({"scores":{"a":1,"b":3},"total":2,"buyer":{"name":"n"}})");
}

TEST(Shape, RenamesAddsAndDrops) {
  Shape shape;
  shape.renamed = {{"sum", "total"}, {"who", "buyer.name"}};
  shape.added = {{"state", "a"}, {"count", "3"}};
  shape.dropped = {"junk"};
  EXPECT_EQ(shaped(shape, parts({{"sum", "1"}, {"junk", "x"}, {"who", "ann"}, {"state", "b"}})),
            R"({"total":1,"buyer":{"name":"ann"},"state":"a","count":3})");
  EXPECT_EQ(shaped(shape, json_record(R"({"sum":1,"junk":{},"buyer":{"name":"x"},"state":"b"})")),
            R"({"total":1,"buyer":{"name":"x"},"state":"a","count":3})");
}

TEST(Shape, RefusesOrLeavesOutWhatIsNotDeclared) {
  Shape shape;
  EXPECT_EQ(
      shaped(shape, parts({{"colour", "red"}})),
      "error: 'colour' is not a field of shop/orders; say --map colour=FIELD or --drop colour");
  shape.drops_undeclared = true;
  EXPECT_EQ(shaped(shape, parts({{"colour", "red"}, {"id", "i"}})), R"({"id":"i"})");
}

TEST(Shape, UnchangedJsonStaysAsItStood) {
  EXPECT_EQ(shaped({}, json_record(R"( {"a" : 1} )")), R"( {"a" : 1} )");
  EXPECT_EQ(shaped({}, json_record("no json")), "no json");
}

TEST(Shape, MovesTimesAndDates) {
  Shape shape;
  shape.shift = std::chrono::hours(48);
  EXPECT_EQ(
      shaped(
          shape,
          parts({{"at", "2025-01-01 10:00:00"}, {"day", "2025-01-31"}, {"state", "2025-01-01"}})),
      R"({"at":"2025-01-03T10:00:00Z","day":"2025-02-02","state":"2025-01-01"})");
  EXPECT_EQ(
      shaped(
          shape,
          json_record(
              R"({"at":"2025-01-01T00:00:00Z","buyer":{"born":"2000-02-28T00:00:00Z"},"total":1})")),
      R"({"at":"2025-01-03T00:00:00Z","buyer":{"born":"2000-03-01T00:00:00Z"},"total":1})");
  EXPECT_EQ(shaped(shape, parts({{"at", "soon"}})), R"({"at":"soon"})");
}

TEST(Shape, KnowsTheTimeOfARecord) {
  EXPECT_EQ(time_of({}, shop(), parts({{"at", "2025-01-01T00:00:00Z"}})),
            *parse_instant("2025-01-01T00:00:00Z"));
  EXPECT_FALSE(time_of({}, shop(), parts({{"total", "1"}})).has_value());
  EXPECT_FALSE(time_of({}, shop(), json_record("broken")).has_value());
}

TEST(Shape, ShiftsByWholeDaysAndNeverIntoTheFuture) {
  const Instant now = *parse_instant("2025-12-05T14:00:00Z");
  EXPECT_EQ(days_until_now(*parse_instant("2025-12-01T13:00:00Z"), now), std::chrono::hours(96));
  EXPECT_EQ(days_until_now(*parse_instant("2025-12-01T15:00:00Z"), now), std::chrono::hours(72));
  EXPECT_EQ(days_until_now(now, now), Duration{});
  EXPECT_EQ(days_until_now(now + std::chrono::hours(30), now), Duration{});
}

TEST(ParsePairs, TakesNamesWithValues) {
  EXPECT_EQ(*parse_pairs("--map", {"a=b", "c=d=e"}),
            (std::vector<std::pair<std::string, std::string>>{{"a", "b"}, {"c", "d=e"}}));
  for (const char* word : {"a", "=b", "a="}) {
    EXPECT_EQ(parse_pairs("--map", {word}).error().message(),
              "--map: expected NAME=VALUE, not '" + std::string(word) + "'");
  }
}

TEST(ShapeRecord, AddsWhatARowLacks) {
  Declaration declaration = shop();
  declaration.fills_time = true;
  const Missing missing{"x1", "2026-03-10T10:00:00Z"};
  const auto completed = [&](const Shape& shape, const Record& record) {
    const auto row = shape_record(shape, declaration, record, missing);
    return row ? *row : "error: " + row.error().message();
  };
  const std::string both = R"({"id":"x1","at":"2026-03-10T10:00:00Z")";
  EXPECT_EQ(completed({}, json_record("{}")), both + "}");
  EXPECT_EQ(completed({}, json_record(R"( {"total":1})")), " " + both + R"(,"total":1})");
  EXPECT_EQ(completed({}, json_record(R"({"id":null,"at":null})")),
            both + R"(,"id":null,"at":null})");
  const std::string whole = R"({"id":"mine","at":"2026-01-01T00:00:00Z"})";
  EXPECT_EQ(completed({}, json_record(whole)), whole);
  EXPECT_EQ(completed({}, json_record("[1]")), "[1]");
  EXPECT_EQ(completed({}, json_record("{oops")), "{oops");
  EXPECT_EQ(completed({}, parts({{"total", "1"}})), both + R"(,"total":1})");
  EXPECT_EQ(completed({}, parts({{"id", "mine"}, {"at", "2026-01-01T00:00:00Z"}})), whole);

  declaration.fills_time = false;  // then the server says that the time is required
  EXPECT_EQ(completed({}, json_record("{}")), R"({"id":"x1"})");
}

}  // namespace

}  // namespace daybook::cli
