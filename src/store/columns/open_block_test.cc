#include "store/columns/open_block.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/sample_collection.h"
#include "store/columns/predicate.h"
#include "store/columns/selection.h"

namespace daybook::columns {
namespace {

class OpenBlockTest : public testing::Test {
 protected:
  const Collection collection_ = sample_journal();
  std::shared_ptr<OpenBlock> block_ = std::make_shared<OpenBlock>(collection_);

  Row row(const std::string& id, int time) const {
    return sample_row(collection_, id, from_micros(time));
  }

  // The ids that a reader of so many rows at a commit sees.
  std::string seen(std::size_t rows, Commit at, const Selection& selection = {}) const {
    OpenColumns columns(block_);
    BlockReader reader(collection_, columns, block_->deaths(), rows, at);
    const auto chosen = choose(reader, selection, {});
    EXPECT_TRUE(chosen.ok());
    EXPECT_TRUE(reader.want_all().ok());
    std::string ids;
    for (std::size_t i = 0; i < chosen->size(); ++i) ids += reader.row((*chosen)[i]).id + " ";
    return ids;
  }
};

TEST_F(OpenBlockTest, RowsComeBack) {
  Row first = row("a", 1);
  first.extra = "{\"x\":1}";
  block_->append(first, 1);
  block_->append(row("b", 2), 2);
  EXPECT_EQ(block_->row(0), first);
  EXPECT_EQ(block_->row(1), row("b", 2));
  EXPECT_EQ(block_->sequence(1), 2u);
}

TEST_F(OpenBlockTest, AReaderSeesItsCommitAndNothingLater) {
  block_->append(row("a", 1), 1);
  block_->append(row("b", 2), 2);
  const std::size_t at_10 = block_->size();
  block_->append_version(0, row("a", 1), {});
  block_->deaths().kill(0, 11);
  const std::size_t at_11 = block_->size();
  block_->deaths().kill(1, 12);
  EXPECT_EQ(seen(at_10, 10), "a b ");
  EXPECT_EQ(seen(at_11, 11), "b a ");
  EXPECT_EQ(seen(at_11, 12), "a ");
}

TEST_F(OpenBlockTest, WhatIsTakenBackWasNeverThere) {
  block_->append(row("a", 1), 1);
  EXPECT_EQ(block_->find({"a"}), 0u);
  block_->append(row("b", 2), 2);
  EXPECT_EQ(block_->find({"b"}), 1u);
  block_->truncate(1);
  EXPECT_FALSE(block_->find({"b"}));
  block_->append(row("c", 3), 2);
  EXPECT_EQ(block_->find({"c"}), 1u);
  EXPECT_EQ(seen(2, 1), "a c ");
}

TEST_F(OpenBlockTest, AnIdIsFoundAtItsTimeOrAtItsNewest) {
  const std::string uuid = "0194b3a0-0000-7000-8000-000000000001";
  block_->append(row("a", 5), 1);
  block_->append(row("a", 9), 2);
  block_->append(row("a", 7), 3);
  block_->append(row(uuid, 3), 4);
  EXPECT_EQ(block_->find({"a"}), 1u);
  EXPECT_EQ(block_->find({"a", from_micros(7)}), 2u);
  EXPECT_EQ(block_->find({uuid, from_micros(3)}), 3u);
  EXPECT_FALSE(block_->find({"a", from_micros(8)}));
  EXPECT_FALSE(block_->find({"b"}));
  block_->deaths().kill(1, 1);
  EXPECT_EQ(block_->find({"a"}), 2u);
}

TEST_F(OpenBlockTest, ThousandsOfRowsAreFound) {
  for (int i = 0; i < 5'000; ++i) {
    block_->append(row("row-" + std::to_string(i), i), static_cast<Sequence>(i + 1));
  }
  for (int i = 0; i < 5'000; i += 7) {
    EXPECT_EQ(block_->find({"row-" + std::to_string(i)}), static_cast<std::size_t>(i));
  }
}

TEST_F(OpenBlockTest, AWindowIsHalfOpen) {
  for (int i = 0; i < 5; ++i) {
    block_->append(row(std::string(1, static_cast<char>('a' + i)), i),
                   static_cast<Sequence>(i + 1));
  }
  Selection selection;
  selection.start = 1;
  selection.end = 3;
  EXPECT_EQ(seen(5, 1, selection), "b c ");
}

// Whatever a predicate does to go faster, matches() is what it means.
TEST_F(OpenBlockTest, APredicateMeansWhatMatchesMeans) {
  std::vector<Row> rows;
  for (int i = 0; i < 40; ++i) {
    Row r = row(i % 3 == 0 ? "id-" + std::to_string(i)
                           : "0194b3a0-0000-7000-8000-00000000000" + std::to_string(i % 10),
                i);
    for (std::size_t f = 0; f < collection_.fields.size(); ++f) {
      if (f == collection_.time_field || (i + static_cast<int>(f)) % 4 == 0) continue;
      const Type type = collection_.fields[f].type;
      if (type == Type::kInt) r.values[f] = Value(i % 5);
      if (type == Type::kFloat) r.values[f] = Value(i % 5 + 0.5);
      if (type == Type::kBool) r.values[f] = Value(i % 2 == 0);
      if (type == Type::kTime) r.values[f] = Value(from_micros(i % 5));
      if (type == Type::kDate) r.values[f] = Value(Date(std::chrono::days(i % 5)));
      if (type == Type::kText || type == Type::kChoice) r.values[f] = Value(std::to_string(i % 5));
      if (type == Type::kUuid) r.values[f] = Value("0194b3a0-0000-7000-8000-000000000001");
    }
    rows.push_back(r);
    block_->append(r, static_cast<Sequence>(i + 1));
  }
  std::vector<Filter> filters;
  const std::vector<Value> literals{2,
                                    2.5,
                                    true,
                                    Value(),
                                    "2",
                                    "id-3",
                                    from_micros(3),
                                    Date(std::chrono::days(2)),
                                    "0194b3a0-0000-7000-8000-000000000001"};
  for (std::size_t f = 0; f <= collection_.fields.size(); ++f) {
    const FieldRef ref{f == collection_.fields.size() ? FieldRef::kId : f, ""};
    for (const Value& literal : literals) {
      for (const Comparison comparison :
           {Comparison::kEqual, Comparison::kNotEqual, Comparison::kLess, Comparison::kLessEqual,
            Comparison::kGreater, Comparison::kGreaterEqual}) {
        Filter filter;
        filter.kind = Filter::Kind::kCompare;
        filter.ref = ref;
        filter.comparison = comparison;
        filter.values = {literal};
        filters.push_back(filter);
        filters.push_back(negate(filter));
      }
    }
  }
  const std::size_t simple = filters.size();
  for (std::size_t i = 0; i + 17 < simple; i += 13) {
    filters.push_back(both(filters[i], filters[i + 17]));
    filters.push_back(either(filters[i], filters[i + 17]));
  }
  OpenColumns columns(block_);
  BlockReader reader(collection_, columns, block_->deaths(), block_->size(), 1);
  for (const Filter& filter : filters) {
    Chosen chosen = Chosen::all(rows.size());
    const auto verdicts = judge(filter, reader, chosen);
    ASSERT_TRUE(verdicts.ok());
    Positions matching;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const bool is_match = matches(filter, rows[i]);
      ASSERT_EQ((*verdicts)[i] != 0, is_match) << canonical_text(filter) << i;
      if (is_match) matching.push_back(i);
    }
    ASSERT_TRUE(narrow(filter, reader, chosen).ok());
    ASSERT_EQ(std::move(chosen).positions(), matching) << canonical_text(filter);
  }
}

}  // namespace
}  // namespace daybook::columns
