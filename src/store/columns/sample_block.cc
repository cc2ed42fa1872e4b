#include "store/columns/sample_block.h"

#include <random>

#include "base/uuid.h"
#include "query/sample_collection.h"

namespace daybook::columns {

namespace {

Row random_row(const Collection& collection, std::size_t number, std::mt19937_64& random) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  const auto maybe = [&](std::string_view name, Row& row, Value value) {
    if (below(6) != 0) set(collection, row, name, std::move(value));
  };
  const Instant time = from_micros(static_cast<std::int64_t>(number) * 1'000'000);
  Row row = sample_row(collection, "r" + std::to_string(number), time);
  maybe("endpoint", row, Value("/e" + std::to_string(below(9))));
  maybe("method", row, Value(below(2) == 0 ? "GET" : "PUT"));
  maybe("status_code", row, Value(200 + 100 * below(4)));
  maybe("took_ms", row, Value(static_cast<double>(below(4'000)) / 8 - 20));
  maybe("bytes", row, Value((below(3) - 1) * 1'000'000'007 * below(1'000)));
  maybe("resolved", row, Value(below(2) == 0));
  maybe("day", row, Value(Date(std::chrono::days(below(40)))));
  maybe("scores", row, Value(Map{{"loud", Value(static_cast<double>(below(5)))}}));
  Uuid trace{};
  trace[15] = static_cast<std::uint8_t>(below(5));
  maybe("trace", row, Value(format_uuid(trace)));
  maybe("tags", row, Value(List{Value("t" + std::to_string(below(3)))}));
  return row;
}

}  // namespace

SampleBlock::SampleBlock(std::size_t rows, unsigned seed)
    : collection_(sample_journal()),
      block_(std::make_shared<OpenBlock>(collection_)),
      columns_(block_),
      reader_(collection_, columns_, std::as_const(*block_).deaths(), rows, 1) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    rows_.push_back(random_row(collection_, i, random));
    block_->append(rows_.back(), i + 1);
  }
}

}  // namespace daybook::columns
