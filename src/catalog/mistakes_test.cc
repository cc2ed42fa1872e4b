// Every mistake that a declaration can have, and what is said of it.
#include "catalog/test_catalog.h"

namespace daybook {
namespace {

struct Case {
  std::string text;
  std::string expected;
};

std::string mistakes(const TestFiles& files, const SettingSource& settings = no_settings) {
  const auto catalog = load_catalog(files, settings);
  return catalog.ok() ? "good" : all_problems(catalog.error());
}

// A journal with the lines in its [fields], or with further tables behind them.
std::string journal(const std::string& fields, const std::string& rest = "") {
  return "kind = \"journal\"\ntime = \"at\"\n[fields]\nat = { type = \"time\", default = \"now\" "
         "}\n" +
         fields + "\n" + rest;
}

std::string shop(const std::string& text) { return mistakes({{"shop/orders.toml", text}}); }

constexpr std::string_view kFile = "shop/orders.toml:";

void expect_all(const std::vector<Case>& cases, std::string (*declare)(const std::string&)) {
  for (const Case& c : cases) {
    EXPECT_EQ(shop(declare(c.text)), std::string(kFile) + c.expected) << c.text;
  }
}

TEST(Mistakes, OfFields) {
  const std::vector<Case> cases = {
      {"x = { tpye = \"text\" }",
       "5: field 'x': 'type' is missing; expected one of text, int, float, bool, time, choice, "
       "...\nshop/orders.toml:5: field 'x': 'tpye' is not a key here; did you mean 'type'?"},
      {"x = { type = \"string\" }",
       "5: field 'x': 'type' is 'string'; expected one of text, uuid, int, float, bool, time, "
       "date, "
       "choice, json, list, map, secret"},
      {"x = 5", "5: [fields]: 'x' must be a table such as { type = \"text\" }"},
      {"id = { type = \"text\" }", "5: [fields]: 'id' is every row's own and is not declared"},
      {"\"a-b\" = { type = \"text\" }",
       "5: [fields]: 'a-b' is no name of a field; expected letters, digits and '_', parts joined "
       "by "
       "'.', at most 64 bytes"},
      {"a = { type = \"text\" }\n\"a.b\" = { type = \"text\" }",
       "6: [fields]: 'a.b' lies within 'a', which is a field itself"},
      {"p = { type = \"text\" }\np_hash = { type = \"secret\", hash = \"sha256\" }",
       "6: [fields]: 'p_hash' is sent as 'p', which is declared already"},
      {"x = { type = \"text\", requird = true }",
       "5: field 'x': 'requird' is not a key here; did you mean 'required'?"},
      {"x = { type = \"text\", required = 1 }",
       "5: field 'x': 'required' must be true or false, not a whole number"},
      {"x = { type = \"int\", default = \"many\" }",
       "5: field 'x': 'default' does not fit 'x': must be a whole number of 64 bits, not 'many'"},
      {"x = { type = \"int\", min = 5, max = 1 }", "5: field 'x': 'min' is above 'max'"},
      {"x = { type = \"int\", min = 1, default = 0 }",
       "5: field 'x': 'default' does not fit 'x': must be at least 1, not 0"},
      {"x = { type = \"bool\", min = 1 }",
       "5: field 'x': 'min' does not fit the type; it belongs to numbers, texts, secrets, lists "
       "and "
       "maps"},
      {"x = { type = \"text\", max = 0 }", "5: field 'x': 'max' is below 1; expected a count"},
      {"x = { type = \"choice\" }", "5: field 'x': 'of' is missing; expected a list of choices"},
      {"x = { type = \"choice\", of = [] }",
       "5: field 'x': 'of' is empty; expected a list of choices"},
      {"x = { type = \"choice\", of = [\"a\", \"a\"] }", "5: field 'x': 'of' has 'a' twice"},
      {"x = { type = \"choice\", of = [\"a\"], default = \"b\" }",
       "5: field 'x': 'default' does not fit 'x': 'b' is not one of a"},
      {"x = { type = \"choice\", of = [\"abc\"], aliases = { d = \"abd\" } }",
       "5: field 'x': 'aliases': 'd' stands for 'abd', which is no choice; did you mean 'abc'?"},
      {"x = { type = \"choice\", of = [\"a\", \"b\"], aliases = { a = \"b\" } }",
       "5: field 'x': 'aliases': 'a' is a choice itself; an alias is another word for one"},
      {"x = { type = \"list\" }",
       "5: field 'x': 'of' is missing; expected the type of its elements, such as { type = "
       "\"text\" }"},
      {"x = { type = \"list\", of = \"map\" }",
       "5: field 'x': 'of' is map; elements are plain values or json"},
      {"x = { type = \"text\", keys = [\"a\"] }",
       "5: field 'x': 'keys' does not fit the type; it belongs to maps"},
      {"x = { type = \"text\", format = \"phone\" }",
       "5: field 'x': 'format' is 'phone'; expected one of email, uri, ip, hostname"},
      {"x = { type = \"secret\" }",
       "5: field 'x': a secret says either hash = \"argon2id\", hash = \"sha256\" or encrypted = "
       "true"},
      {"x = { type = \"text\", measure = true }",
       "5: field 'x': 'measure' does not fit the type; it belongs to numbers and maps of numbers"},
      {"x = { type = \"json\", facet = true }",
       "5: field 'x': 'facet' does not fit the type; it belongs to fields of one plain value"},
      {"x = { type = \"text\", facet = true, personal = \"direct\" }",
       "5: field 'x': 'facet' cannot be said of a personal field: groups would outlive its "
       "erasure"},
      {"x = { type = \"text\", from = \"body\" }",
       "5: field 'x': 'from' is 'body'; expected one of principal.id, principal.tenant, "
       "connection.address, connection.user_agent"},
      {"x = { type = \"time\", derive = \"now\" }",
       "5: field 'x': 'derive' is 'now'; expected \"now on change\", \"date of FIELD in tenant "
       "zone\", \"group\" or \"filter\""},
      {"x = { type = \"date\", derive = \"date of att in tenant zone\" }",
       "5: [fields]: field 'x': 'derive' names 'att', which is no field of shop/orders; did you "
       "mean 'at'?"},
      {"x = { type = \"text\", derive = \"group\" }",
       "5: field 'x': 'derive' is \"group\", but there is no [group]"},
      {"x = { type = \"time\", derive = \"now on change\", required = true }",
       "5: field 'x': 'required' cannot be said of a derived field: it may be null"},
      {"x = { type = \"text\", references = \"homes\" }",
       "5: field 'x': 'references' names 'homes', which is no collection of shop"},
      {"x = { type = \"text\", references = \"orders\" }",
       "5: field 'x': 'references' names 'orders', a journal; expected a register"},
  };
  expect_all(cases, [](const std::string& text) { return journal(text); });
}

TEST(Mistakes, OfCollections) {
  const std::vector<Case> cases = {
      {"kind = \"log\"\n[fields]\nx = { type = \"text\" }",
       "1: 'kind' is 'log'; expected one of journal, register\n"
       "shop/orders.toml:1: 'time' is missing; expected the field of type time that orders the "
       "rows"},
      {"kind = \"register\"",
       "1: 'fields' is missing; expected a table with a line for each field"},
      {"kind = \"register\"\nabuot = \"x\"\n[fields]\nx = { type = \"text\" }",
       "2: 'abuot' is not a key here; did you mean 'about'?"},
      {"kind = \"register\"\ntime = \"x\"\n[fields]\nx = { type = \"time\" }",
       "2: 'time' belongs to a journal; a register has none"},
      {"kind = \"journal\"\ntime = \"x\"\n[fields]\nx = { type = \"time\" }",
       "2: 'time' names 'x', which may be null; expected required = true or default = \"now\""},
      {"kind = \"journal\"\ntime = \"x\"\n[fields]\nx = { type = \"int\", required = true }",
       "2: 'time' names 'x', which is of type int; expected a time"},
      {"kind = \"journal\"\ntime = \"x\"\nperiod = \"5m\"\n[fields]\nx = { type = \"time\", "
       "required = true }",
       "3: 'period' must be one of 1h, 1d, 1w, 1mo"},
      {"kind = \"register\"\ntenant = \"x\"\n[fields]\nx = { type = \"text\" }",
       "2: 'tenant' names 'x'; expected a required text"},
      {"kind = \"register\"\ntenant = \"x\"\n[fields]\n"
       "x = { type = \"text\", required = true, fold = \"case\" }",
       "2: 'tenant' names 'x', whose 'fold' makes one of several; expected a text that stays as it "
       "is"},
      {"kind = \"register\"\nextra = \"maybe\"\n[fields]\nx = { type = \"text\" }",
       "2: 'extra' is 'maybe'; expected one of refuse, keep, drop"},
      {"kind = \"register\"\nkeep = \"90d\"\n[fields]\nx = { type = \"text\" }",
       "2: 'keep' of a register is { at = \"...\" }; only a journal's rows have an age"},
      {"kind = \"register\"\nkeep = { at = \"x\" }\n[fields]\nx = { type = \"time\" }",
       "2: keep: 'at' names 'x', which may be null: such rows would never expire; expected "
       "required = true"},
      {"kind = \"register\"\nkeep = { at = \"x\" }\n[fields]\nx = { type = \"text\", required = "
       "true }",
       "2: keep: 'at' names 'x', which is no time"},
  };
  expect_all(cases, [](const std::string& text) { return text; });
}

TEST(Mistakes, OfThePartsOfACollection) {
  constexpr auto declare = [](const std::string& rest) {
    return journal(
        "name = { type = \"text\", personal = \"direct\" }\n"
        "size = { type = \"float\", measure = true }\n"
        "state = { type = \"choice\", of = [\"new\", \"done\"], facet = true }\n"
        "done_at = { type = \"time\" }",
        rest);
  };
  const std::vector<Case> cases = {
      {"[[indexes]]\non = [\"nmae\"]",
       "10: [[indexes]]: 'on' names 'nmae', which is no field of shop/orders; did you mean "
       "'name'?"},
      {"[[indexes]]\nunique = false", "9: [[indexes]]: 'on' is missing; expected a list of fields"},
      {"[[indexes]]\non = [\"name\"]\nunique = true",
       "11: [[indexes]]: 'unique' belongs to a register; a journal's row is its time and id"},
      {"[[indexes]]\non = [\"name\"]\n[[indexes]]\non = [\"name\"]",
       "12: [[indexes]]: 'on' is declared by another index already"},
      {"[text]\nlanguage = \"klingon\"\nfields = { name = 1 }",
       "10: [text]: 'language' is 'klingon'; expected one of none, arabic, armenian, basque, "
       "catalan, danish, dutch, english, finnish, french, german, greek, hindi, hungarian, "
       "indonesian, irish, italian, lithuanian, nepali, norwegian, porter, portuguese, romanian, "
       "russian, serbian, spanish, swedish, tamil, turkish, yiddish"},
      {"[text]\nfields = { size = 1 }",
       "10: [text]: 'fields': 'size' is no text, so it has no words to search for"},
      {"[changes]\nat = \"any\"",
       "10: [changes]: 'at' is the time of the journal; a row keeps its place"},
      {"[changes]\nstate = \"some\"",
       "10: [changes]: 'state' must be \"any\", or { state = [states] }"},
      {"[changes]\nstate = { new = [\"doen\"] }",
       "10: [changes]: 'state': 'new' names the state 'doen'; expected one of new, done"},
      {"[changes]\nsize = { new = [\"done\"] }",
       "10: [changes]: 'size': has states, but is of type float; expected a choice, or \"any\""},
      {"[pairs]\nstate = { done = \"done_at\" }",
       "10: [pairs]: 'state': 'done' must set a field: \"resolved_at = now\", \"... = null\" or a "
       "literal"},
      {"[pairs]\nstate = { finished = \"done_at = now\" }",
       "10: [pairs]: 'state': 'finished' is no value of 'state': 'finished' is not one of new, "
       "done"},
      {"[pairs]\nstate = { done = \"size = 'x'\" }",
       "10: [pairs]: 'state': 'done' sets 'size' to \"x\", which does not fit its type"},
      {"[[rollups]]\nby = [\"name\"]",
       "10: [[rollups]]: 'by' names 'name', which is personal: sums outlive an erasure"},
      {"[[rollups]]\nby = [\"done_at\"]",
       "10: [[rollups]]: 'by' names 'done_at', which is no facet; expected facet = true"},
      {"[[rollups]]\nby = [\"state\"]\nmeasures = [\"done_at\"]",
       "11: [[rollups]]: 'measures' names 'done_at', which is no measure; expected measure = true"},
      {"[[rollups]]\nby = [\"state\"]\nrates = [\"size > 'x'\"]",
       "11: [[rollups]]: 'rates' compares 'size', a float, with \"x\""},
      {"[[rollups]]\nby = [\"state\"]\ntiers = [\"1h\", \"90m\"]",
       "11: [[rollups]]: 'tiers' is wrong: \"90m\" does not divide an hour into equal parts"},
      {"[[rollups]]\nby = [\"state\"]\ntiers = [\"15m\", \"20m\"]",
       "11: [[rollups]]: 'tiers' has '20m', which is no multiple of the tier before it"},
      {"[filter]\nby = [\"state\"]\non = \"name\"",
       "11: [filter]: 'on' names 'name'; expected a float, or a map of floats"},
      {"[filter]\nby = [\"state\"]\non = \"size\"\nband = \"many\"",
       "9: 'filter' needs a [[rollups]] that measures 'size': what is not kept counts there alone\n"
       "shop/orders.toml:12: [filter]: 'band' must be \"5%\", an amount such as 0.5, or { percent "
       "= 5, of = "
       "\"span\", min = 0, max = 100 }"},
      {"[stream]\ntype = \"state\"\nid = \"name\"\nversion = \"size\"",
       "10: [stream]: 'type' names 'state'; expected a required text or choice\n"
       "shop/orders.toml:11: [stream]: 'id' names 'name'; expected a required text or choice\n"
       "shop/orders.toml:12: [stream]: 'version' names 'size'; expected an int"},
      {"[group]\nof = [\"state\"]", "9: [group]: needs a text field with derive = \"group\""},
      {"[upload]\nkey = \"a/{nmae}\"\ninto = \"name\"\ntypes = [\"a/b\"]\nmax = \"20 MB\"\n"
       "states = { promised = \"new\", arrived = \"done\" }",
       "10: [upload]: 'key' names 'nmae', which is no field of shop/orders; did you mean 'name'?\n"
       "shop/orders.toml:10: [upload]: 'key' must hold {uuid}, or two uploads would share a key\n"
       "shop/orders.toml:13: [upload]: 'max' is '20 MB'; expected a size such as 20MiB\n"
       "shop/orders.toml:14: [upload]: 'states' are of 'state', which [changes] does not name"},
      {"[jobs.x]\nwhen = \"state is 'done'\"\nworker = \"w\"",
       "10: [jobs]: 'x': 'when' must be \"FIELD becomes 'STATE'\""},
      {"[jobs.x]\nwhen = \"state becomes 'doen'\"\nworker = { url = \"ftp://x\" }\nattempts = 0",
       "10: [jobs]: 'x': 'when' names the state 'doen'; expected one of new, done\n"
       "shop/orders.toml:11: [jobs]: 'x': 'worker': 'url' must be a URL such as "
       "https://scorer.example/score\n"
       "shop/orders.toml:12: [jobs]: 'x': 'attempts' must be between 1 and 100"},
      {"[identity]\nlogin = \"name\"\npassword = \"name\"", "9: 'identity' belongs to a register"},
      {"[allow]\nadmni = [\"*\"]", "10: [allow]: 'admni' is no role of shop"},
      {"[allow]\nadmin = { verbs = [\"*\"], tenant_verbs = [\"raed\"] }",
       "10: [allow]: 'admin' is no role of shop\nshop/orders.toml:10: [allow]: 'admin': "
       "'tenant_verbs' has the verb 'raed'; expected * or some of create "
       "read update delete stats search top tail export erase"},
      {"[demo]\nsize = { betwen = [1, 2] }",
       "10: [demo]: 'size': must say one of one_of, between, around, walk, numbered, text, each\n"
       "shop/orders.toml:10: [demo]: 'size': 'betwen' is not a key here; did you mean 'between'?"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(shop(declare(c.text)), std::string(kFile) + c.expected) << c.text;
  }
}

TEST(Mistakes, OfKeeps) {
  constexpr auto declare = [](const std::string& keep) {
    return "kind = \"journal\"\ntime = \"at\"\nkeep = " + keep +
           "\n[fields]\nat = { type = \"time\", default = \"now\" }\nlevel = { type = \"choice\", "
           "of = [\"low\"] }\n[changes]\nlevel = \"any\"";
  };
  const std::vector<Case> cases = {
      {"\"soon\"",
       "3: 'keep' is wrong: \"soon\" is not a duration such as 90d, 36h, 500ms or P90D"},
      {"\"0d\"", "3: 'keep' is zero; expected a duration such as 90d"},
      {"90", "3: 'keep' must be a duration such as \"90d\", or a table, not a whole number"},
      {"{}", "3: keep: says nothing; expected 'default', 'setting' or 'at'"},
      {"{ default = \"1d\", at = \"at\" }",
       "3: keep: says more than one of 'default', 'setting' and 'at'\n"
       "shop/orders.toml:3: keep: 'at' belongs to a register; a journal keeps its rows for a "
       "duration\nshop/orders.toml:3: keep: 'at' names 'at', which may be null: such rows would "
       "never expire; expected required = true"},
      {"{ setting = \"retention\" }",
       "3: keep: 'setting' names 'retention', which [settings] of shop does not have"},
      {"{ default = \"1d\", tenant = true }",
       "3: keep: 'tenant' needs a field that holds the tenant: tenant = \"...\" of the collection"},
      {"{ default = \"1d\", classes = [{ keep = \"7d\", where = \"level = 'low'\" }] }",
       "3: keep: [[classes]]: 'where' names 'level', which may change; a row stays in its class"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(shop(declare(c.text)), std::string(kFile) + c.expected) << c.text;
  }
}

TEST(Mistakes, OfUniqueIndexes) {
  const std::string fields =
      "kind = \"register\"\n[fields]\na = { type = \"text\" }\n[[indexes]]\non = [\"a\"]\n";
  EXPECT_EQ(shop(fields + "unique = true"),
            "shop/orders.toml:6: [[indexes]]: 'unique' needs values, but 'a' may be null; expected "
            "required = true, or sparse = true");
  EXPECT_EQ(shop(fields + "unique = true\nsparse = true"), "good");
}

TEST(Mistakes, OfIdentities) {
  EXPECT_EQ(shop("kind = \"register\"\n[fields]\na = { type = \"text\", required = true }\n"
                 "[identity]\nlogin = \"a\"\npassword = \"a\"\nregister = \"maybe\""),
            "shop/orders.toml:5: [identity]: 'login' names 'a'; expected a required text with a "
            "unique index of its own\n"
            "shop/orders.toml:6: [identity]: 'password' names 'a'; expected a secret with hash = "
            "\"argon2id\"\n"
            "shop/orders.toml:7: [identity]: 'register' is 'maybe'; expected one of closed, open, "
            "first");
  const std::string bound =
      "kind = \"register\"\n[fields]\na = { type = \"text\", required = true }\n"
      "p = { type = \"secret\", hash = \"argon2id\" }\nt = { type = \"text\"";
  const std::string identity =
      " }\n[[indexes]]\non = [\"a\"]\nunique = true\n"
      "[identity]\nlogin = \"a\"\npassword = \"p\"\ntenant = \"t\"";
  EXPECT_EQ(shop(bound + identity),
            "shop/orders.toml:12: [identity]: 'tenant' names 't'; expected a text with min = 1");
  EXPECT_EQ(shop(bound + ", min = 1" + identity), "good");
}

// An application beside a journal with two facets and a register.
std::string app(const std::string& text) {
  return mistakes(
      {{"shop/application.toml", "roles = [\"admin\"]\n" + text},
       {"shop/orders.toml",
        journal("drink = { type = \"text\", facet = true }\nprice = { type = \"float\", "
                "measure = true }\nnote = { type = \"json\" }\nneeds = { type = "
                "\"text\", required = true }")},
       {"shop/shops.toml", "kind = \"register\"\n[fields]\nname = { type = \"text\" }"}});
}

TEST(Mistakes, OfRoutes) {
  const std::string list = "[[routes]]\nallow = [\"admin\"]\n";
  const std::vector<Case> cases = {
      {list + "path = \"/x\"\nlist = \"orders\"",
       "4: route '/x': 'path' is '/x'; expected \"GET /path/{name}\""},
      {list + "path = \"GET /x\"\nlist = \"order\"",
       "5: route 'GET /x': 'list' names 'order', which is no collection of shop; did you mean "
       "'orders'?"},
      {list + "path = \"GET /x\"\ncreate = \"orders\"",
       "4: route 'GET /x': 'path' must be of POST for 'create'"},
      {list + "path = \"GET /x\"",
       "2: route 'GET /x': must say one of create, list, search, stream, append, promise, confirm "
       "or [routes.answer]"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\nsearch = \"orders\"",
       "2: route 'GET /x': must say one of create, list, search, stream, append, promise, confirm "
       "or [routes.answer]"},
      {list + "path = \"GET /x\"\nsearch = \"orders\"",
       "5: route 'GET /x': 'search' names 'orders', which has no [text] to search"},
      {list + "path = \"GET /x/{type}\"\nstream = \"orders\"",
       "4: route 'GET /x/{type}': 'path' lacks {id}, the id of the stream\n"
       "shop/application.toml:5: route 'GET /x/{type}': 'stream' names 'orders', which has no "
       "[stream]"},
      {list + "path = \"POST /x/{ids}\"\nappend = \"orders\"",
       "4: route 'POST /x/{ids}': 'path' lacks {type}, the type of the stream\n"
       "shop/application.toml:4: route 'POST /x/{ids}': 'path' lacks {id}, the id of the stream\n"
       "shop/application.toml:5: route 'POST /x/{ids}': 'append' names 'orders', which has no "
       "[stream]"},
      {list + "path = \"GET /x/{a}/{a}\"\nlist = \"orders\"",
       "4: route 'GET /x/{a}/{a}': 'path' has {a} twice"},
      {list + "path = \"GET /x/\"\nlist = \"orders\"",
       "4: route 'GET /x/': 'path' has the segment ''; expected a word or {name}"},
      {"[[routes]]\npath = \"GET /x\"\nlist = \"orders\"\nallow = [\"amdin\"]",
       "5: route 'GET /x': 'allow' names 'amdin', which is no role of shop; did you mean 'admin'?"},
      {"[[routes]]\npath = \"GET /x\"\nlist = \"orders\"",
       "2: route 'GET /x': 'allow' is missing; expected a list of roles"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\norder = \"-prise\"",
       "6: route 'GET /x': 'order' names 'prise', which is no field of shop/orders; did you mean "
       "'price'?"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\nlimit = { default = 10, max = 5 }",
       "6: route 'GET /x': 'limit' must have a default between 1 and its max"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\nwhere = [\"drink = :drnk\"]\nparams = { drink "
              "= { type = \"text\" } }",
       "6: route 'GET /x': 'where' names the parameter ':drnk', which is not declared; did you "
       "mean 'drink'?"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\nwindow = \"weeks\"",
       "6: route 'GET /x': 'window' is wrong: \"weeks\" is not a duration such as 90d, 36h, 500ms "
       "or "
       "P90D"},
      {list + "path = \"GET /x\"\nlist = \"orders\"\nwindow = { hours = { default = 200, min = 1, "
              "max = 168 } }",
       "6: route 'GET /x': 'window': 'hours': 'default' must be between 'min' and 'max'"},
      {list + "path = \"GET /x\"\nlist = \"shops\"\nwindow = \"24h\"",
       "6: route 'GET /x': 'window' needs a journal; 'shops' has no time"},
      {list + "path = \"GET /metrics/x\"\nlist = \"orders\"",
       "2: route 'GET /metrics/x': 'path' can meet the built-in route /metrics"},
      {list + "path = \"GET /api/v1/shop/{x}\"\nlist = \"orders\"",
       "2: route 'GET /api/v1/shop/{x}': 'path' can meet the generic route /api/v1/shop/batch"},
      {list + "path = \"GET /a/{x}\"\nlist = \"orders\"\n" + list +
           "path = \"GET /a/b\"\nlist = \"orders\"",
       "6: route 'GET /a/b': 'path' can match the same request as GET /a/{x} "
       "(shop/application.toml:2)"},
      {list + "path = \"GET /x\"\ncreate = \"orders\"\norder = \"at\"",
       "4: route 'GET /x': 'path' must be of POST for 'create'\n"
       "shop/application.toml:6: route 'GET /x': 'order' is not a key here"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(app(c.text), "shop/application.toml:" + c.expected) << c.text;
  }
}

TEST(Mistakes, OfAnswers) {
  const std::string before =
      "[[routes]]\npath = \"GET /x\"\nallow = [\"admin\"]\nfrom = \"orders\"\n[routes.answer]\n";
  const std::string part = before + "[routes.answer.y]\n";
  const std::vector<Case> cases = {
      {before, "6: route 'GET /x': 'answer': is empty; expected members of the answer"},
      {before + "more = \"count()\"",
       "7: route 'GET /x': 'answer': 'more' is a member that the answer has of its own; expected "
       "another name"},
      {before + "y = \"drink\"",
       "7: route 'GET /x': 'answer': 'y' is no aggregate; expected one such as count() or "
       "avg(field)"},
      {before + "y = \"avg(drink)\"",
       "7: route 'GET /x': 'answer': 'y' asks for avg() of 'drink', a text; expected a number"},
      {before + "y = \"count(drnk = 'x')\"",
       "7: route 'GET /x': 'answer': 'y' names 'drnk', which is no field of shop/orders; did you "
       "mean 'drink'?"},
      {before + "y = \":window\"",
       "7: route 'GET /x': 'answer': 'y' names the parameter ':window', which is not declared"},
      {part,
       "7: route 'GET /x': 'answer': 'y': 'as' is missing; expected groups, map, rows, row, "
       "values or value"},
      {part + "as = \"groups\"\nof = { n = \"count()\" }",
       "7: route 'GET /x': 'answer': 'y': 'by' is missing; expected a list of facets, or 'every' "
       "with a step"},
      {part + "as = \"groups\"\nby = [\"needs\"]\nof = { n = \"count()\" }",
       "9: route 'GET /x': 'answer': 'y': 'by' names 'needs', which is no facet; expected facet = "
       "true"},
      {part + "as = \"groups\"\nby = [\"drink\"]\nof = { n = \"price\" }",
       "10: route 'GET /x': 'answer': 'y': 'of': 'n' names 'price'; expected an aggregate, a field "
       "of 'by' or \"bucket\""},
      {part + "as = \"groups\"\nby = [\"drink\"]\norder = \"-total\"\nof = { n = \"count()\" }",
       "10: route 'GET /x': 'answer': 'y': 'order' names 'total', which is no member of a group"},
      {part + "as = \"map\"\nby = [\"drink\"]",
       "7: route 'GET /x': 'answer': 'y': 'value' is missing; expected an aggregate such as "
       "\"count()\""},
      {part + "as = \"values\"\nfield = \"nmae\"\nfrom = \"shops\"",
       "9: route 'GET /x': 'answer': 'y': 'field' names 'nmae', which is no field of shop/shops; "
       "did you mean 'name'?"},
      {part + "as = \"value\"\nof = \"count()\"\nfrom = \"shops\"\nwindow = \"24h\"",
       "11: route 'GET /x': 'answer': 'y': 'window' needs a journal; 'shops' has no time"},
      {part + "as = \"values\"\nfield = \"id\"\nwithout = { from = \"orders\", on = \"x\" }",
       "10: route 'GET /x': 'answer': 'y': 'without': 'on' names 'x', which is no field of "
       "shop/orders"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(app(c.text), "shop/application.toml:" + c.expected) << c.text;
  }
}

TEST(Mistakes, OfRecipesPanelsAndAlerts) {
  const std::vector<Case> cases = {
      {"[recipes.r]\nparams = { a = \"txt\" }\norders = { needs = \":a\" }",
       "3: [recipes]: recipe 'r': 'params': 'a' is 'txt'; expected a type such as text, int or "
       "\"text?\""},
      {"[recipes.r]\norders = { needs = \":b\" }",
       "3: [recipes]: recipe 'r': 'orders': 'needs' names the parameter ':b', which 'params' does "
       "not have"},
      {"[recipes.r]\norders = { price = 5 }",
       "3: [recipes]: recipe 'r': 'orders': 'needs' is missing; expected a value: shop/orders "
       "requires it"},
      {"[recipes.r]\norders = { needs = \"x\", price = \"y\" }",
       "3: [recipes]: recipe 'r': 'orders': 'price' does not fit 'price': must be a number, not a "
       "string"},
      {"[recipes.r]\norders = { needs = \"x\", note = { a = 1 }, prise = 1 }",
       "3: [recipes]: recipe 'r': 'orders': 'prise' names 'prise', which is no field of "
       "shop/orders; did you mean 'price'?"},
      {"[recipes.r]\norders = { needs = \"x\", stream = [\"a\"] }",
       "3: [recipes]: recipe 'r': 'orders': 'stream' is said, but 'orders' has no [stream]\n"
       "shop/application.toml:3: [recipes]: recipe 'r': 'orders': 'stream' must be [type, id]"},
      {"[recipes.r]\nordres = { needs = \"x\" }",
       "2: [recipes]: recipe 'r': writes nothing; expected a line for each collection\n"
       "shop/application.toml:3: [recipes]: recipe 'r': 'ordres' is no collection of shop; did you "
       "mean 'orders'?"},
      {"[[panels]]\ntitle = \"t\"\nroute = \"GET /x\"\nshow = \"pie\"",
       "4: [[panels]]: 'route' is 'GET /x', which no [[routes]] declares\n"
       "shop/application.toml:5: [[panels]]: 'show' is 'pie'; expected one of table, lines, bars, "
       "number"},
      {"[[alerts]]\nname = \"a\"\nfrom = \"orders\"\nask = \"price > 5\"\nover = \"5m\"\nabove = 1",
       "5: [[alerts]]: 'ask' is no aggregate; expected one such as count() or avg(field)"},
      {"[[alerts]]\nname = \"a\"\nfrom = \"orders\"\nask = \"count()\"\nover = \"5m\"",
       "2: [[alerts]]: must say either 'above' or 'below'"},
      {"[[alerts]]\nname = \"a\"\nfrom = \"orders\"\nask = \"count()\"\nover = \"5m\"\nabove = "
       "1\nclear = 2",
       "8: [[alerts]]: 'clear' is above 'above': the alert would end before it begins"},
      {"[settings]\nrecorder = { env = \"E\", into = \"shops\" }",
       "3: [settings]: setting 'recorder': 'into' names 'shops', a register; expected a journal"},
      {"[settings]\nkeep = { env = \"E\", unit = \"parsec\", default = \"90d\" }",
       "3: [settings]: setting 'keep': 'unit' is 'parsec'; expected a unit of time such as d or h"},
      {"colour = \"red\"", "2: 'colour' is not a key here"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(app(c.text), "shop/application.toml:" + c.expected) << c.text;
  }
}

TEST(Mistakes, OfFiles) {
  EXPECT_EQ(mistakes({{"orders.toml", ""}}),
            "orders.toml: is no place for a declaration; expected <application>/<collection>.toml");
  EXPECT_EQ(mistakes({{"Shop/orders.toml", "kind = \"register\""}}),
            "Shop/orders.toml: 'Shop' is no name; expected a lower case letter, then lower case "
            "letters, digits and '_', at most 64 bytes");
  EXPECT_EQ(
      mistakes({{"metrics/orders.toml", ""}}),
      "metrics/orders.toml: an application cannot be called 'metrics', a word of the interface");
  EXPECT_EQ(mistakes({{"shop/batch.toml", ""}}),
            "shop/batch.toml: a collection cannot be called 'batch', a word of the interface");
  EXPECT_EQ(mistakes({{"shop/orders.toml", "a = 1\na = 2"}}).substr(0, 34),
            "shop/orders.toml:2: is no TOML: Er");
  EXPECT_EQ(mistakes({{"shop/orders.toml", journal("")}, {"shop/orders.toml", journal("")}}),
            "shop/orders.toml: is declared by another file of the same path");
}

TEST(Mistakes, OfSettingsNameTheirVariable) {
  const TestFiles files = {
      {"shop/application.toml",
       "[settings]\nretention = { env = \"SHOP_DAYS\", unit = \"d\", default = \"90d\" }\n"
       "recorder = { env = \"SHOP_RECORD\", into = \"orders\" }"},
      {"shop/orders.toml",
       "kind = \"journal\"\ntime = \"at\"\nkeep = { setting = \"retention\" "
       "}\n[fields]\nat = { type = \"time\", default = \"now\" }"}};
  const auto bad = [](const std::string&) { return std::optional<std::string>("ninety"); };
  EXPECT_EQ(mistakes(files, bad),
            "shop/application.toml:2: [settings]: setting 'retention': SHOP_DAYS is 'ninety'; "
            "expected a duration of more than 0, such as 90d, or a number of d\n"
            "shop/application.toml:3: [settings]: setting 'recorder': SHOP_RECORD is 'ninety'; "
            "expected true or false");
  // A keep of nothing would take every row away.
  const auto nothing = [](const std::string& name) {
    return name == "SHOP_DAYS" ? std::optional<std::string>("0") : std::nullopt;
  };
  EXPECT_EQ(
      mistakes(files, nothing),
      "shop/application.toml:2: [settings]: setting 'retention': SHOP_DAYS is '0'; expected a "
      "duration of more than 0, such as 90d, or a number of d");
}

// Of which tenant the row is could not be said.
TEST(Mistakes, OfReferencesToIdsOfTenants) {
  const auto order_of = [](const std::string& shops) {
    return mistakes(
        {{"shop/application.toml", ""},
         {"shop/shops.toml", shops + "[fields]\ncity = { type = \"text\", required = true }"},
         {"shop/orders.toml", journal("shop_id = { type = \"text\", references = \"shops\" }")}});
  };
  EXPECT_EQ(order_of("kind = \"register\"\n"), "good");
  EXPECT_EQ(
      order_of("kind = \"register\"\ntenant = \"city\"\n"),
      "shop/orders.toml:5: field 'shop_id': 'references' names 'shops', where each tenant has "
      "ids of his own, and shop/orders declares no 'tenant' that would say whose is meant");
}

TEST(Mistakes, OfRightsFollowReferences) {
  const auto with_rows = [](const std::string& rows) {
    return mistakes(
        {{"shop/application.toml", "roles = [\"owner\"]"},
         {"shop/shops.toml", "kind = \"register\"\n[fields]\nowner_id = { type = \"text\" }"},
         {"shop/orders.toml",
          journal("shop_id = { type = \"text\", references = \"shops\" }\n"
                  "seller = { type = \"text\" }",
                  "[allow]\nowner = { verbs = [\"read\"], rows = \"" + rows + "\" }")}});
  };
  EXPECT_EQ(with_rows("shop_id.owner_id = :principal.id"), "good");
  EXPECT_EQ(with_rows("shop_id.onwer_id = :principal.id"),
            "shop/orders.toml:1: [allow]: 'owner': 'rows' names 'shop_id.onwer_id', which is no "
            "field of shop/orders");
  EXPECT_EQ(
      with_rows("shop_id = :user"),
      "shop/orders.toml:1: [allow]: 'owner': 'rows' names the parameter ':user', which is not "
      "declared");
  EXPECT_EQ(with_rows("shop_id.owner_id = seller"), "good");
  EXPECT_EQ(with_rows("shop_id.owner_id = at"),
            "shop/orders.toml:1: [allow]: 'owner': 'rows' compares 'shop_id.owner_id' with 'at', "
            "which is a time");
  for (const std::string rows : {"seller = shop_id.owner_id", "seller = shop_id",
                                 "shop_id.owner_id != seller", "shop_id.owner_id = sellre"}) {
    EXPECT_NE(with_rows(rows).find("must have a value or a parameter on the right"),
              std::string::npos)
        << rows;
  }
}

}  // namespace
}  // namespace daybook
