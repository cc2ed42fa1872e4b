#include "catalog/decode.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "catalog/test_catalog.h"

namespace daybook {
namespace {

constexpr std::string_view kOrders = R"(
kind = "journal"
time = "at"
[fields]
at      = { type = "time", default = "now" }
drink   = { type = "choice", of = ["coffee", "tea"], aliases = { espresso = "coffee" }, required = true }
state   = { type = "choice", of = ["new", "paid"], open = true, default = "new" }
price   = { type = "float", min = 0, max = 100 }
cups    = { type = "int", min = 1 }
gift    = { type = "bool" }
day     = { type = "date", derive = "date of at in tenant zone" }
ref     = { type = "uuid" }
note    = { type = "text", max = 8 }
mail    = { type = "text", format = "email", fold = "case" }
link    = { type = "text", format = "uri" }
host    = { type = "text", format = "hostname" }
address = { type = "text", format = "ip", from = "connection.address" }
agent   = { type = "text", max = 5, from = "connection.user_agent" }
user    = { type = "text", from = "principal.id" }
tags    = { type = "list", of = { type = "text", max = 4 }, max = 2 }
taste   = { type = "map", of = { type = "float", min = 0, max = 1 }, keys = ["sweet", "sour"] }
any     = { type = "json" }
"who.name.first" = { type = "text" }
"who.age"        = { type = "int" }
changed = { type = "time", derive = "now on change" }
)";

Stamp test_stamp() {
  Stamp stamp;
  stamp.now = *parse_instant("2025-12-05T23:30:00Z");
  stamp.principal_id = "u1";
  stamp.address = "10.0.0.1";
  stamp.user_agent = "curl/8 and more";
  stamp.zone = *Zone::find("Asia/Kathmandu");
  return stamp;
}

Result<Decoded> decode(const Collection& collection, std::string_view text,
                       const Stamp& stamp = test_stamp()) {
  json::Parser parser;
  const auto value = parser.parse(text);
  EXPECT_TRUE(value.ok()) << text << ": " << value.error().message();
  IdMaker ids;
  return decode_row(collection, *value, stamp, ids);
}

// The row without its id, or what is wrong.
std::string outcome(const Collection& collection, std::string_view text,
                    const Stamp& stamp = test_stamp()) {
  auto decoded = decode(collection, text, stamp);
  if (!decoded.ok()) return all_problems(decoded.error());
  if (!decoded->id_given) decoded->row.id = "-";
  return debug_text(collection, decoded->row);
}

// One member beside what is required; only that member's value is shown.
std::string one(const Collection& collection, const std::string& member) {
  auto decoded = decode(collection, R"({"drink":"tea",)" + member + "}");
  if (!decoded.ok()) return all_problems(decoded.error());
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (decoded->sent[i] && collection.fields[i].name != "drink") {
      return debug_text(decoded->row.values[i]);
    }
  }
  return "nothing sent";
}

TEST(DecodeRow, FillsInWhatNobodySaid) {
  const TestCollection orders{std::string(kOrders)};
  EXPECT_EQ(outcome(*orders, R"({"drink":"espresso"})"),
            R"({id=-, at=2025-12-05T23:30:00Z, drink="coffee", state="new", day=2025-12-06, )"
            R"(address="10.0.0.1", agent="curl/", user="u1"})");
}

TEST(DecodeRow, MakesAnIdOfTheRowsTime) {
  const TestCollection orders{std::string(kOrders)};
  const auto decoded = decode(*orders, R"({"drink":"tea","at":"2020-01-01T00:00:00Z"})");
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->id_given);
  const auto uuid = parse_uuid(decoded->row.id);
  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(uuid_time(*uuid), *parse_instant("2020-01-01T00:00:00Z"));
}

struct Case {
  std::string member;
  std::string outcome;
};

