// RandomShop: batches and questions about the shop that nobody thought of, the same ones for the
// same seed. Batches are late and out of order, repeat ids, carry conditions that fail, change,
// delete and outlive their rows.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/contract/words.h"

namespace daybook::contract {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  // 0 to n - 1.
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(below(static_cast<int>(of.size())))];
  }

 private:
  std::mt19937_64 random_;
};

// What the texts of the shop are written with.
const std::vector<std::string>& shop_words();

class RandomShop {
 public:
  explicit RandomShop(std::uint64_t seed) : dice_(seed) {}

  Dice& dice() { return dice_; }
  Instant now() const { return now_; }
  void advance();

  // `there` answers what a condition should be about.
  Batch batch(Store& there);
  // Rows of a subject, none of them past its keep.
  Erasure erasure();

  // In random_questions.cc.
  std::string_view journal_or_register();
  Scan scan();
  Summary summary();
  Search search();
  std::vector<std::string> ids(std::string_view name);

 private:
  Operation operation(Store& there);
  Operation order();
  Operation visit();
  Operation customer();
  Operation session();
  Operation stall();
  Operation change(std::string_view name);
  Operation change_order(const std::string& id);
  Operation change_customer(const std::string& id);
  Operation change_stall(const std::string& id);
  Operation repeat();
  void add_condition(Store& there, Operation& operation);
  Operation remember(Operation operation);
  bool is_fresh(const Operation& operation) const;
  std::string past(int hours);
  Words words(std::string_view name);
  std::string text_query(int depth);
  std::string text_leaf();

  Dice dice_;
  Instant now_ = noon();
  int made_ = 0;
  std::map<std::string, std::vector<std::string>, std::less<>> ids_;  // by collection
  std::vector<Operation> sent_;                                       // inserts, to be repeated
};

}  // namespace daybook::contract
