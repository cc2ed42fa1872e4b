#include "store/columns/predicate.h"

#include <gtest/gtest.h>

#include "store/columns/sample_block.h"
#include "store/columns/selection.h"

namespace daybook::columns {
namespace {

constexpr std::size_t kRows = 3'000;

Filter filter_of(const Collection& collection, const std::string& text) {
  const auto expression = parse_expression(text);
  EXPECT_TRUE(expression.ok()) << text;
  auto filter = bind_filter(collection, *expression, {});
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.error().message();
  return *std::move(filter);
}

Positions matching(SampleBlock& sample, const Filter& filter) {
  Positions positions;
  for (std::uint32_t i = 0; i < sample.rows().size(); ++i) {
    if (matches(filter, sample.rows()[i])) positions.push_back(i);
  }
  return positions;
}

class PredicateTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(
    Filters, PredicateTest,
    testing::Values(
        "endpoint = '/e1'", "endpoint != '/e1'", "endpoint = '/nowhere'", "endpoint != '/nowhere'",
        "endpoint in ['/e1', '/e2', '/x']", "endpoint = null", "endpoint != null",
        "endpoint > '/e4'", "endpoint : 'E3'", "status_code >= 400", "status_code = null",
        "status_code != 200", "status_code in [200, 500, 7]",
        "status_code in [1,2,3,4,5,6,7,8,200]", "took_ms < 0", "took_ms >= 100.5",
        "took_ms != null", "resolved", "NOT resolved", "day <= '1970-01-20'", "scores.loud > 2",
        "scores.loud = null", "tags : 't1'", "trace = '00000000-0000-0000-0000-000000000003'",
        "trace != '00000000-0000-0000-0000-000000000003'", "id = 'r17'", "id != 'r17'",
        "timestamp >= '1970-01-01T00:10:00Z'",
        "status_code >= 400 AND endpoint = '/e1' AND took_ms > 10",
        "status_code = 200 OR endpoint = '/e1'", "NOT (status_code = 200 AND resolved)",
        "(endpoint = '/e1' OR endpoint = '/e2') AND status_code < 400 AND tags : 't0'"));

TEST_P(PredicateTest, KeepsTheRowsThatMatch) {
  SampleBlock sample(kRows, 1);
  const Filter filter = filter_of(sample.collection(), GetParam());
  Chosen chosen = Chosen::all(kRows);
  ASSERT_TRUE(narrow(filter, sample.reader(), chosen).ok());
  EXPECT_EQ(std::move(chosen).positions(), matching(sample, filter));
}

TEST_P(PredicateTest, JudgesEachOfSomeRows) {
  SampleBlock sample(kRows, 2);
  const Filter filter = filter_of(sample.collection(), GetParam());
  Positions some;
  for (std::uint32_t i = 5; i < kRows; i += 3) some.push_back(i);
  const Chosen chosen(some);
  const auto verdicts = judge(filter, sample.reader(), chosen);
  ASSERT_TRUE(verdicts.ok());
  for (std::size_t i = 0; i < some.size(); ++i) {
    EXPECT_EQ((*verdicts)[i] != 0, matches(filter, sample.rows()[some[i]])) << some[i];
  }
}

// Columns in the order in which they were asked for.
class Listening final : public BlockColumns {
 public:
  explicit Listening(const OpenBlock& block) : block_(block) {}
  Result<std::shared_ptr<const Column>> column(std::size_t number) override {
    asked.push_back(block_.collection().fields[number].name);
    return std::shared_ptr<const Column>(std::shared_ptr<void>(), &block_.column(number));
  }
  Result<Value> value(std::size_t number, std::size_t position) override {
    return block_.column(number).value(position);
  }
  Result<std::shared_ptr<PartContent>> part(PartKind, std::size_t) override {
    return std::shared_ptr<PartContent>();
  }
  const BlockHeader* header() const override { return nullptr; }
  std::vector<std::string> asked;

 private:
  const OpenBlock& block_;
};

class PruningTest : public testing::Test {
 protected:
  Chosen choose_rows(const std::string& filter, const Selection& selection, BlockTimes times) {
    BlockReader reader(sample_.collection(), columns_, std::as_const(sample_.block()).deaths(),
                       kRows, 1, times);
    auto chosen = choose(reader, selection, filter_of(sample_.collection(), filter));
    EXPECT_TRUE(chosen.ok());
    ruled_out_ = reader.ruled_out();
    return *std::move(chosen);
  }

  static Selection between(std::int64_t start, std::int64_t end) {
    Selection selection;
    selection.start = start * 1'000'000;
    selection.end = end * 1'000'000;
    return selection;
  }

  using Names = std::vector<std::string>;
  SampleBlock sample_{kRows, 3};
  Listening columns_{sample_.block()};
  BlockReader::RuledOut ruled_out_ = BlockReader::RuledOut::kNo;
  const BlockTimes all_{0, (kRows - 1) * 1'000'000};
};

TEST_F(PruningTest, ATextThatNoRowHasEndsTheLook) {
  EXPECT_TRUE(choose_rows("endpoint = '/nowhere' AND tags : 't1'", between(10, 20), all_).empty());
  EXPECT_EQ(columns_.asked, Names{"endpoint"});
  EXPECT_EQ(ruled_out_, BlockReader::RuledOut::kByDictionary);
}

TEST_F(PruningTest, CheapConditionsComeFirst) {
  EXPECT_TRUE(choose_rows("tags : 't1' AND status_code = 999", {}, all_).empty());
  EXPECT_EQ(columns_.asked, Names{"status_code"});
  EXPECT_EQ(ruled_out_, BlockReader::RuledOut::kNo);
}

TEST_F(PruningTest, TimesAreLookedAtOnlyWhereTheWindowCutsTheBlock) {
  EXPECT_EQ(choose_rows("status_code != 999", between(0, kRows), all_).size(), kRows);
  EXPECT_EQ(columns_.asked, Names{"status_code"});
  EXPECT_EQ(choose_rows("status_code != 999", between(0, 100), all_).size(), 100u);
  EXPECT_EQ(columns_.asked, (Names{"status_code", "status_code", "timestamp"}));
  columns_.asked.clear();
  EXPECT_EQ(choose_rows("status_code != 999", between(5, kRows), {}).size(), kRows - 5);
  EXPECT_EQ(columns_.asked, (Names{"status_code", "timestamp"}));
}

TEST_F(PruningTest, TheDeadAreLeftOut) {
  sample_.block().deaths().kill(0, 1);
  sample_.block().deaths().kill(7, 2);
  EXPECT_EQ(choose_rows("status_code != 999", {}, all_).size(), kRows - 1);
}

}  // namespace
}  // namespace daybook::columns
