// Random batches and questions: every store answers as the memory store does. The seed is printed;
// DAYBOOK_ORACLE_SEED repeats one, DAYBOOK_ORACLE_ROUNDS plays longer and from new seeds.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

#include "catalog/row_key.h"
#include "store/memory/memory_store.h"
#include "tests/contract/random_shop.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kRounds = 60;

class OracleTest : public StoreTest {
 protected:
  OracleTest() : oracle_(make_memory_store()) { EXPECT_TRUE(oracle_->prepare(shop()).ok()); }

  void play(std::uint64_t seed, int rounds);
  void change(RandomShop& random);
  void compare_batch(const Batch& batch);
  void compare_scan(RandomShop& random);
  void compare_summary(const Summary& summary);
  void compare_search(Search search);
  void compare_feed(Instant now);
  void compare_finds(RandomShop& random);
  void compare_all(Instant now);

  std::unique_ptr<Store> oracle_;
  Position fed_ = 0;
};
DAYBOOK_FOR_ALL_STORES(OracleTest);

std::string text_of(const Collection& of, const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) text += debug_text(of, row) + " " + row.extra + "\n";
  return text;
}

std::string describe(const Scan& scan) {
  std::string text =
      scan.collection->full_name() + " where " + canonical_text(scan.filter) + " order";
  for (const OrderBy& key : scan.order.keys) {
    text += " " + field_name(*scan.collection, key.ref) + (key.descending ? " desc" : "");
  }
  if (scan.window) {
    text += " in " + format_instant(scan.window->start) + ".." + format_instant(scan.window->end);
  }
  return text + " limit " + std::to_string(scan.limit) + " now " + format_instant(scan.now);
}

bool is_near(const Value& a, const Value& b, double error) {
  const bool is_exact = a.get_if<double>() == nullptr || b.get_if<double>() == nullptr;
  if (!a.is_number() || !b.is_number() || (is_exact && error == 0)) return a == b;
  const double size = std::max({1.0, std::abs(a.number()), std::abs(b.number())});
  return std::abs(a.number() - b.number()) <= std::max(error, 1e-9) * size;
}

bool is_quantile(Aggregate aggregate) {
  return Accumulator::state_of(aggregate) == Aggregate::kP50;
}

// Quantiles as far as the answer says that they are exact.
bool is_near(const Summary& summary, const Group& a, const Group& b, double quantile_error) {
  if (a.bucket != b.bucket || a.key != b.key) return false;
  for (std::size_t i = 0; i < summary.measures.size(); ++i) {
    const double error = is_quantile(summary.measures[i].aggregate) ? quantile_error : 0;
    if (!is_near(a.measures[i], b.measures[i], error)) return false;
  }
  return true;
}

void OracleTest::compare_batch(const Batch& batch) {
  const auto expected = oracle_->apply(batch);
  const auto actual = store().apply(batch);
  ASSERT_EQ(say(actual), say(expected));
  if (!expected.ok()) return;
  for (std::size_t i = 0; i < expected->verdicts.size(); ++i) {
    ASSERT_EQ(actual->verdicts[i].there, expected->verdicts[i].there) << "operation " << i;
  }
}

void OracleTest::compare_scan(RandomShop& random) {
  Scan scan = random.scan();
  for (int page = 0; page < 3; ++page) {
    const auto expected = rows_of(*oracle_, scan);
    const auto actual = rows_of(store(), scan);
    ASSERT_TRUE(expected.ok() && actual.ok()) << describe(scan);
    ASSERT_EQ(text_of(*scan.collection, *actual), text_of(*scan.collection, *expected))
        << describe(scan) << " page " << page;
    ASSERT_EQ(*actual, *expected) << describe(scan);
    if (expected->empty()) return;
    scan.after = place_of(*scan.collection, scan.order, expected->back());
  }
}

void OracleTest::compare_summary(const Summary& summary) {
  const auto expected = oracle_->summarize(summary);
  const auto actual = store().summarize(summary);
  const bool are_near =
      expected.ok() && actual.ok() && expected->more == actual->more &&
      std::ranges::equal(expected->groups, actual->groups, [&](const Group& a, const Group& b) {
        return is_near(summary, a, b, actual->quantile_error);
      });
  std::string measures;
  for (const Measure& measure : summary.measures) {
    measures += " " + std::string(aggregate_name(measure.aggregate)) + "(" +
                (measure.field ? field_name(*summary.collection, *measure.field) : "") + ")";
  }
  ASSERT_TRUE(are_near) << summary.collection->full_name() << " where "
                        << canonical_text(summary.filter) << " of" << measures << "\nexpected\n"
                        << say(expected) << "actual\n"
                        << say(actual);
}

// Scores too are equal to the bit.
void OracleTest::compare_search(Search search) {
  for (int page = 0; page < 3; ++page) {
    const auto expected = oracle_->search(search);
    const auto actual = store().search(search);
    ASSERT_EQ(ids_of(actual), ids_of(expected))
        << format_text_query(search.text) << " where " << canonical_text(search.filter) << " page "
        << page;
    for (std::size_t i = 0; i < expected->hits.size(); ++i) {
      ASSERT_EQ(actual->hits[i].row, expected->hits[i].row);
      ASSERT_EQ(actual->hits[i].score, expected->hits[i].score);
    }
    if (!expected->more || search.rank == Search::Rank::kBest) return;
    const Order order = default_order(*search.collection);
    search.after = place_of(*search.collection, order, expected->hits.back().row);
  }
}

