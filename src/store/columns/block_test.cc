#include "store/columns/block.h"

#include <gtest/gtest.h>

#include "query/sample_collection.h"
#include "store/columns/stored_columns.h"

namespace daybook::columns {
namespace {

class BlockTest : public testing::Test {
 protected:
  const Collection collection_ = sample_journal();
  const FieldNumbers numbers_ = FieldNumbers::in_order(collection_.fields.size());
  std::shared_ptr<OpenBlock> open_ = std::make_shared<OpenBlock>(collection_);

  SealedRows seal_rows(const Positions& positions) const {
    OpenColumns columns(open_);
    BlockReader reader(collection_, columns, open_->deaths(), open_->size(), 1);
    auto sealed = seal(reader, positions, numbers_);
    EXPECT_TRUE(sealed.ok());
    return *std::move(sealed);
  }

  std::vector<Row> rows_of(const SealedRows& sealed) const {
    StoredColumns columns(collection_, sealed);
    const Deaths none;
    BlockReader reader(collection_, columns, none, sealed.header.rows, 1);
    std::vector<Row> alone;
    for (std::size_t i = 0; i < reader.rows(); ++i) alone.push_back(*reader.read_row(i));
    EXPECT_TRUE(reader.want_all().ok());
    std::vector<Row> rows;
    for (std::size_t i = 0; i < reader.rows(); ++i) rows.push_back(reader.row(i));
    EXPECT_EQ(alone, rows) << "read one by one";
    return rows;
  }

  Row row(const std::string& id, int time) const {
    return sample_row(collection_, id, from_micros(time));
  }
};

TEST_F(BlockTest, RowsComeBackInTheOrderOfTheirSequences) {
  Row odd = row("odd", 50);
  odd.extra = "{\"n\":1}";
  open_->append(row("late", 10), 7);
  open_->append(odd, 3);
  open_->append(row("gone", 11), 4);
  const SealedRows sealed = seal_rows({0, 1});
  EXPECT_EQ(rows_of(sealed), (std::vector<Row>{odd, row("late", 10)}));
  EXPECT_EQ(sealed.positions, (Positions{1, 0}));
  EXPECT_EQ(sealed.header.first_time, 10);
  EXPECT_EQ(sealed.header.last_time, 50);
  EXPECT_EQ(sealed.header.first_sequence, 3u);
  EXPECT_EQ(sealed.header.last_sequence, 7u);
}

TEST_F(BlockTest, TheHeaderComesBack) {
  open_->append(row("a", 1), 1);
  open_->append(row("b", 2), 2);
  const BlockHeader header = seal_rows({0, 1}).header;
  const auto read = read_header(write_header(header));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(write_header(*read), write_header(header));
  EXPECT_EQ(read->hints, header.hints);
}

TEST_F(BlockTest, IdsThatTellTheirTimeNeedNoFilter) {
  IdMaker ids;
  const Instant first = from_micros(1'700'000'000'123'456);
  const Instant later = first + std::chrono::seconds(5);
  const Instant other = first + std::chrono::hours(1);
  open_->append(sample_row(collection_, ids.make(first), first), 1);
  open_->append(sample_row(collection_, ids.make(later), later), 2);
  const BlockHeader header = seal_rows({0, 1}).header;
  EXPECT_TRUE(header.has_timed_ids);
  EXPECT_FALSE(header.has({PartKind::kPostings, kIdNumber}));
  EXPECT_TRUE(header.may_hold(ids.make(first)));
  EXPECT_FALSE(header.may_hold(ids.make(other)));
  EXPECT_FALSE(header.may_hold("text"));
}

TEST_F(BlockTest, NoRowsMakeNoBlock) { EXPECT_EQ(seal_rows({}).header.rows, 0u); }

TEST_F(BlockTest, ADamagedHeaderIsRefused) {
  open_->append(row("a", 1), 1);
  const std::string bytes = write_header(seal_rows({0}).header);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_FALSE(read_header(damaged).ok()) << i;
  }
}

}  // namespace
}  // namespace daybook::columns