TEST(DecodeRow, TakesValues) {
  const TestCollection orders{std::string(kOrders)};
  const std::vector<Case> cases = {
      {R"("at":"2025-12-05T14:00:00+05:45")", "2025-12-05T08:15:00Z"},
      {R"("at":"2025-12-05T14:00:00.1234567Z")", "2025-12-05T14:00:00.123456Z"},
      {R"("at":"2025-12-05T14:00:00")", "2025-12-05T14:00:00Z"},
      {R"("state":"flying")", R"("flying")"},
      {R"("price":12)", "12"},
      {R"("price":0.5)", "0.5"},
      {R"("cups":3)", "3"},
      {R"("cups":"3")", "3"},
      {R"("cups":12.0)", "12"},
      {R"("cups":"9223372036854775807")", "9223372036854775807"},
      {R"("gift":true)", "true"},
      {R"("ref":"0197A0C4-5D1E-7C3A-9F00-2B6D3C1E8A55")",
       R"("0197a0c4-5d1e-7c3a-9f00-2b6d3c1e8a55")"},
      {R"("note":"")", R"("")"},
      {R"("note":"12345678")", R"("12345678")"},
      {R"("mail":"A.B+c@Example.ORG")", R"("a.b+c@example.org")"},
      {R"("link":"https://example.org/a?b=c#d")", R"("https://example.org/a?b=c#d")"},
      {R"("host":"a-1.example.org")", R"("a-1.example.org")"},
      {R"("tags":["a","b"])", R"(["a", "b"])"},
      {R"("tags":[])", "[]"},
      {R"("taste":{"sour":1,"sweet":0.5})", "{sour: 1, sweet: 0.5}"},
      {R"("taste":{"sour":null})", "{}"},
      {R"("any": { "b" : [1, null, {"c": "d"}] } )", R"({"b":[1,null,{"c":"d"}]})"},
      {R"("any":12)", "12"},
      {R"("who":{"name":{"first":"Ada"}})", R"("Ada")"},
      {R"("who.name.first":"Ada")", R"("Ada")"},
      {R"("who.name":{"first":"Ada"})", R"("Ada")"},
      {R"("who":{"name.first":"Ada"})", R"("Ada")"},
      {R"("note":null)", "nothing sent"},
      {R"("who":null)", "nothing sent"},
  };
  for (const Case& c : cases) EXPECT_EQ(one(*orders, c.member), c.outcome) << c.member;
}

TEST(DecodeRow, RefusesValuesWithTheirPlace) {
  const TestCollection orders{std::string(kOrders)};
  const std::vector<Case> cases = {
      {R"("at":"yesterday")", "#/at must be a time such as 2025-12-05T14:00:00Z, not 'yesterday'"},
      {R"("at":1764943200)", "#/at must be a time such as 2025-12-05T14:00:00Z, not a number"},
      {R"("price":"12")", "#/price must be a number, not a string"},
      {R"("price":101)", "#/price must be between 0 and 100, not 101"},
      {R"("price":9007199254740993)",
       "#/price must be a number that a float keeps exactly, such as 2^53 or less"},
      {R"("cups":0)", "#/cups must be at least 1, not 0"},
      {R"("cups":12.5)", "#/cups must be a whole number, not 12.5"},
      {R"("cups":1e300)", "#/cups must be a whole number, not 1e+300"},
      {R"("cups":18446744073709551615)",
       "#/cups must be a whole number of 64 bits, not 18446744073709551615"},
      {R"("cups":"12x")", "#/cups must be a whole number of 64 bits, not '12x'"},
      {R"("cups":true)", "#/cups must be a whole number, not true or false"},
      {R"("gift":"yes")", "#/gift must be true or false, not a string"},
      {R"("ref":"xyz")",
       "#/ref must be a UUID such as 0197a0c4-5d1e-7c3a-9f00-2b6d3c1e8a55, not 'xyz'"},
      {R"("note":"123456789")", "#/note must have at most 8 bytes, not 9"},
      {R"("note":12)", "#/note must be a text, not a number"},
      {R"("mail":"nobody")", "#/mail must be an e-mail address, not 'nobody'"},
      {R"("link":"/a")", "#/link must be a URI such as https://example.org/a, not '/a'"},
      {R"("host":"-a")", "#/host must be a host name, not '-a'"},
      {R"("tags":"a")", "#/tags must be an array, not a string"},
      {R"("tags":["a",2,"abcde"])",
       "#/tags/1 must be a text, not a number\n#/tags/2 must have at most 4 bytes, not 5"},
      {R"("tags":["a","b","c"])", "#/tags must have at most 2 entries, not 3"},
      {R"("tags":[null])", "#/tags/0 must not be null"},
      {R"("taste":{"salty":1})", "#/taste/salty is not one of sweet, sour"},
      {R"("taste":{"sour":2})", "#/taste/sour must be between 0 and 1, not 2"},
      {R"("taste":{"sour":0,"sour":1})", "#/taste/sour is given twice"},
      {R"("who":5)", "#/who must be an object, not a number"},
      {R"("who":{"age":"x"})", "#/who/age must be a whole number of 64 bits, not 'x'"},
      {R"("who":{"nmae":1})", "#/who/nmae is not a field of shop/orders"},
      {R"("cups":1,"cups":2)", "#/cups is given twice"},
      {R"("who":{"age":1},"who.age":2)", "#/who.age is given twice"},
      {R"("changed":"2025-12-05T14:00:00Z")",
       "#/changed is computed by the server and cannot be sent"},
      {R"("nte":"x")", "#/nte is not a field of shop/orders; did you mean 'note'?"},
      {R"("a/b~c d":1)", "#/a~1b~0c%20d is not a field of shop/orders"},
      {R"("id":7)", "#/id must be a text, not a number"},
      {R"("id":"a/b")", "#/id must be printable ASCII without '/'"},
      {R"("id":"stats")", "#/id must not be 'stats', a word of the interface"},
      {R"("id":"")", "#/id must have 1 to 128 bytes, not 0"},
      {R"("note":"a\u0000b")", "#/note must not contain NUL"},
      {R"("any":{"a":["\u0000"]})", "#/any/a must not contain NUL"},
      {R"("price":NaN)", "#/price must not be NaN or Infinity"},
      {R"("user":"u2")",
       "#/user is taken from who sends the row; only a service key may say it for others"},
      {R"("address":"10.0.0.2")",
       "#/address is taken from the connection; only a service key may say it for others"},
  };
  for (const Case& c : cases) EXPECT_EQ(one(*orders, c.member), c.outcome) << c.member;
}

TEST(DecodeRow, NamesAllProblemsAtOnce) {
  const TestCollection orders{std::string(kOrders)};
  const auto decoded = decode(*orders, R"({"price":-1,"cups":"x","colour":"red"})");
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().message(), "4 fields are invalid");
  EXPECT_EQ(all_problems(decoded.error()),
            "#/price must be between 0 and 100, not -1\n"
            "#/cups must be a whole number of 64 bits, not 'x'\n"
            "#/colour is not a field of shop/orders\n"
            "#/drink is required");
}

