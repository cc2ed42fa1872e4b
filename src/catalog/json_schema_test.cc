#include "catalog/json_schema.h"

#include "catalog/test_catalog.h"

namespace daybook {
namespace {

TEST(JsonSchema, SaysWhatMayBeSentIn) {
  const TestCollection orders(R"(
kind  = "register"
about = "A cup."
[fields]
drink    = { type = "choice", of = ["coffee"], aliases = { espresso = "coffee" }, required = true }
state    = { type = "choice", of = ["new"], open = true, default = "new" }
kind     = { type = "choice", of = ["a"], open = true, example = "b" }
cups     = { type = "int", min = 1, max = 9, example = 2, unit = "cups" }
price    = { type = "float", min = 0.5 }
note     = { type = "text", min = 3, max = 40, about = "Anything." }
address  = { type = "text", format = "ip", required = true, from = "connection.address" }
mail     = { type = "text", format = "email" }
at       = { type = "time", default = "now", required = true }
tags     = { type = "list", of = { type = "uuid" }, max = 3 }
taste    = { type = "map", of = { type = "float", max = 1 }, keys = ["sweet"] }
any      = { type = "json" }
changed  = { type = "time", derive = "now on change" }
pin_hash = { type = "secret", hash = "argon2id", required = true }
"a.b.c"  = { type = "bool", required = true }
"a.d"    = { type = "date" }
)");
  EXPECT_EQ(
      json_schema(*orders),
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"shop/orders","description":"A cup.","type":"object","properties":{)"
      R"("id":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[ -.0-~]+$","description":"made by the server when it is left out"},)"
      R"("drink":{"type":"string","enum":["coffee","espresso"]},)"
      R"("state":{"type":"string","examples":["new"],"default":"new"},)"
      R"("kind":{"type":"string","examples":["b"]},)"
      R"("cups":{"type":"integer","minimum":1,"maximum":9,"description":"in cups","examples":[2]},)"
      R"("price":{"type":"number","minimum":0.5},)"
      R"("note":{"type":"string","minLength":1,"maxLength":40,"description":"Anything."},)"
      R"("address":{"type":"string","anyOf":[{"format":"ipv4"},{"format":"ipv6"}],"maxLength":65536},)"
      R"("mail":{"type":"string","format":"email","maxLength":65536},)"
      R"("at":{"type":"string","format":"date-time"},)"
      R"("tags":{"type":"array","items":{"type":"string","format":"uuid"},"maxItems":3},)"
      R"("taste":{"type":"object","additionalProperties":{"type":"number","maximum":1},"propertyNames":{"enum":["sweet"]}},)"
      R"("any":{},)"
      R"("changed":{"type":"string","format":"date-time","readOnly":true},)"
      R"("pin":{"type":"string","maxLength":65536,"writeOnly":true},)"
      R"("a":{"type":"object","properties":{)"
      R"("b":{"type":"object","properties":{"c":{"type":"boolean"}},"required":["c"],"additionalProperties":false},)"
      R"("d":{"type":"string","format":"date"}},"required":["b"],"additionalProperties":false}},)"
      R"("required":["drink","pin","a"],"additionalProperties":false})");
}

TEST(JsonSchema, LeavesRoomForWhatIsKept) {
  const TestCollection orders(
      "kind = \"register\"\nextra = \"keep\"\n[fields]\na = { type = \"json\" }\n");
  EXPECT_NE(json_schema(*orders).find(R"("additionalProperties":true)"), std::string::npos);
}

TEST(JsonSchema, SaysWhatIsTold) {
  const TestCollection orders(R"(
kind  = "register"
[fields]
cups     = { type = "int", min = 1, required = true }
buyer    = { type = "uuid", personal = "subject" }
born     = { type = "date", personal = "direct" }
pin_hash = { type = "secret", hash = "argon2id", required = true }
)");
  std::string text;
  json::Writer out(text);
  write_told_schema(*orders, out);
  EXPECT_EQ(
      text,
      R"({"title":"shop/orders","type":"object","properties":{)"
      R"("id":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[ -.0-~]+$","description":"made by the server when it is left out"},)"
      R"("cups":{"type":"integer","minimum":1},"buyer":{"type":"string"},"born":{}},"required":["id"]})");
}

}  // namespace
}  // namespace daybook
