#include "tests/contract/numbered.h"

#include <utility>
#include <vector>

namespace daybook::contract {

namespace {

constexpr int kVisits = 3;
const std::string kCountedPage = "/counted";  // of visits that are no rows
// Then the next day's orders come, and that day's have a rest, in which they are summed.
constexpr int kBatchesOfADay = 50;

// The number in an id such as "o17" or "v17-2".
int number_of(const std::string& id) { return std::stoi(id.substr(1)); }

// How often each row is there, by number; complains about rows with other content than was sent.
std::map<int, std::map<std::string, int>> rows_by_number(Store& store, std::string& damage) {
  std::map<int, std::map<std::string, int>> found;
  for (const std::string name : {"shop/visits", "shop/orders", "shop/customers"}) {
    const auto rows = rows_of(store, scan_of(name));
    if (!rows.ok()) damage += say(rows.error()) + "\n";
    if (!rows.ok()) continue;
    for (const Row& row : *rows) {
      ++found[number_of(row.id)][row.id];
      const std::string text = debug_text(collection(name), row);
      const bool is_whole = name != "shop/orders" || text.find("packed") != std::string::npos;
      if (!is_whole) damage += "an order without its change: " + text + "\n";
    }
  }
  return found;
}

std::string damage_of_rows(Store& store, const Acknowledged& acknowledged) {
  std::string damage;
  const auto found = rows_by_number(store, damage);
  for (const auto& [number, position] : acknowledged) {
    if (!found.contains(number)) damage += "batch " + std::to_string(number) + " is lost\n";
  }
  for (const auto& [number, rows] : found) {
    if (rows.size() != kVisits + 2) {
      damage += "batch " + std::to_string(number) + " is torn: " + std::to_string(rows.size()) +
                " rows\n";
    }
    for (const auto& [id, times] : rows) {
      if (times != 1) damage += id + " is there " + std::to_string(times) + " times\n";
    }
  }
  return damage;
}

std::string damage_of_positions(Store& store, const Acknowledged& acknowledged) {
  const auto changes = store.feed(*shop().find("shop"), 0, 10'000'000);
  if (!changes.ok()) return say(changes.error()) + "\n";
  std::string damage;
  std::map<Position, int> numbers;
  Position expected = 0;
  for (const Change& change : changes->changes) {
    if (change.position != ++expected) {
      return "position " + std::to_string(expected) + " is followed by " +
             std::to_string(change.position) + "\n";
    }
    numbers[change.position] = number_of(change.id);
  }
  for (const auto& [number, first] : acknowledged) {
    for (Position position = first; position < first + kNumberedChanges; ++position) {
      const auto it = numbers.find(position);
      if (it != numbers.end() && it->second == number) continue;
      damage += "position " + std::to_string(position) + " is not of batch " +
                std::to_string(number) + "\n";
    }
  }
  return damage;
}

// Each batch that is there is counted once beside its rows.
std::string damage_of_counts(Store& store) {
  std::string damage;
  const auto batches = static_cast<std::int64_t>(rows_by_number(store, damage).size());
  const auto groups = store.summarize(
      summary_of("shop/visits", {.of = {{"n", "count()"}}}, {.where = "page = '/counted'"}));
  if (!groups.ok()) return damage + "what only counts cannot be read\n";
  const auto counted = groups->groups[0].measures[0].get<std::int64_t>();
  if (counted == batches) return damage;
  return damage + std::to_string(counted) + " visits are counted of " + std::to_string(batches) +
         " batches\n";
}

// What a rollup answers against a list of the same rows, and what is stored of it against the rows.
std::string damage_of_rollups(Store& store) {
  std::string damage;
  const std::vector<std::pair<std::string, std::string>> asked = {{"shop/visits", "page"},
                                                                  {"shop/orders", "status"}};
  for (const auto& [name, by] : asked) {
    const auto groups = store.summarize(summary_of(name, {.by = {by}, .of = {{"n", "count()"}}}));
    const auto rows = rows_of(store, scan_of(name));
    if (!groups.ok() || !rows.ok()) return name + " cannot be read\n";
    std::int64_t counted = 0;
    for (const Group& group : groups->groups) {
      if (group.key[0] == Value(kCountedPage)) continue;
      counted += group.measures[0].get<std::int64_t>();
    }
    if (counted != static_cast<std::int64_t>(rows->size())) {
      damage += name + " counts " + std::to_string(counted) + " of " +
                std::to_string(rows->size()) + " rows\n";
    }
    const std::string difference = rollup_difference(store, collection(name));
    if (!difference.empty()) damage += difference + "\n";
  }
  return damage;
}

}  // namespace

Batch numbered_batch(int number) {
  const std::string n = std::to_string(number);
  std::vector<Operation> operations;
  for (int i = 0; i < kVisits; ++i) {
    operations.push_back(insert("shop/visits", R"({"id":"v)" + n + "-" + std::to_string(i) +
                                                   R"(","seen_at":"2026-03-10T11:0)" +
                                                   std::to_string(i) +
                                                   R"(:00Z","page":"/","batch":)" + n + "}"));
  }
  operations.push_back(counted(
      insert("shop/visits", R"({"id":"w)" + n + R"(","seen_at":"2026-03-10T11:00:30Z","page":")" +
                                kCountedPage + "\"}")));
  operations.push_back(insert("shop/orders", R"({"id":"o)" + n + R"(","placed_at":"2026-03-0)" +
                                                 std::to_string(1 + number / kBatchesOfADay % 9) +
                                                 R"(T08:00:00Z","customer":"c)" + n +
                                                 R"(","note":"some words to fill a page with"})"));
  operations.push_back(update("shop/orders", "o" + n, R"({"status":"packed"})"));
  operations.push_back(
      insert("shop/customers", R"({"id":"c)" + n + R"(","email":"e)" + n + R"(@b.example"})"));
  return atomic(std::move(operations));
}

std::string find_damage(Store& store, const Acknowledged& acknowledged) {
  std::string damage = damage_of_rows(store, acknowledged) +
                       damage_of_positions(store, acknowledged) + damage_of_rollups(store) +
                       damage_of_counts(store);
  const auto findings = store.verify();
  if (!findings.ok()) return damage + say(findings.error()) + "\n";
  for (const Finding& finding : *findings) damage += finding.where + ": " + finding.what + "\n";
  return damage;
}

}  // namespace daybook::contract