TEST(DecodeRow, RefusesWhatIsNoObject) {
  const TestCollection orders{std::string(kOrders)};
  EXPECT_EQ(outcome(*orders, "[1]"), "must be an object, not an array");
  EXPECT_EQ(outcome(*orders, "7"), "must be an object, not a number");
}

TEST(DecodeRow, TakesWhatTheStampSaysAnyway) {
  const TestCollection orders{std::string(kOrders)};
  EXPECT_EQ(one(*orders, R"("user":"u1")"), R"("u1")");
}

TEST(DecodeRow, LetsServicesSpeakForOthers) {
  const TestCollection orders{std::string(kOrders)};
  Stamp stamp = test_stamp();
  stamp.speaks_for_others = true;
  const auto decoded = decode(*orders, R"({"drink":"tea","user":"u2","address":"::1"})", stamp);
  ASSERT_TRUE(decoded.ok()) << all_problems(decoded.error());
  EXPECT_EQ(decoded->row.values[*orders->find_field("user")], Value("u2"));
  EXPECT_EQ(decoded->row.values[*orders->find_field("address")], Value("::1"));
}

TEST(DecodeRow, CutsOffWhatHeadersHoldTooMuch) {
  const TestCollection orders{std::string(kOrders)};
  Stamp stamp = test_stamp();
  stamp.user_agent = "ab\xFFz";
  stamp.address = "no address";
  EXPECT_EQ(outcome(*orders, R"({"drink":"tea"})", stamp),
            R"({id=-, at=2025-12-05T23:30:00Z, drink="tea", state="new", day=2025-12-06, )"
            R"(agent="ab", user="u1"})");
}

