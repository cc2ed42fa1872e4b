#include "tests/contract/shop.h"

#include <cstdlib>
#include <iostream>

namespace daybook::contract {

namespace {

constexpr std::string_view kOrders = R"toml(
kind  = "journal"
about = "Something that was bought."
time  = "placed_at"
keep  = { default = "30d", tenant = true, classes = [{ keep = "2d", where = "priority = 'low'" }] }
extra = "keep"
tenant = "branch"

[fields]
branch     = { type = "text", max = 128, default = "main", facet = true }
placed_at  = { type = "time", default = "now" }
customer   = { type = "text", max = 128, required = true, facet = true }
priority   = { type = "choice", of = ["low", "normal", "high"], default = "normal", facet = true }
status     = { type = "choice", of = ["open", "packed", "sent", "lost"], default = "open", facet = true }
quantity   = { type = "int", facet = true, measure = true }
amount     = { type = "float", measure = true }
is_gift    = { type = "bool", facet = true }
due        = { type = "date", facet = true }
basket     = { type = "uuid" }
details    = { type = "json" }
tags       = { type = "list", of = { type = "text" } }
scores     = { type = "map", of = { type = "float" }, measure = true }
"address.city" = { type = "text", facet = true }
note       = { type = "text" }
title      = { type = "text" }
checked    = { type = "bool", default = false }
checked_at = { type = "time" }
updated_at = { type = "time", derive = "now on change" }

[changes]
status  = { open = ["packed", "lost"], packed = ["sent", "lost"] }
details = "any"
note    = "any"
checked = "any"

[pairs]
checked = { true = "checked_at = now", false = "checked_at = null" }

[text]
language = "english"
fields   = { title = 3, note = 1 }

[[indexes]]
on = ["customer", "-placed_at"]

[[indexes]]
on = ["tags"]

[[indexes]]
on = ["address.city"]

[[rollups]]
by       = ["status", "priority"]
measures = ["quantity", "amount", "scores"]
distinct = ["basket", "title"]
rates    = ["amount > 50"]
tiers    = ["1m", "1h", "1d"]
keep     = "60d"

[[rollups]]
by       = ["customer"]
measures = ["quantity"]
)toml";

constexpr std::string_view kVisits = R"toml(
kind   = "journal"
about  = "Somebody looked at something."
time   = "seen_at"
keep   = "1d"
period = "1h"

[fields]
seen_at = { type = "time", default = "now" }
page    = { type = "text", required = true, facet = true }
batch   = { type = "int", facet = true }
millis  = { type = "float", measure = true }

[[rollups]]
by       = ["page"]
measures = ["millis"]
tiers    = ["1m", "15m", "1h", "1d"]
keep     = "3d"
)toml";

constexpr std::string_view kCustomers = R"toml(
kind  = "register"
about = "Somebody who buys."

[fields]
email     = { type = "text", format = "email", required = true, fold = "case" }
branch    = { type = "text", facet = true }
number    = { type = "int" }
name      = { type = "text" }
"login.card" = { type = "text" }
labels    = { type = "list", of = { type = "text" } }
pin       = { type = "secret", hash = "sha256" }
joined_on = { type = "date" }
version   = { type = "int", default = 1 }
notes     = { type = "text" }
touched   = { type = "time", derive = "now on change" }

[text]
language = "german"
fields   = { name = 2, notes = 1 }

[[indexes]]
on = ["email"]
unique = true

[[indexes]]
on = ["login.card"]
unique = true
sparse = true

[[indexes]]
on = ["branch", "-number"]
unique = true
sparse = true

[[indexes]]
on = ["labels"]
)toml";

constexpr std::string_view kSessions = R"toml(
kind  = "register"
about = "Somebody who is signed in, until it ends."
keep  = { at = "ends_at" }

[fields]
token   = { type = "text", required = true }
ends_at = { type = "time", required = true }
hits    = { type = "int", default = 0 }

[[indexes]]
on = ["token"]
unique = true
)toml";

constexpr std::string_view kStalls = R"toml(
kind   = "register"
about  = "Where a branch sells."
tenant = "branch"
keep   = { at = "closes_at" }

[fields]
branch    = { type = "text", max = 128, default = "main", facet = true }
name      = { type = "text", required = true }
goods     = { type = "list", of = { type = "text" } }
number    = { type = "int" }
closes_at = { type = "time", required = true }

[text]
language = "english"
fields   = { name = 1 }

[[indexes]]
on = ["name"]
unique = true

[[indexes]]
on = ["goods"]
)toml";

constexpr std::string_view kSamples = R"toml(
kind  = "journal"
about = "A measurement, in another application."
time  = "at"

[fields]
at    = { type = "time", default = "now" }
probe = { type = "text", required = true, facet = true }
value = { type = "float", measure = true }

[[rollups]]
by       = ["probe"]
measures = ["value"]
distinct = ["value"]
rates    = ["value > 50"]
)toml";

Catalog load(std::vector<CatalogFile> files) {
  for (CatalogFile& file : files) file.shown = file.path;
  auto catalog = Catalog::load(files, [](const std::string&) { return std::nullopt; });
  if (catalog.ok()) return std::move(*catalog);
  std::cerr << catalog.error().message() << "\n";
  for (const Problem& problem : catalog.error().problems()) {
    std::cerr << problem.pointer << " " << problem.detail << "\n";
  }
  std::abort();
}

CatalogFile application(const std::string& name) {
  return {name + "/application.toml", "", "about = \"For the tests of stores.\"\n"};
}

}  // namespace

std::vector<CatalogFile> shop_files() {
  return {application("shop"),
          {"shop/orders.toml", "", std::string(kOrders)},
          {"shop/visits.toml", "", std::string(kVisits)},
          {"shop/customers.toml", "", std::string(kCustomers)},
          {"shop/sessions.toml", "", std::string(kSessions)},
          {"shop/stalls.toml", "", std::string(kStalls)},
          application("lab"),
          {"lab/samples.toml", "", std::string(kSamples)}};
}

Catalog load_catalog(std::vector<CatalogFile> files) { return load(std::move(files)); }

Catalog changed_shop(std::string_view path, std::string_view before, std::string_view after) {
  auto files = shop_files();
  for (CatalogFile& file : files) {
    if (file.path != path) continue;
    file.text.replace(file.text.find(before), before.size(), after);
  }
  return load_catalog(std::move(files));
}

const Catalog& shop() {
  static const Catalog catalog = load(shop_files());
  return catalog;
}

const Collection& collection(std::string_view full_name) {
  const auto found = shop().collection(full_name);
  if (found.ok()) return **found;
  std::cerr << found.error().message() << "\n";
  std::abort();
}

}  // namespace daybook::contract
