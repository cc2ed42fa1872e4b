#include "store/columns/frame.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "query/sample_collection.h"

namespace daybook::columns {
namespace {

class FrameTest : public testing::Test {
 protected:
  const Collection collection_ = sample_journal();
  const FieldNumbers numbers_ = FieldNumbers::in_order(collection_.fields.size());

  Row row(int i) const {
    Row row = sample_row(collection_, "row-" + std::to_string(i), from_micros(1'000 + i));
    row.extra = i % 2 == 0 ? "" : "{\"more\":1}";
    return row;
  }

  std::string rows_frame(Sequence first, int count) const {
    std::string bytes;
    for (int i = 0; i < count; ++i) put_row(bytes, row(i), numbers_);
    FrameWriter writer(FrameKind::kRows, first);
    writer.add_packed(pack(bytes));
    return std::move(writer).finish();
  }
};

TEST_F(FrameTest, RowsComeBack) {
  for (const int count : {1, 2, 100}) {
    const auto frame = read_frame(rows_frame(7, count), collection_, numbers_);
    ASSERT_TRUE(frame.ok()) << frame.error().message();
    EXPECT_EQ(frame->first, 7u);
    ASSERT_EQ(frame->rows.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) EXPECT_EQ(frame->rows[static_cast<std::size_t>(i)], row(i));
  }
}

TEST_F(FrameTest, SectionsFollowEachOther) {
  FrameWriter writer(FrameKind::kRows, 1);
  for (int i = 0; i < 3; ++i) {
    std::string bytes;
    put_row(bytes, row(i), numbers_);
    writer.add_packed(pack(bytes));
  }
  const auto frame = read_frame(std::move(writer).finish(), collection_, numbers_);
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->rows, (std::vector<Row>{row(0), row(1), row(2)}));
}

TEST_F(FrameTest, ChangesComeBack) {
  std::string bytes;
  put_version(bytes, 12, row(1), numbers_);
  put_gone(bytes, 13);
  FrameWriter writer(FrameKind::kChanges, 0);
  writer.add_packed(pack(bytes));
  const auto frame = read_frame(std::move(writer).finish(), collection_, numbers_);
  ASSERT_TRUE(frame.ok());
  const std::vector<RowChange> expected{{RowChange::Kind::kVersion, 12, row(1)},
                                        {RowChange::Kind::kGone, 13, {}}};
  EXPECT_EQ(frame->changes, expected);
}

TEST_F(FrameTest, AFieldThatIsNotDeclaredAnyMoreIsPassedOver) {
  const std::string bytes = rows_frame(1, 1);
  Collection shorter = collection_;
  const std::size_t last = shorter.fields.size() - 1;
  shorter.fields.resize(last);
  const auto frame = read_frame(bytes, shorter, FieldNumbers::in_order(last));
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->rows.front().values.size(), last);
  EXPECT_EQ(frame->rows.front().id, "row-0");
}

TEST_F(FrameTest, DamagedBytesAreRefused) {
  const std::string bytes = rows_frame(1, 5);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(read_frame(damaged, collection_, numbers_).ok()) << "byte " << i;
    EXPECT_FALSE(check_frame(damaged).ok()) << "byte " << i;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_frame(bytes.substr(0, size), collection_, numbers_).ok()) << size;
  }
}

TEST_F(FrameTest, AnotherVersionIsNamed) {
  std::string bytes = rows_frame(1, 1);
  bytes.resize(bytes.size() - 4);
  bytes[0] = 9;
  put_fixed(bytes, checksum(bytes));
  const auto frame = read_frame(bytes, collection_, numbers_);
  ASSERT_FALSE(frame.ok());
  EXPECT_EQ(frame.error().message(), "frame: version 9 is not known here");
}

}  // namespace
}  // namespace daybook::columns
