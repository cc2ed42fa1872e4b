#include "store/columns/postings.h"

#include <gtest/gtest.h>

#include <random>

#include "query/sample_collection.h"
#include "store/columns/stored_columns.h"

namespace daybook::columns {
namespace {

class PostingsTest : public testing::Test {
 protected:
  PostingsTest() {
    for (const char* field : {"endpoint", "status_code", "took_ms", "tags", "scores", "day"}) {
      Index index;
      index.on.push_back({*collection_.find_field(field), false});
      collection_.indexes.push_back(std::move(index));
    }
    open_ = std::make_shared<OpenBlock>(collection_);
  }

  void append(Row row) { open_->append(row, open_->size() + 1); }

  Row row(const std::string& id) const { return sample_row(collection_, id, from_micros(1000)); }

  void append_random(std::size_t rows) {
    std::mt19937 random(7);
    for (std::size_t i = 0; i < rows; ++i) {
      Row made = row("row" + std::to_string(i));
      if (i % 5 != 0) set("endpoint", "/e" + std::to_string(random() % 300), made);
      set("status_code", static_cast<std::int64_t>(200 + random() % 7), made);
      set("took_ms", static_cast<double>(random() % 50) / 2, made);
      set("scores", Value(Map{{random() % 9 == 0 ? "smoke" : "loud", 0.5}}), made);
      if (i % 3 == 0) {
        set("tags", Value(List{std::to_string(random() % 40), std::to_string(random() % 40)}),
            made);
      }
      append(std::move(made));
    }
  }

  void set(std::string_view field, Value value, Row& made) const {
    daybook::set(collection_, made, field, std::move(value));
  }

  SealedRows seal_all() const {
    OpenColumns columns(open_);
    BlockReader reader(collection_, columns, open_->deaths(), open_->size(), 1);
    Positions positions;
    for (std::uint32_t i = 0; i < open_->size(); ++i) positions.push_back(i);
    auto sealed = seal(reader, positions, FieldNumbers::in_order(collection_.fields.size()));
    EXPECT_TRUE(sealed.ok());
    return *std::move(sealed);
  }

  Filter clause(std::string_view name, std::string_view text) const {
    auto filter = parse_clause(collection_, name, text);
    EXPECT_TRUE(filter.ok()) << name;
    return *std::move(filter);
  }

  Collection collection_ = sample_journal();
  std::shared_ptr<OpenBlock> open_;
  const Deaths none_;
};

TEST_F(PostingsTest, NoRowThatMatchesIsMissedAndFewOthersAreNamed) {
  append_random(3000);
  const SealedRows sealed = seal_all();
  StoredColumns columns(collection_, sealed);
  BlockReader reader(collection_, columns, none_, sealed.header.rows, 1);
  const std::vector<Filter> filters = {
      clause("endpoint", "/e7"),
      clause("endpoint", "/e7,/e8,/e9"),
      clause("endpoint", "/nowhere"),
      clause("status_code", "203"),
      clause("took_ms", "12"),
      clause("took_ms", "12.5"),
      clause("tags.has", "17"),
      clause("scores.has", "smoke"),
      clause("scores.smoke", "0.5"),
      both(clause("status_code", "203"), clause("endpoint", "/e11")),
      equals({}, "row1234"),
  };
  for (const Filter& filter : filters) {
    const auto found = candidates(filter, reader);
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found->has_value()) << canonical_text(filter);
    std::size_t expected = 0;
    for (std::uint32_t i = 0; i < open_->size(); ++i) {
      if (!matches(filter, open_->row(i))) continue;
      ++expected;
      EXPECT_TRUE(std::ranges::binary_search(**found, i)) << canonical_text(filter) << " at " << i;
    }
    EXPECT_TRUE(std::ranges::is_sorted(**found));
    EXPECT_LE((*found)->size(), expected + 60) << canonical_text(filter);
  }
}

TEST_F(PostingsTest, WhatListsCannotTellIsLeftOpen) {
  append_random(50);
  const SealedRows sealed = seal_all();
  StoredColumns columns(collection_, sealed);
  BlockReader reader(collection_, columns, none_, sealed.header.rows, 1);
  for (const Filter& filter : {Filter(), clause("endpoint.exists", "false"),
                               clause("endpoint.has", "e"), clause("status_code.gte", "203"),
                               clause("method", "GET"), negate(clause("endpoint", "/e7")),
                               either(clause("endpoint", "/e7"), clause("status_code", "203"))}) {
    const auto found = candidates(filter, reader);
    ASSERT_TRUE(found.ok());
    EXPECT_FALSE(found->has_value()) << canonical_text(filter);
  }
}

TEST_F(PostingsTest, OpenBlocksHaveNone) {
  append_random(5);
  OpenColumns columns(open_);
  BlockReader reader(collection_, columns, open_->deaths(), open_->size(), 1);
  const auto found = candidates(clause("endpoint", "/e7"), reader);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

TEST_F(PostingsTest, EqualNumbersAndUuidsHaveOneHash) {
  EXPECT_EQ(posted_hash(Type::kFloat, 3), posted_hash(Type::kFloat, 3.0));
  EXPECT_EQ(posted_hash(Type::kFloat, 0.0), posted_hash(Type::kFloat, -0.0));
  EXPECT_FALSE(posted_hash(Type::kInt, {}));
  EXPECT_FALSE(posted_hash(Type::kInt, "3"));
}

TEST_F(PostingsTest, ListsOfAnotherBlockAreRefused) {
  append_random(100);
  const SealedRows sealed = seal_all();
  StoredColumns columns(collection_, sealed);
  auto content = columns.part(PartKind::kPostings, *collection_.find_field("status_code"));
  ASSERT_TRUE(content.ok());
  auto postings = Postings::open(**content, 3);
  ASSERT_TRUE(postings.ok());
  Positions positions;
  EXPECT_FALSE(postings->find(*posted_hash(Type::kInt, 203), positions).ok());
}

}  // namespace
}  // namespace daybook::columns