TEST(DecodeRow, HoldsTenantsApart) {
  const TestCollection orders(R"(
kind = "register"
tenant = "org"
[fields]
org = { type = "text", required = true }
)");
  Stamp bound;
  bound.tenant = "o1";
  Stamp service = bound;
  service.speaks_for_others = true;
  EXPECT_EQ(outcome(*orders, "{}", bound), R"({id=-, org="o1"})");
  EXPECT_EQ(outcome(*orders, R"({"org":"o1"})", bound), R"({id=-, org="o1"})");
  EXPECT_EQ(outcome(*orders, R"({"org":"o2"})", bound),
            "#/org must be 'o1', the tenant of the key");
  EXPECT_EQ(outcome(*orders, R"({"org":"o2"})", service),
            "#/org must be 'o1', the tenant of the key");
  EXPECT_EQ(outcome(*orders, R"({"org":"o2"})", Stamp()), R"({id=-, org="o2"})");
  EXPECT_EQ(outcome(*orders, "{}", Stamp()), "#/org is required");
}

TEST(DecodeRow, KeepsOrDropsWhatIsNotDeclared) {
  const std::string fields = "\n[fields]\n\"a.b\" = { type = \"int\" }\n";
  const TestCollection keeps("kind = \"register\"\nextra = \"keep\"" + fields);
  EXPECT_EQ(outcome(*keeps, R"({"z":[1, 2],"y":null,"a":{"b":1,"c":{"d":"e"}},"x":{"q":1}})"),
            R"({id=-, a.b=1, extra={"a.c":{"d":"e"},"x":{"q":1},"z":[1,2]}})");
  EXPECT_EQ(outcome(*keeps, R"({"x":1,"x":2})"), "#/x is given twice");
  EXPECT_EQ(outcome(*keeps, R"({"x":{"y":"\u0000"}})"), "#/x/y must not contain NUL");
  const TestCollection drops("kind = \"register\"\nextra = \"drop\"" + fields);
  EXPECT_EQ(outcome(*drops, R"({"z":[1],"a":{"b":1,"c":2}})"), "{id=-, a.b=1}");
}

TEST(DecodeRow, SetsThePairOfAField) {
  const TestCollection orders(R"(
kind = "register"
[fields]
resolved    = { type = "bool", default = false }
resolved_at = { type = "time" }
[pairs]
resolved    = { true = "resolved_at = now", false = "resolved_at = null" }
resolved_at = { "*" = "resolved = true" }
)");
  EXPECT_EQ(outcome(*orders, R"({"resolved":true})"),
            "{id=-, resolved=true, resolved_at=2025-12-05T23:30:00Z}");
  EXPECT_EQ(outcome(*orders, "{}"), "{id=-, resolved=false}");
  EXPECT_EQ(outcome(*orders, R"({"resolved":true,"resolved_at":"2020-01-01T00:00:00Z"})"),
            "{id=-, resolved=true, resolved_at=2020-01-01T00:00:00Z}");
  EXPECT_EQ(outcome(*orders, R"({"resolved_at":"2020-01-01T00:00:00Z"})"),
            "{id=-, resolved=true, resolved_at=2020-01-01T00:00:00Z}");
  EXPECT_EQ(outcome(*orders, R"({"resolved":false,"resolved_at":"2020-01-01T00:00:00Z"})"),
            "#/resolved_at must be absent where 'resolved' is false");
}

