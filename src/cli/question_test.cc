#include "cli/question.h"

#include <gtest/gtest.h>

namespace daybook::cli {

namespace {

TEST(Question, BecomesATarget) {
  Question question;
  question.collection = "shop/orders";
  question.clauses = {"state=open,paid", "total.gte=5"};
  question.filter = "a = \"b c\"";
  question.days = "7";
  const auto target = target_of(question, "stats");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->text(),
            "/api/v1/shop/orders/"
            "stats?state=open%2Cpaid&total.gte=5&filter=a%20%3D%20%22b%20c%22&days=7");
}

TEST(Question, WithoutWordsHasNoQuery) {
  Question question;
  question.collection = "shop/orders";
  EXPECT_EQ(target_of(question, "")->text(), "/api/v1/shop/orders");
}

TEST(Question, RefusesWhatIsNoCollection) {
  for (const char* text : {"", "shop", "/orders", "shop/", "shop/orders/1"}) {
    const auto path = collection_path(text);
    ASSERT_FALSE(path.ok()) << text;
    EXPECT_EQ(path.error().message(),
              "expected APPLICATION/COLLECTION, not '" + std::string(text) + "'");
  }
}

TEST(Question, RefusesAClauseWithoutAName) {
  Question question;
  question.collection = "shop/orders";
  for (const char* clause : {"open", "=open"}) {
    question.clauses = {clause};
    EXPECT_EQ(target_of(question, "").error().code(), Code::kInvalid) << clause;
  }
}

}  // namespace

}  // namespace daybook::cli
