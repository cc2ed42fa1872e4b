#include "engine/question.h"

#include <gtest/gtest.h>

#include "tests/contract/shop.h"

namespace daybook {
namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

Bookmark bookmark(std::optional<Window> window) {
  return {Place{{Value(1), Value("x")}, at("2026-03-10T11:00:00Z"), "id-1", {}}, std::move(window)};
}

const Window kDay{at("2026-03-09T12:00:00Z"), at("2026-03-10T12:00:00Z"),
                  *Zone::find("Asia/Kathmandu")};

TEST(BookmarkTest, ComesBackAsItWas) {
  for (const auto& window : {std::optional<Window>(), std::optional<Window>(kDay)}) {
    const Bookmark given = bookmark(window);
    const auto read = decode_bookmark(encode_bookmark(given, "q"), "q");
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read->place, given.place);
    EXPECT_EQ(read->window, given.window);
  }
}

TEST(BookmarkTest, IsForOneQuestionAndOneWindow) {
  const std::string good = encode_bookmark(bookmark(kDay), "q");
  std::string moved = good;
  moved[0] = moved[0] == '1' ? '2' : '1';
  for (const auto& [text, question] :
       std::vector<std::pair<std::string, std::string>>{{good, "other"},
                                                        {moved, "q"},
                                                        {good.substr(0, good.size() - 2), "q"},
                                                        {"", "q"},
                                                        {"~~~", "q"},
                                                        {"a~b~c~d", "q"},
                                                        {"nonsense", "q"}}) {
    const auto read = decode_bookmark(text, question);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code(), Code::kMalformed) << text;
  }
}

TEST(WindowTest, ARegisterHasNone) {
  const Collection& customers = contract::collection("shop/customers");
  const Instant now = at("2026-03-10T12:00:00Z");
  const auto none = window_of(customers, {}, last_day(), now);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, std::nullopt);
  WindowWords words;
  words.hours = "24";
  const auto asked = window_of(customers, words, last_day(), now);
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace daybook
