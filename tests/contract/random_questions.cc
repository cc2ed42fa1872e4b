#include <utility>

#include "tests/contract/random_shop.h"

namespace daybook::contract {

namespace {

const std::vector<std::string> kNames = {"shop/orders", "shop/visits", "shop/customers",
                                         "shop/sessions", "shop/stalls"};
const std::vector<std::string> kZones = {"UTC", "Asia/Kathmandu", "Europe/Berlin",
                                         "America/New_York"};

// What questions about a collection are made of. '#' becomes a small number.
struct Material {
  std::vector<std::string> clauses, orders, groups, measures;
};

const Material kOfOrders = {
    {"customer = 'ann'",
     "customer != 'bob'",
     "customer in ['cem', 'dörte']",
     "customer > 'b'",
     "quantity = #",
     "quantity != #",
     "quantity < #",
     "quantity >= #",
     "amount > #.25",
     "amount <= #",
     "amount = null",
     "is_gift = true",
     "is_gift != true",
     "is_gift = null",
     "priority = 'low'",
     "priority in ['high', 'normal']",
     "status = 'open'",
     "status in ['packed', 'sent', 'lost']",
     "NOT status = 'packed'",
     "due > '2026-03-1#'",
     "due = null",
     "tags : 'red'",
     "NOT tags : 'big'",
     "scores : 'a'",
     "scores.a > #",
     "scores.b = null",
     "address.city = 'Ulm'",
     "address.city != 'Bern'",
     "note : 'red'",
     "note : 'SHOE'",
     "checked = true",
     "updated_at = null",
     "details = null",
     "id > 'o#'",
     "placed_at > 2026-03-1#T00:00:00Z",
     "branch = 'n'",
     "branch = null"},
    {"placed_at", "-placed_at", "customer", "-customer,quantity", "quantity,-amount", "amount",
     "status,placed_at", "-scores.a", "due", "-id", "address.city,-placed_at", "is_gift"},
    {"customer", "priority", "status", "quantity", "is_gift", "due", "address.city", "branch"},
    {"count()",
     "count(amount)",
     "count(status = 'open')",
     "sum(quantity)",
     "sum(amount)",
     "avg(quantity)",
     "avg(amount)",
     "min(amount)",
     "max(quantity)",
     "min(customer)",
     "max(placed_at)",
     "p50(quantity)",
     "p95(amount)",
     "p99(quantity)",
     "distinct(customer)",
     "distinct(quantity)",
     "rate(status = 'open')",
     "rate(is_gift = true)",
     "first(quantity)",
     "last(customer)",
     "sum(scores.a)",
     "avg(scores.b)"}};
const Material kOfVisits = {
    {"page = '/#'", "page != '/1'", "page in ['/1', '/2']", "batch = #", "batch > #", "millis < #",
     "millis = null", "page : '1'", "seen_at >= 2026-03-1#T00:00:00Z"},
    {"seen_at", "-seen_at", "page", "-page,seen_at", "batch,-millis", "millis"},
    {"page", "batch"},
    {"count()", "sum(millis)", "avg(millis)", "min(millis)", "max(millis)", "p90(millis)",
     "distinct(page)", "rate(millis > 5)", "first(page)", "last(millis)"}};
const Material kOfCustomers = {
    {"email = 'e#@b.example'", "branch = 'n'", "branch != 's'", "branch = null", "number > #",
     "number = #", "name : 'a'", "name = null", "login.card = 'k#'", "login.card != null",
     "labels : 'red'", "NOT labels : 'red'", "version = 1", "version > 1",
     "joined_on < '2026-03-05'", "touched = null", "id in ['c1', 'c2', 'c3', 'c#']", "id >= 'c#'",
     "pin = null"},
    {"id", "-id", "email", "-branch,number", "name", "joined_on,-email", "number"},
    {"branch"},
    {"count()", "min(number)", "max(number)", "distinct(email)", "count(name)", "rate(version > 1)",
     "max(email)"}};
const Material kOfSessions = {
    {"token = 't#'", "hits > #", "hits = 0", "ends_at > 2026-03-1#T00:00:00Z"},
    {"id", "-ends_at", "hits,-token"},
    {},
    {"count()", "max(hits)", "min(ends_at)", "distinct(token)"}};

const Material kOfStalls = {
    {"branch = 'n'", "branch in ['main', 's']", "name : 'd'", "name = 'red'", "goods : 'red'",
     "NOT goods : 'big'", "number > #", "number = null", "id = 't#'", "id >= 't#'",
     "closes_at > 2026-03-1#T00:00:00Z"},
    {"id", "-id", "name", "-number", "branch,-id", "-closes_at"},
    {"branch"},
    {"count()", "max(number)", "distinct(id)", "distinct(name)"}};

const Material& material(std::string_view name) {
  if (name == "shop/orders") return kOfOrders;
  if (name == "shop/visits") return kOfVisits;
  if (name == "shop/stalls") return kOfStalls;
  return name == "shop/customers" ? kOfCustomers : kOfSessions;
}

std::string numbered(std::string clause, Dice& dice) {
  for (auto at = clause.find('#'); at != std::string::npos; at = clause.find('#')) {
    clause.replace(at, 1, std::to_string(dice.below(10)));
  }
  return clause;
}

}  // namespace

const std::vector<std::string>& shop_words() {
  static const std::vector<std::string> words = {
      "delivery", "deliver", "failed", "payments", "red", "shoes", "Shoe", "the",
      "back",     "door",    "stock",  "café",     "NOW", "42",    "x-ray"};
  return words;
}

std::string_view RandomShop::journal_or_register() { return dice_.pick(kNames); }

Words RandomShop::words(std::string_view name) {
  const Material& of = material(name);
  Words words;
  words.now = now_;
  for (int i = dice_.below(4); i > 0; --i) {
    const std::string clause = numbered(dice_.pick(of.clauses), dice_);
    words.where = words.where.empty()
                      ? clause
                      : "(" + words.where + (dice_.chance(60) ? " AND " : " OR ") + clause + ")";
  }
  words.order = dice_.pick(of.orders);
  words.limit = dice_.chance(50) ? 1'000'000 : static_cast<std::size_t>(1 + dice_.below(30));
  if (dice_.chance(50)) {
    const Instant start = now_ - std::chrono::minutes(dice_.below(60 * 100));
    words.window = Window{start, start + std::chrono::minutes(dice_.below(60 * 50)), {}};
  }
  return words;
}

Scan RandomShop::scan() {
  const std::string_view name = journal_or_register();
  Scan scan = scan_of(name, words(name));
  if (!scan.collection->is_journal()) scan.window.reset();
  return scan;
}

Summary RandomShop::summary() {
  const std::string_view name = journal_or_register();
  const Material& of = material(name);
  SummaryWords summary;
  for (int i = dice_.below(3); i > 0 && !of.groups.empty(); --i) {
    summary.by.push_back(dice_.pick(of.groups));
  }
  if (summary.by.size() == 2 && summary.by[0] == summary.by[1]) summary.by.pop_back();
  for (int i = 1 + dice_.below(4); i > 0; --i) {
    summary.of.push_back({"m" + std::to_string(i), dice_.pick(of.measures)});
  }
  summary.zone = dice_.pick(kZones);
  if (dice_.chance(40) && collection(name).is_journal()) {
    static const std::vector<std::string> steps = {"15m", "1h", "6h", "1d", "1w", "1mo"};
    summary.every = dice_.pick(steps);
  }
  if (!summary.by.empty() && dice_.chance(30)) {
    summary.order.push_back({GroupOrder::What::kKey, 0, dice_.chance(50)});
  }
  Summary asked = summary_of(name, summary, words(name));
  if (!asked.collection->is_journal()) asked.window.reset();
  if (dice_.chance(30)) asked.limit = static_cast<std::size_t>(1 + dice_.below(5));
  return asked;
}

std::string RandomShop::text_leaf() {
  const std::string& word = dice_.pick(shop_words());
  if (dice_.chance(20)) return "\"" + word + " " + dice_.pick(shop_words()) + "\"";
  if (dice_.chance(20)) return word.substr(0, static_cast<std::size_t>(1 + dice_.below(3))) + "*";
  return word;
}

// What is left out stands beside something that is looked for.
std::string RandomShop::text_query(int depth) {
  if (depth == 0 || dice_.chance(30)) return text_leaf();
  const std::string first = "(" + text_query(depth - 1) + ")";
  const std::string second = "(" + text_query(depth - 1) + ")";
  static const std::vector<std::string> joins = {" ", " OR ", " -"};
  return first + dice_.pick(joins) + second;
}

Search RandomShop::search() {
  const bool is_order = dice_.chance(70);
  const std::string_view name = is_order           ? "shop/orders"
                                : dice_.chance(60) ? "shop/customers"
                                                   : "shop/stalls";
  Search search = search_of(name, text_query(3), words(name));
  if (!is_order) search.window.reset();
  if (dice_.chance(50)) search.rank = Search::Rank::kBest;
  return search;
}

std::vector<std::string> RandomShop::ids(std::string_view name) {
  std::vector<std::string> ids = {"none"};
  const auto& known = ids_[std::string(name)];
  for (int i = dice_.below(10); i > 0 && !known.empty(); --i) ids.push_back(dice_.pick(known));
  return ids;
}

}  // namespace daybook::contract
