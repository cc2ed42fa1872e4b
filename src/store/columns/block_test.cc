#include "store/columns/block.h"

#include <gtest/gtest.h>

#include <map>

#include "query/sample_collection.h"

namespace daybook::columns {
namespace {

// The columns of sealed rows, as a store would fetch them.
class StoredColumns final : public BlockColumns {
 public:
  StoredColumns(const Collection& collection, const SealedRows& rows)
      : collection_(collection), rows_(rows.header.rows) {
    for (const StoredPart& part : rows.parts) bytes_[part.number] = part.bytes;
  }

  Result<std::shared_ptr<const Column>> column(std::size_t number) override {
    const Layout layout(collection_.fields.size());
    const auto columns = make_columns(collection_);
    const Type type = columns[number].type();
    const auto it =
        bytes_.find(column_part(number, layout, FieldNumbers::in_order(collection_.fields.size())));
    if (it == bytes_.end()) return std::make_shared<const Column>(null_column(type, rows_));
    DAYBOOK_ASSIGN(Column read, read_column(type, rows_, it->second));
    return std::make_shared<const Column>(std::move(read));
  }

  Result<std::shared_ptr<const std::string>> part(PartNumber number) override {
    const auto it = bytes_.find(number);
    if (it == bytes_.end()) return std::shared_ptr<const std::string>();
    DAYBOOK_ASSIGN(std::string content, unpack_part(it->second));
    return std::make_shared<const std::string>(std::move(content));
  }
  Result<std::unique_ptr<PartSource>> open_part(PartNumber) override {
    return std::unique_ptr<PartSource>();
  }

 private:
  const Collection& collection_;
  std::size_t rows_;
  std::map<PartNumber, std::string> bytes_;
};

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
    EXPECT_TRUE(reader.want_all().ok());
    std::vector<Row> rows;
    for (std::size_t i = 0; i < reader.rows(); ++i) rows.push_back(reader.row(i));
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
  EXPECT_TRUE(read->may_hold("a"));
  EXPECT_FALSE(read->may_hold("c"));
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
  EXPECT_TRUE(header.id_hashes.empty());
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
