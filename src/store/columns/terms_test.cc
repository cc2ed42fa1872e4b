#include "store/columns/terms.h"

#include <gtest/gtest.h>

#include <map>

#include "query/vocabulary.h"

namespace daybook::columns {
namespace {

// Bytes in memory that know how many of them were read.
class CountedBytes final : public StoredBytes {
 public:
  CountedBytes(std::string bytes, std::size_t& read) : bytes_(std::move(bytes)), read_(read) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read(std::uint64_t offset, std::size_t size, char* out) override {
    read_ += size;
    return BytesInMemory(bytes_).read(offset, size, out);
  }

 private:
  std::string bytes_;
  std::size_t& read_;
};

Result<Terms> open(std::string bytes, std::size_t rows, std::size_t& read) {
  DAYBOOK_ASSIGN(PartContent content,
                 PartContent::open(std::make_unique<CountedBytes>(std::move(bytes), read)));
  return Terms::open(std::make_shared<PartContent>(std::move(content)), rows);
}

Result<Terms> open(std::string bytes, std::size_t rows) {
  static std::size_t read = 0;
  return open(std::move(bytes), rows, read);
}

Positions all_of(const Column& column) {
  Positions positions;
  for (std::uint32_t i = 0; i < column.size(); ++i) positions.push_back(i);
  return positions;
}

Column column_of(Type type, const std::vector<Value>& values) {
  Column column(type);
  for (const Value& value : values) column.append(value);
  return column;
}

// "row:count ..."
std::string shown(const Result<Occurrences>& postings) {
  if (!postings.ok()) return postings.error().message();
  std::string out;
  for (std::size_t i = 0; i < postings->rows.size(); ++i) {
    out += (out.empty() ? "" : " ") + std::to_string(postings->rows[i]) + ":" +
           std::to_string(postings->counts[i]);
  }
  return out;
}

const std::vector<Value>& messages() {
  static const std::vector<Value> kMessages = {Value("Deliveries are late"),
                                               Value(),
                                               Value("late, late: DELIVERY late"),
                                               Value(""),
                                               Value("delivered to Köln"),
                                               Value("Deliveries are late"),
                                               Value("deliveryman")};
  return kMessages;
}

TEST(TermsTest, SayWhereWordsStand) {
  const Column column = column_of(Type::kText, messages());
  auto terms = open(write_terms(column, all_of(column), "english"), column.size());
  ASSERT_TRUE(terms.ok()) << terms.error().message();
  EXPECT_TRUE(terms->is_of("english"));
  EXPECT_FALSE(terms->is_of("german"));
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"late", "0:1 2:3 5:1"},
      {"delivery", "0:1 2:1 5:1"},
      {"köln", "4:1"},
      {"a", ""},
      {"zzz", ""},
      {"deliv*", "0:1 2:1 4:1 5:1 6:1"},
      {"delivery*", "0:1 2:1 5:1 6:1"},
      {"x*", ""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(shown(terms->find(*parse_text_query(text, "english"))), expected) << text;
  }
  EXPECT_EQ(*terms->lengths(), (std::vector<std::uint32_t>{3, 0, 4, 0, 3, 3, 1}));
}

TEST(TermsTest, AreOfTheRowsAtPositions) {
  const Column column = column_of(Type::kText, messages());
  auto terms = open(write_terms(column, {6, 2, 0}, "none"), 3);
  ASSERT_TRUE(terms.ok());
  EXPECT_EQ(shown(terms->find("late")), "1:3 2:1");
  EXPECT_EQ(shown(terms->find("deliveryman")), "0:1");
}

TEST(TermsTest, ListsAndNothingHaveTermsToo) {
  const Column lists =
      column_of(Type::kList,
                {Value(List{Value("red shoes"), Value(), Value("red")}), Value(), Value(List{})});
  auto terms = open(write_terms(lists, all_of(lists), "english"), 3);
  ASSERT_TRUE(terms.ok());
  EXPECT_EQ(shown(terms->find("red")), "0:2");
  EXPECT_EQ(*terms->lengths(), (std::vector<std::uint32_t>{3, 0, 0}));

  const Column nulls = column_of(Type::kText, {Value(), Value()});
  terms = open(write_terms(nulls, all_of(nulls), "english"), 2);
  ASSERT_TRUE(terms.ok());
  EXPECT_EQ(shown(terms->find("red")), "");
  EXPECT_EQ(shown(terms->find(*parse_text_query("r*", "english"))), "");
}

// Many terms in many chunks, against counting.
class ManyTermsTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kRows = 5'000;
  ManyTermsTest() {
    for (std::uint32_t row = 0; row < kRows; ++row) {
      std::string text;
      for (std::uint32_t i = 0; i < 12; ++i) {
        const std::uint32_t random = (row * 12 + i) * 2654435761u >> 8;
        text += "w" + std::to_string(random % (i % 2 == 0 ? 40 : 9'001)) + " ";
      }
      column_.append(Value(text));
      for (const Word& word : vocabulary_.cut(text)) {
        ++counts_[std::string(vocabulary_.word(word.number))][row];
      }
    }
    bytes_ = write_terms(column_, all_of(column_), "none");
  }

  Column column_{Type::kText};
  Vocabulary vocabulary_{"none"};
  std::map<std::string, std::map<std::uint32_t, std::uint32_t>> counts_;
  std::string bytes_;
};

TEST_F(ManyTermsTest, AllAreFound) {
  auto terms = open(bytes_, kRows);
  ASSERT_TRUE(terms.ok());
  for (const auto& [word, rows] : counts_) {
    std::string expected;
    for (const auto& [row, count] : rows) {
      expected += (expected.empty() ? "" : " ") + std::to_string(row) + ":" + std::to_string(count);
    }
    ASSERT_EQ(shown(terms->find(word)), expected) << word;
  }
}

TEST_F(ManyTermsTest, APrefixIsTheSumOfItsWords) {
  auto terms = open(bytes_, kRows);
  ASSERT_TRUE(terms.ok());
  for (const std::string prefix : {"w", "w1", "w12", "w9", "w99999"}) {
    std::map<std::uint32_t, std::uint32_t> sums;
    for (auto it = counts_.lower_bound(prefix); it != counts_.end(); ++it) {
      if (!it->first.starts_with(prefix)) break;
      for (const auto& [row, count] : it->second) sums[row] += count;
    }
    const auto found = terms->find(*parse_text_query(prefix + "*", "none"));
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found->rows.size(), sums.size()) << prefix;
    for (const auto& [row, sum] : sums) ASSERT_EQ(found->count_at(row), sum) << prefix;
  }
}

TEST_F(ManyTermsTest, AWordIsFoundWithoutReadingAll) {
  ASSERT_GT(bytes_.size(), 40'000u);
  std::size_t read = 0;
  auto terms = open(bytes_, kRows, read);
  ASSERT_TRUE(terms.ok());
  ASSERT_TRUE(terms->find("w80").ok());
  EXPECT_LT(read, bytes_.size() / 2);
}

TEST(TermsTest, RefuseWhatTheyAreNot) {
  const Column column = column_of(Type::kText, messages());
  const std::string good = write_terms(column, all_of(column), "english");
  const auto read_all = [&](const std::string& bytes) {
    auto terms = open(bytes, column.size());
    if (!terms.ok()) return false;
    return terms->find(*parse_text_query("d*", "english")).ok() && terms->find("late").ok() &&
           terms->lengths().ok();
  };
  ASSERT_TRUE(read_all(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x15);
    EXPECT_FALSE(read_all(bad)) << "byte " << i;
    EXPECT_FALSE(read_all(good.substr(0, i))) << "cut at " << i;
  }
  auto fewer_rows = open(good, 3);
  ASSERT_TRUE(fewer_rows.ok());
  EXPECT_FALSE(fewer_rows->find("late").ok());
  EXPECT_FALSE(fewer_rows->lengths().ok());
}

}  // namespace
}  // namespace daybook::columns