// Changes whose rows are still there, as text. A store may forget the others with their partition.
std::string living(const Changes& changes, Instant now) {
  std::string text;
  for (const Change& change : changes.changes) {
    if (!change.row) continue;
    EXPECT_TRUE(change.tenant == tenant_of(*change.collection, *change.row));
    const auto expiry = expires_at(*change.collection, *change.row, {});
    if (expiry && *expiry <= now) continue;
    text += std::to_string(change.position) + " " + std::string(verb_name(change.verb)) + " " +
            debug_text(*change.collection, *change.row) + "\n";
  }
  return text;
}

void OracleTest::compare_feed(Instant now) {
  const Application& application = *shop().find("shop");
  const auto expected = oracle_->feed(application, fed_, 1'000'000);
  const auto actual = store().feed(application, fed_, 1'000'000);
  ASSERT_TRUE(expected.ok() && actual.ok());
  ASSERT_EQ(actual->next, expected->next);
  ASSERT_EQ(living(*actual, now), living(*expected, now));
  fed_ = expected->next;
}

void OracleTest::compare_finds(RandomShop& random) {
  const std::string name(random.journal_or_register());
  const auto ids = random.ids(name);
  const auto expected = oracle_->find(collection(name), ids, random.now());
  const auto actual = store().find(collection(name), ids, random.now());
  ASSERT_TRUE(expected.ok() && actual.ok());
  ASSERT_EQ(*actual, *expected) << name;
  const std::string key = "key" + std::to_string(random.dice().below(20));
  const auto kept = oracle_->recall(key, random.now());
  const auto found = store().recall(key, random.now());
  ASSERT_TRUE(kept.ok() && found.ok());
  ASSERT_EQ(found->has_value(), kept->has_value()) << key;
}

void OracleTest::compare_all(Instant now) {
  ASSERT_EQ(everything(store(), now), everything(*oracle_, now));
  const auto findings = store().verify();
  ASSERT_TRUE(findings.ok());
  for (const Finding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  for (const auto& [name, of] : shop().find("shop")->collections) {
    ASSERT_EQ(rollup_difference(store(), of), "");
  }
}

void OracleTest::change(RandomShop& random) {
  random.advance();
  ASSERT_NO_FATAL_FAILURE(compare_batch(random.batch(*oracle_)));
  if (random.dice().chance(8)) {
    for (const auto& [name, of] : shop().find("shop")->collections) {
      const Expiry expiry{&of, random.now(), Expiry::Mode::kRemove, {}};
      ASSERT_TRUE(oracle_->expire(expiry).ok() && store().expire(expiry).ok());
    }
  }
  if (random.dice().chance(5)) {
    const Erasure erasure = random.erasure();
    const auto expected = oracle_->erase(erasure);
    const auto actual = store().erase(erasure);
    ASSERT_TRUE(expected.ok() && actual.ok());
    ASSERT_EQ(actual->rows, expected->rows);
  }
  if (GetParam().is_durable && random.dice().chance(5)) reopen();
}

void OracleTest::play(std::uint64_t seed, int rounds) {
  RandomShop random(seed);
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    for (int i = 0; i < 4; ++i) ASSERT_NO_FATAL_FAILURE(change(random));
    for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(compare_scan(random));
    for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(compare_summary(random.summary()));
    for (int i = 0; i < 4; ++i) ASSERT_NO_FATAL_FAILURE(compare_search(random.search()));
    ASSERT_NO_FATAL_FAILURE(compare_finds(random));
    if (round % 10 != 9) continue;
    ASSERT_NO_FATAL_FAILURE(compare_feed(random.now()));
    ASSERT_NO_FATAL_FAILURE(compare_all(random.now()));
  }
}

std::vector<std::uint64_t> seeds() {
  if (const char* one = std::getenv("DAYBOOK_ORACLE_SEED")) return {std::stoull(one)};
  if (std::getenv("DAYBOOK_ORACLE_ROUNDS") == nullptr) return {1, 2, 3};
  std::random_device device;
  return {device(), device(), device(), device()};
}

int rounds() {
  const char* given = std::getenv("DAYBOOK_ORACLE_ROUNDS");
  return given == nullptr ? kRounds : std::atoi(given);
}

TEST_P(OracleTest, AnswersAreThoseOfTheMemoryStore) {
  for (const std::uint64_t seed : seeds()) {
    std::cout << "seed " << seed << ", " << rounds() << " rounds\n";
    start_over();
    oracle_ = make_memory_store();
    ASSERT_TRUE(oracle_->prepare(shop()).ok());
    fed_ = 0;
    ASSERT_NO_FATAL_FAILURE(play(seed, rounds()));
  }
}

}  // namespace

}  // namespace daybook::contract
