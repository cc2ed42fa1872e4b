// A row that is taken is written as JSON that is taken as the same row.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/change.h"
#include "catalog/decode.h"
#include "catalog/encode.h"

namespace {

constexpr const char* kDeclaration = R"(
kind  = "journal"
time  = "at"
extra = "keep"
[fields]
at      = { type = "time", default = "now" }
state   = { type = "choice", of = ["new", "paid"], open = true, aliases = { settled = "paid" }, default = "new" }
price   = { type = "float" }
cups    = { type = "int" }
gift    = { type = "bool" }
day     = { type = "date" }
ref     = { type = "uuid" }
note    = { type = "text", fold = "case" }
mail    = { type = "text", format = "email" }
link    = { type = "text", format = "uri" }
address = { type = "text", format = "ip" }
tags    = { type = "list", of = { type = "text", fold = "case" } }
brief   = { type = "text", max = 20 }
days    = { type = "list", of = { type = "time" } }
taste   = { type = "map", of = { type = "float" } }
any     = { type = "json" }
"a.b"   = { type = "int" }
"a.c.d" = { type = "json" }
[changes]
state = { new = ["paid"] }
note  = "any"
any   = "any"
"a.b" = "any"
)";

const daybook::Collection& collection() {
  static const auto catalog =
      daybook::Catalog::load({{"shop/orders.toml", "orders.toml", kDeclaration}}, {});
  return **catalog->collection("shop/orders");
}

void must(bool holds) {
  if (!holds) std::abort();
}

daybook::Stamp stamp() {
  daybook::Stamp made;
  made.now = daybook::from_micros(1764943200000000);
  return made;
}

void check_round_trip(const daybook::Row& row) {
  std::string text;
  daybook::json::Writer out(text);
  daybook::encode_row(collection(), row, {}, out);
  daybook::json::Parser parser;
  const auto value = parser.parse(text);
  must(value.ok());
  daybook::IdMaker ids;
  const auto again = daybook::decode_row(collection(), *value, stamp(), ids);
  must(again.ok());
  must(again->row == row);
  must(daybook::row_tag(again->row) == daybook::row_tag(row));
  must(daybook::is_same_row(collection(), row, again->row, again->sent));
  daybook::csv_line(collection(), row, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  daybook::json::Parser parser;
  const auto value = parser.parse({reinterpret_cast<const char*>(data), size});
  if (!value.ok()) return 0;
  daybook::IdMaker ids;
  const auto decoded = daybook::decode_row(collection(), *value, stamp(), ids);
  if (decoded.ok()) {
    check_round_trip(decoded->row);
  } else {
    must(!decoded.error().problems().empty());
  }
  const auto changes = daybook::decode_changes(collection(), *value, stamp());
  if (changes.ok() && decoded.ok()) {
    (void)daybook::change_row(collection(), decoded->row, *changes, stamp().now).ok();
  }
  return 0;
}
