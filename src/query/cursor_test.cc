#include "query/cursor.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace daybook {
namespace {

std::vector<Place> places() {
  return {Place{}, Place{{}, from_micros(-5), "a", {}},
          Place{{Value(), Value(true), Value(false)}, max_instant(), "id", Value("north")},
          Place{{Value(-7), Value(1.5), Value(from_micros(9)), Value(*parse_date("2025-12-05"))},
                {},
                "x",
                Value("ünd")},
          Place{{Value("text, ünd mehr"), Value("")}, min_instant(), "0197-abc", {}}};
}

TEST(CursorTest, GivesBackThePlace) {
  for (const Place& place : places()) {
    const std::string cursor = encode_cursor(place, "question");
    EXPECT_EQ(cursor.find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto decoded = decode_cursor(cursor, "question");
    ASSERT_TRUE(decoded.ok()) << decoded.error().message();
    EXPECT_EQ(*decoded, place);
  }
}

TEST(CursorTest, BelongsToOneQuestion) {
  const auto decoded = decode_cursor(encode_cursor(places()[1], "question"), "another");
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code(), Code::kMalformed);
  EXPECT_EQ(decoded.error().message(),
            "the cursor belongs to another question; leave it out to begin anew");
}

TEST(CursorTest, RefusesWhatIsNoneOfOurs) {
  for (const std::string& text : {std::string(), std::string("?"), std::string("AAAA"),
                                  std::string("AQ"), std::string(2'000'000, 'A')}) {
    const auto decoded = decode_cursor(text, "question");
    ASSERT_FALSE(decoded.ok());
    EXPECT_EQ(decoded.error().code(), Code::kMalformed);
  }
}

TEST(CursorTest, RefusesBytesThatAreCutOrChanged) {
  for (const Place& place : places()) {
    const std::string bytes = *parse_base64url(encode_cursor(place, "question"));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_cursor(base64url(bytes.substr(0, size)), "question").ok());
    }
    EXPECT_FALSE(decode_cursor(base64url(bytes + '\0'), "question").ok());
  }
}

}  // namespace
}  // namespace daybook