TEST(DecodeRow, RefusesWhatAPairClears) {
  const TestCollection orders(R"(
kind = "register"
[fields]
resolved    = { type = "bool", default = false }
resolved_at = { type = "time" }
[pairs]
resolved = { false = "resolved_at = null" }
)");
  EXPECT_EQ(outcome(*orders, R"({"resolved_at":"2020-01-01T00:00:00Z"})"),
            "#/resolved_at must be absent where 'resolved' is false");
}

TEST(DecodeRow, KeepsSecretsAsHashesAndCiphertexts) {
  const TestCollection orders(R"(
kind = "register"
[fields]
password_hash = { type = "secret", hash = "argon2id", min = 8 }
token         = { type = "secret", hash = "sha256" }
key           = { type = "secret", encrypted = true }
)");
  Stamp stamp;
  const DataKey data_key = DataKey::make();
  stamp.data_key = &data_key;
  const auto decoded =
      decode(*orders, R"({"password":"correct horse","token":"abc","key":"k"})", stamp);
  ASSERT_TRUE(decoded.ok()) << all_problems(decoded.error());
  const auto& values = decoded->row.values;
  EXPECT_TRUE(*verify_password(values[0].get<std::string>(), "correct horse"));
  EXPECT_EQ(values[1], Value("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  const auto plain = data_key.decrypt(values[2].get<std::string>(), "shop/orders.key");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(*plain, "k");

  EXPECT_EQ(outcome(*orders, R"({"password_hash":"$argon2id$"})", stamp),
            "#/password_hash is kept as a hash; send its plain text as 'password'");
  EXPECT_EQ(outcome(*orders, R"({"password":"short"})", stamp),
            "#/password must have at least 8 bytes, not 5");
  EXPECT_EQ(outcome(*orders, R"({"key":"k"})"),
            "#/key cannot be encrypted: this server has no data key");
}

TEST(DecodeRow, MasksSecretsInWhatCanHoldAMask) {
  const TestCollection orders(R"(
kind = "register"
[fields]
mail   = { type = "text", format = "email" }
link   = { type = "text", format = "uri" }
handle = { type = "text", fold = "case" }
brief  = { type = "text", max = 6 }
any    = { type = "json" }
links  = { type = "list", of = { type = "text", format = "uri" } }
)");
  EXPECT_EQ(outcome(*orders, R"({"link":"https://bob:hunter2@example.com/"})"),
            R"({id=-, link="https://bob:***@example.com/"})");
  EXPECT_EQ(outcome(*orders, R"({"links":["https://bob:hunter2@example.com/"]})"),
            R"({id=-, links=["https://bob:***@example.com/"]})");
  EXPECT_EQ(outcome(*orders, R"({"mail":"a@xoxs-0123456789abcdef"})"),
            "#/mail holds what looks like a password or a token, and with *** in its place must be "
            "an e-mail address, not 'a@***'");
  EXPECT_EQ(outcome(*orders, R"({"brief":"pass=a"})"),
            "#/brief holds what looks like a password or a token, and with *** in its place must "
            "have at most 6 bytes, not 8");
  EXPECT_EQ(outcome(*orders, R"({"any":"Bearer 0123456789abcdef0123"})"),
            R"({id=-, any="Bearer ***"})");
  EXPECT_EQ(outcome(*orders, R"({"handle":"SK-0123456789abcdefghijklm"})"),
            R"({id=-, handle="***"})");
}

TEST(DecodeRow, HasLimits) {
  const TestCollection orders(
      "kind = \"register\"\nextra = \"keep\"\n[fields]\nany = { type = \"json\" }\n");
  const auto nested = [](std::size_t depth) {
    return "{\"any\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(decode(*orders, nested(kMaxRowDepth - 1)).ok());
  EXPECT_EQ(outcome(*orders, nested(kMaxRowDepth)), "#/any is nested deeper than 32");
  const std::string big = "{\"more\":\"" + std::string(kMaxRowBytes, 'x') + "\"}";
  const auto decoded = decode(*orders, big);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().problems().front().code, Code::kTooLarge);
}

TEST(DecodeText, ReadsCellsAndParameters) {
  const TestCollection orders{std::string(kOrders)};
  const std::vector<Case> cases = {
      {"cups=3", "3"},
      {"cups=3.0", "must be a whole number of 64 bits, not '3.0'"},
      {"price=1e1", "10"},
      {"price=inf", "must be a number, not 'inf'"},
      {"gift=true", "true"},
      {"gift=1", "must be true or false, not '1'"},
      {"at=2025-12-05T14:00:00Z", "2025-12-05T14:00:00Z"},
      {"day=2025-12-05", "2025-12-05"},
      {"drink=espresso", R"("coffee")"},
      {"drink=rum", "'rum' is not one of coffee, tea"},
      {R"(tags=["a"])", R"(["a"])"},
      {R"(taste={"sour":2})", "entry sour must be between 0 and 1, not 2"},
      {"note=\xFF", "is not valid UTF-8"},
  };
  for (const Case& c : cases) {
    const std::size_t equal = c.member.find('=');
    const Field& field = orders->fields[*orders->find_field(c.member.substr(0, equal))];
    const auto value = decode_text(field, c.member.substr(equal + 1));
    EXPECT_EQ(value.ok() ? debug_text(*value) : value.error().message(), c.outcome) << c.member;
  }
}

std::string changes_of(const Collection& collection, std::string_view text,
                       const Stamp& stamp = test_stamp()) {
  json::Parser parser;
  const auto value = parser.parse(text);
  EXPECT_TRUE(value.ok());
  const auto changes = decode_changes(collection, *value, stamp);
  if (!changes.ok()) return all_problems(changes.error());
  std::string out;
  for (const Assignment& a : *changes) {
    out += collection.fields[a.field].name + "=" + debug_text(a.value) + " ";
  }
  return out;
}

TEST(DecodeChanges, TakesWhatMayChange) {
  const TestCollection orders(R"(
kind = "journal"
time = "at"
[fields]
at     = { type = "time", default = "now" }
state  = { type = "choice", of = ["a", "b"], required = true }
note   = { type = "text" }
"x.y"  = { type = "int" }
"x.z"  = { type = "int" }
fixed  = { type = "int" }
seen   = { type = "time", derive = "now on change" }
[changes]
state = { a = ["b"] }
note  = "any"
"x.y" = "any"
"x.z" = "any"
)");
  EXPECT_EQ(changes_of(*orders, R"({"state":"b","note":null,"x":{"y":1}})"),
            "state=\"b\" note=null x.y=1 ");
  EXPECT_EQ(changes_of(*orders, R"({"x":null})"), "x.y=null x.z=null ");
  EXPECT_EQ(changes_of(*orders, R"({"fixed":1,"seen":null,"state":null,"id":"x","at":null,"q":1})"),
            "#/fixed cannot change; of shop/orders only these do: state, note, x.y, x.z\n"
            "#/seen is computed by the server and cannot be sent\n"
            "#/state is required; it must not be null\n"
            "#/id cannot change: a row keeps its id\n"
            "#/at cannot change; of shop/orders only these do: state, note, x.y, x.z\n"
            "#/q is not a declared field of shop/orders; only those change");
}

TEST(DecodeChanges, LeavesARowWithItsTenant) {
  const TestCollection orders(R"(
kind = "register"
tenant = "org"
[fields]
org  = { type = "text", required = true, from = "principal.tenant" }
user = { type = "text", from = "principal.id" }
)");
  Stamp stamp;
  stamp.tenant = "o1";
  EXPECT_EQ(changes_of(*orders, R"({"org":"o2"})", stamp),
            "#/org cannot change: a row keeps its tenant");
  EXPECT_EQ(changes_of(*orders, R"({"org":"o1"})", stamp), "");
  EXPECT_EQ(changes_of(*orders, R"({"org":"o1"})", Stamp()),
            "#/org cannot change: a row keeps its tenant");
  EXPECT_EQ(changes_of(*orders, R"({"user":"x"})", stamp),
            "#/user cannot change: only a service key may say it for others");
}

}  // namespace
}  // namespace daybook
