#include "tests/contract/random_shop.h"

#include <utility>

#include "query/keep.h"

namespace daybook::contract {

namespace {

const std::vector<std::string> kCustomers = {"ann", "bob", "cem", "dörte", "eve", "o'neil"};
const std::vector<std::string> kCities = {"Ulm", "Bern", "Graz", ""};
const std::vector<std::string> kTags = {"red", "blue", "big", "small", "sale"};

const std::vector<std::string> kBranches = {"main", "n", "s"};

std::string member(std::string_view name, const std::string& json) {
  return ",\"" + std::string(name) + "\":" + json;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string sentence(Dice& dice, int most) {
  std::string text;
  for (int i = 1 + dice.below(most); i > 0; --i)
    text += dice.pick(shop_words()) + (i > 1 ? " " : "");
  return text;
}

}  // namespace

void RandomShop::advance() {
  now_ += std::chrono::minutes(dice_.below(dice_.chance(10) ? 600 : 30));
}

// An instant at most so many hours ago, often one that others have too.
std::string RandomShop::past(int hours) {
  Instant time = now_ - std::chrono::minutes(dice_.below(60 * hours));
  if (dice_.chance(50)) time = Zone().floor(time, {StepUnit::kMinute, 10});
  if (dice_.chance(30)) time += Duration(dice_.below(1'000'000));
  return quoted(format_instant(time));
}

bool RandomShop::is_fresh(const Operation& operation) const {
  const auto expiry = expires_at(*operation.collection, operation.row, {});
  return !expiry || *expiry > now_;
}

Operation RandomShop::remember(Operation operation) {
  ids_[operation.collection->full_name()].push_back(operation.row.id);
  sent_.push_back(operation);
  return operation;
}

Operation RandomShop::order() {
  const int n = made_++;
  const bool is_low = n % 5 == 0;
  // Rows of the low class are kept two days only; some others come weeks late.
  const int hours = is_low ? 40 : dice_.chance(10) ? 24 * 28 : 72;
  std::string json = "{\"id\":\"o" + std::to_string(n) + "\"";
  json += member("placed_at", past(hours)) + member("customer", quoted(dice_.pick(kCustomers)));
  json += member("priority", is_low       ? quoted("low")
                             : n % 5 == 1 ? quoted("high")
                                          : quoted("normal"));
  if (dice_.chance(80)) json += member("quantity", std::to_string(dice_.below(10)));
  if (dice_.chance(70)) {
    json += member("amount", std::to_string(dice_.below(2000) - 1000) + "." +
                                 std::to_string(dice_.below(100)));
  }
  if (dice_.chance(40)) json += member("is_gift", dice_.chance(50) ? "true" : "false");
  if (dice_.chance(30))
    json += member("due", "\"2026-03-1" + std::to_string(dice_.below(10)) + "\"");
  if (dice_.chance(30)) {
    json += member("tags", "[" + quoted(dice_.pick(kTags)) + "," + quoted(dice_.pick(kTags)) + "]");
  }
  if (dice_.chance(40)) {
    json += member("scores", "{\"a\":" + std::to_string(dice_.below(10)) +
                                 ".5,\"b\":" + std::to_string(dice_.below(3)) + ".0}");
  }
  if (dice_.chance(60)) json += member("address", "{\"city\":" + quoted(dice_.pick(kCities)) + "}");
  if (dice_.chance(50)) json += member("note", quoted(sentence(dice_, 8)));
  if (dice_.chance(30)) json += member("title", quoted(sentence(dice_, 3)));
  if (dice_.chance(20)) json += member("branch", dice_.chance(50) ? "\"n\"" : "\"s\"");
  if (dice_.chance(10)) json += member("details", "{\"n\":[" + std::to_string(n) + "]}");
  if (dice_.chance(10)) json += member("undeclared", std::to_string(n));
  return remember(insert("shop/orders", json + "}", now_));
}

Operation RandomShop::visit() {
  std::string json = "{\"page\":\"/" + std::to_string(dice_.below(5)) + "\"";
  json += member("seen_at", past(20)) + member("batch", std::to_string(dice_.below(10)));
  json += member("id", "\"v" + std::to_string(made_++) + "\"");
  if (dice_.chance(90)) json += member("millis", std::to_string(dice_.below(100)) + ".125");
  return remember(insert("shop/visits", json + "}", now_));
}

// From a pool so small that ids and unique keys meet all the time.
Operation RandomShop::customer() {
  const std::string id = "c" + std::to_string(dice_.below(25));
  std::string json = "{\"id\":" + quoted(id) +
                     member("email", "\"E" + std::to_string(dice_.below(30)) + "@b.example\"");
  if (dice_.chance(60)) {
    json += member("branch", dice_.chance(50) ? "\"n\"" : "\"s\"") +
            member("number", std::to_string(dice_.below(12)));
  }
  if (dice_.chance(50)) json += member("name", quoted(sentence(dice_, 2)));
  if (dice_.chance(30))
    json += member("login", "{\"card\":\"k" + std::to_string(dice_.below(9)) + "\"}");
  if (dice_.chance(40)) json += member("labels", "[" + quoted(dice_.pick(kTags)) + "]");
  if (dice_.chance(30))
    json += member("joined_on", "\"2026-03-0" + std::to_string(1 + dice_.below(9)) + "\"");
  if (dice_.chance(30)) json += member("notes", quoted(sentence(dice_, 6)));
  ids_["shop/customers"].push_back(id);
  return dice_.chance(40) ? put("shop/customers", json + "}", now_)
                          : insert("shop/customers", json + "}", now_);
}

Operation RandomShop::session() {
  const std::string id = "s" + std::to_string(dice_.below(15));
  const Instant end = now_ + std::chrono::minutes(1 + dice_.below(300));
  ids_["shop/sessions"].push_back(id);
  return insert("shop/sessions",
                "{\"id\":" + quoted(id) +
                    member("token", "\"t" + std::to_string(dice_.below(20)) + "\"") +
                    member("ends_at", quoted(format_instant(end))) + "}",
                now_);
}

// Of three branches, which have the same few ids and names.
Operation RandomShop::stall() {
  const std::string id = "t" + std::to_string(dice_.below(8));
  const Instant end = now_ + std::chrono::minutes(1 + dice_.below(900));
  std::string json = "{\"id\":" + quoted(id) + member("branch", quoted(dice_.pick(kBranches))) +
                     member("name", quoted(dice_.pick(shop_words()))) +
                     member("closes_at", quoted(format_instant(end)));
  if (dice_.chance(60)) json += member("goods", "[" + quoted(dice_.pick(kTags)) + "]");
  if (dice_.chance(50)) json += member("number", std::to_string(dice_.below(10)));
  ids_["shop/stalls"].push_back(id);
  return dice_.chance(50) ? put("shop/stalls", json + "}", now_)
                          : insert("shop/stalls", json + "}", now_);
}

Operation RandomShop::change_stall(const std::string& id) {
  if (dice_.chance(50)) {
    return update("shop/stalls", id, "{\"goods\":[" + quoted(dice_.pick(kTags)) + "]}");
  }
  return update("shop/stalls", id, "{\"name\":" + quoted(dice_.pick(shop_words())) + "}");
}

Operation RandomShop::change_order(const std::string& id) {
  static const std::vector<std::string> states = {"open", "packed", "sent", "lost"};
  switch (dice_.below(5)) {
    case 0:
      return update("shop/orders", id, "{\"note\":" + quoted(sentence(dice_, 5)) + "}");
    case 1:
      return update("shop/orders", id,
                    dice_.chance(50) ? R"({"checked":true})" : R"({"checked":false})");
    case 2:
      return update("shop/orders", id, R"({"details":null,"status":"packed"})");
    default:
      return update("shop/orders", id, "{\"status\":" + quoted(dice_.pick(states)) + "}");
  }
}

Operation RandomShop::change_customer(const std::string& id) {
  switch (dice_.below(4)) {
    case 0:
      return update("shop/customers", id,
                    "{\"email\":\"e" + std::to_string(dice_.below(30)) + "@b.example\"}");
    case 1:
      return update("shop/customers", id,
                    "{\"version\":" + std::to_string(1 + dice_.below(3)) + "}");
    case 2:
      return update("shop/customers", id, R"({"login":{"card":null},"labels":["red"]})");
    default:
      return update("shop/customers", id, "{\"notes\":" + quoted(sentence(dice_, 4)) + "}");
  }
}

Operation RandomShop::change(std::string_view name) {
  const auto& known = ids_[std::string(name)];
  const std::string id = known.empty() || dice_.chance(5) ? "none" : dice_.pick(known);
  if (name == "shop/visits" || dice_.chance(25)) return contract::remove(name, id);
  if (name == "shop/orders") return change_order(id);
  if (name == "shop/customers") return change_customer(id);
  if (name == "shop/stalls") return change_stall(id);
  return update(name, id, "{\"hits\":" + std::to_string(dice_.below(5)) + "}");
}

// A row that was sent before, now and then with other content or of another branch; never one past
// its keep, which the floors above refuse.
Operation RandomShop::repeat() {
  if (sent_.empty()) return order();
  Operation operation = dice_.pick(sent_);
  if (!is_fresh(operation)) return order();
  if (dice_.chance(30)) {
    const auto field = operation.collection->name == "orders" ? "customer" : "page";
    operation.row.values[*operation.collection->find_field(field)] = Value("other");
  }
  if (operation.collection->tenant_field && dice_.chance(60)) {
    operation.row.values[*operation.collection->tenant_field] = Value(dice_.pick(kBranches));
    operation.row.values[*operation.collection->find_field("quantity")] = Value(dice_.below(10));
    return remember(std::move(operation));
  }
  return operation;
}

void RandomShop::add_condition(Store& there, Operation& operation) {
  const bool has_row = operation.verb == Verb::kInsert || operation.verb == Verb::kPut;
  const std::string& id = has_row ? operation.row.id : operation.id;
  Condition& condition = operation.condition;
  switch (dice_.below(4)) {
    case 0:
      condition.kind = Condition::Kind::kExists;
      return;
    case 1:
      condition.kind = has_row ? Condition::Kind::kAbsent : Condition::Kind::kExists;
      return;
    case 2: {
      const auto row = find_one(there, operation.collection->full_name(), id, now_);
      condition = tagged({"0123456789abcdef", row && dice_.chance(70) ? row_tag(*row) : "0"});
      return;
    }
    default:
      if (operation.collection->name == "customers") {
        condition = equals("shop/customers", "version", 1 + dice_.below(2));
      }
  }
}

Operation RandomShop::operation(Store& there) {
  const int what = dice_.below(100);
  Operation operation = what < 30   ? order()
                        : what < 45 ? visit()
                        : what < 55 ? customer()
                        : what < 60 ? session()
                        : what < 65 ? stall()
                        : what < 75 ? repeat()
                        : what < 87 ? change("shop/orders")
                        : what < 91 ? change("shop/customers")
                        : what < 94 ? change("shop/stalls")
                        : what < 97 ? change("shop/sessions")
                                    : change("shop/visits");
  if (dice_.chance(10)) add_condition(there, operation);
  const bool is_change = operation.verb == Verb::kUpdate || operation.verb == Verb::kDelete;
  if (is_change && operation.collection->tenant_field && dice_.chance(60)) {
    operation.tenant = Value(dice_.pick(kBranches));
  }
  return operation;
}

Batch RandomShop::batch(Store& there) {
  std::vector<Operation> operations;
  for (int i = 1 + dice_.below(dice_.chance(10) ? 120 : 12); i > 0; --i) {
    operations.push_back(operation(there));
  }
  Batch batch =
      dice_.chance(40) ? atomic(std::move(operations), now_) : each(std::move(operations), now_);
  if (dice_.chance(10)) {
    batch.once = Batch::Once{"key" + std::to_string(dice_.below(20)), "print", "answer",
                             now_ + std::chrono::hours(1 + dice_.below(10)), nullptr};
  }
  return batch;
}

Erasure RandomShop::erasure() {
  Erasure erasure;
  if (dice_.chance(30)) {
    erasure.collection = &collection("shop/customers");
    erasure.filter = where("shop/customers", "id = 'c" + std::to_string(dice_.below(25)) + "'");
    return erasure;
  }
  if (dice_.chance(20)) {
    erasure.collection = &collection("shop/stalls");
    erasure.filter = where("shop/stalls", "id = 't" + std::to_string(dice_.below(8)) +
                                              "' AND branch = '" + dice_.pick(kBranches) + "'");
    return erasure;
  }
  erasure.collection = &collection("shop/orders");
  const std::string yesterday = format_instant(now_ - std::chrono::hours(24));
  erasure.filter = where("shop/orders", "customer = 'eve' AND placed_at >= " + yesterday +
                                            " AND quantity < " + std::to_string(dice_.below(10)));
  return erasure;
}

}  // namespace daybook::contract
