#include "engine/list.h"

#include <gtest/gtest.h>

#include "engine/ingest.h"
#include "store/memory/memory_store.h"
#include "tests/contract/shop.h"

namespace daybook {
namespace {

class ListTest : public testing::Test {
 protected:
  ListTest() { EXPECT_TRUE(store_->prepare(contract::shop()).ok()); }

  const Collection& visits() { return contract::collection("shop/visits"); }
  // Rows n, n + 1, ... below `end`, each a second younger.
  void visit(int n, int end) {
    Ingest ingest(engine_, principal_, *Sight::of(engine_, principal_, visits()));
    json::Parser parser;
    for (; n < end; ++n) {
      const std::string time =
          format_instant(*parse_instant("2026-03-10T10:00:00Z") + std::chrono::seconds(n));
      const auto value =
          parser.parse(R"({"id":")" + std::to_string(n) + R"(","page":"/","batch":)" +
                       std::to_string(n % 3) + R"(,"seen_at":")" + time + "\"}");
      ingest.take(*value);
    }
    ASSERT_TRUE(ingest.commit().ok());
  }
  Question question(Words::Pairs words) {
    return {*Sight::of(engine_, principal_, visits()), Words(std::move(words)), {}};
  }

  // Ids page by page: "5 4 | 3 2 | 1 0", asking `between` before each following page.
  std::string walk(Words::Pairs words, const std::function<void()>& between) {
    std::string text, cursor;
    do {
      Words::Pairs asked = words;
      if (!cursor.empty()) asked.emplace_back("cursor", cursor);
      const auto plan = plan_list(engine_, question(asked), list_rule(visits()));
      if (!plan.ok()) return plan.error().message();
      const auto page = list(engine_, *plan);
      if (!page.ok()) return page.error().message();
      for (const Row& row : page->rows) text += row.id + " ";
      cursor = page->next_cursor;
      text += "| ";
      if (!cursor.empty()) between();
    } while (!cursor.empty());
    return text;
  }

  ManualClock clock_{*parse_instant("2026-03-10T12:00:00Z")};
  std::unique_ptr<Store> store_ = make_memory_store();
  Engine engine_{contract::shop(), *store_, clock_};
  Principal principal_;
};

TEST_F(ListTest, PagesNeitherSkipNorRepeatWhileRowsComeIn) {
  visit(0, 6);
  int next = 6;
  const auto more = [&] {
    visit(next, next + 2);
    next += 2;
  };
  EXPECT_EQ(walk({{"limit", "2"}}, more), "5 4 | 3 2 | 1 0 | ");
}

TEST_F(ListTest, PagesGoOnInAnyOrder) {
  visit(0, 6);
  EXPECT_EQ(walk({{"limit", "4"}, {"order", "batch,-seen_at"}}, [] {}), "3 0 4 1 | 5 2 | ");
}

TEST_F(ListTest, TheWindowStandsStillFromPageToPage) {
  visit(0, 6);
  clock_.set(*parse_instant("2026-03-10T11:00:00Z"));
  const auto later = [&] { clock_.advance(std::chrono::seconds(3)); };
  EXPECT_EQ(walk({{"limit", "2"}, {"hours", "1"}}, later), "5 4 | 3 2 | 1 0 | ");
}

TEST_F(ListTest, ACursorIsRefusedByAnotherQuestion) {
  visit(0, 6);
  const auto plan =
      plan_list(engine_, question({{"limit", "2"}, {"hours", "3"}}), list_rule(visits()));
  ASSERT_TRUE(plan.ok());
  const auto page = list(engine_, *plan);
  ASSERT_TRUE(page.ok());
  for (const Words::Pairs& other :
       std::vector<Words::Pairs>{{{"hours", "4"}},
                                 {},
                                 {{"hours", "3"}, {"batch", "1"}},
                                 {{"hours", "3"}, {"order", "seen_at"}}}) {
    Words::Pairs asked = other;
    asked.emplace_back("cursor", page->next_cursor);
    const auto refused = plan_list(engine_, question(asked), list_rule(visits()));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), Code::kMalformed);
  }
}

TEST_F(ListTest, AnExportGivesEveryRowOnce) {
  visit(0, 2'500);
  auto plan = plan_export(engine_, question({}), list_rule(visits()));
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  Export rows(engine_, *std::move(plan));
  std::vector<std::string> ids;
  while (true) {
    const auto page = rows.next();
    ASSERT_TRUE(page.ok());
    if (page->empty()) break;
    for (const Row& row : *page) ids.push_back(row.id);
    visit(2'500 + static_cast<int>(ids.size()), 2'501 + static_cast<int>(ids.size()));
  }
  ASSERT_EQ(ids.size(), 2'500U);
  EXPECT_EQ(ids.front(), "2499");
  EXPECT_EQ(ids.back(), "0");
}

TEST_F(ListTest, AnExportMayBeLimited) {
  visit(0, 2'500);
  auto plan = plan_export(engine_, question({{"limit", "1500"}}), list_rule(visits()));
  ASSERT_TRUE(plan.ok());
  Export rows(engine_, *std::move(plan));
  EXPECT_EQ(rows.next()->size(), 1'000U);
  EXPECT_EQ(rows.next()->size(), 500U);
  EXPECT_TRUE(rows.next()->empty());
}

}  // namespace
}  // namespace daybook
