#include "catalog/fingerprint.h"

#include <gtest/gtest.h>

#include <vector>

#include "catalog/test_catalog.h"

namespace daybook {
namespace {

struct Case {
  std::string_view text, left;
};

TEST(WithoutVariables, LeavesOutWhatVaries) {
  const Case cases[] = {
      {"", ""},
      {"Connection timeout", "Connection timeout"},
      {"took 1250 ms, limit 1000.5", "took # ms, limit #"},
      {"user_17 of org-4: 3 of 12 sent", "user_# of org-#: # of # sent"},
      {"no row 550e8400-e29b-41d4-a716-446655440000", "no row #"},
      {"no row 550E8400-E29B-41D4-A716-446655440000!", "no row #!"},
      {"commit 9f86d081884c7d65 is gone", "commit # is gone"},
      {"job 01ARZ3NDEKTSV4RRFFQ69G5FAV failed", "job # failed"},
      {"connect 10.0.0.17:5432", "connect #"},
      {"connect [2001:db8::ff00:42:8329]:80", "connect [#]:#"},
      {"from 0a:1b:2c:3d:4e:5f", "from #"},
      {"at 0x7ffe12ab in main+0x1d", "at # in main+#"},
      {"mail to ann.lee+x@example.com bounced", "mail to # bounced"},
      {"com.shop.Order@1b6d3586 is closed", "com.shop.Order@# is closed"},
      {"com.shop.Order@1b6d is closed", "com.shop.Order@# is closed"},
      {"2025-12-05T14:00:01Z boom", "# boom"},
      {"key 'abc def' not in \"x\"", "key # not in #"},
      {"can't read it, isn't there", "can't read it, isn't there"},
      {"a 'quote that nobody ends", "a 'quote that nobody ends"},
      {"two\n  lines\tand  blanks ", "two lines and blanks"},
      {"std::abc::def", "std::abc::def"},
      {"Überlauf in Zeile 7", "Überlauf in Zeile #"},
  };
  for (const Case& each : cases) EXPECT_EQ(without_variables(each.text), each.left) << each.text;
}

TEST(WithoutVariables, LeavesTheSameOfWhatIsWrittenInSeveralWays) {
  const std::vector<std::vector<std::string_view>> alike = {
      {"commit 9fd83bb is gone", "commit a56c26b is gone", "commit 9f86d081884c7d65 is gone"},
      {"2025-12-05T14:00:01Z boom", "2025-12-05T14:00:01.123Z boom",
       "2025-12-05T14:00:01.123456+05:30 boom", "2025-12-05T14:00:01-0800 boom",
       "2025-12-05T14:00:01 boom", "2025-12-05 14:00:01,123 boom", "2025-12-05 14:00 boom",
       "2025-12-05 boom"},
      {"took 1500 ms", "took 1500.5 ms", "took 1.5e3 ms", "took 15E2 ms", "took 1.5e+03 ms",
       "took 2e-7 ms"},
      {"ended with -5", "ended with 5", "ended with +5"},
      {"at (-5,-7.5)", "at (5,7.5)", "at (-1e9,12)"},
      {"no row «x»", "no row «the other»", "no row “x”", "no row „x“", "no row ‘x’", "no row 'x'"},
      {"cannot read /tmp/abc123/part.csv", "cannot read /tmp/xY9zQ/part.csv",
       "cannot read /tmp/tmp.kQvLmN/part.csv"},
      {"cannot read C:\\Users\\Temp\\abc123\\a.csv", "cannot read C:\\Users\\Temp\\d7\\a.csv"},
  };
  for (const auto& texts : alike) {
    for (const std::string_view text : texts) {
      EXPECT_EQ(without_variables(text), without_variables(texts[0])) << text;
    }
  }
}

TEST(WithoutVariables, LeavesWhatOnlyLooksLikeAVariable) {
  for (const std::string_view text :
       {"the facade is defaced", "a « that nobody closes", "read-write e-mail", "a - b",
        "cannot read /tmp/jobs.lock", "/srv/app/main.py", "a letter’s end", "over +the top"}) {
    EXPECT_EQ(without_variables(text), text);
  }
  EXPECT_EQ(without_variables("2025-12-05Tea"), "#-#Tea");
  EXPECT_EQ(without_variables("pages 3-5"), "pages #");
  EXPECT_EQ(without_variables("7even 1e"), "#even #e");
}

// The same failure twice, as runtimes print it, and another one at another place.
struct Trace {
  std::string_view language, once, again, other;
};

const Trace kTraces[] = {
    {"Python",
     "Traceback (most recent call last):\n  File \"/srv/app/jobs.py\", line 42, in run\n    "
     "send(17)\n"
     "KeyError: 'dev_001'",
     "Traceback (most recent call last):\n  File \"/srv/app/jobs.py\", line 57, in run\n    "
     "send(23)\n"
     "KeyError: 'dev_992'",
     "Traceback (most recent call last):\n  File \"/srv/app/jobs.py\", line 42, in stop\n    "
     "send(17)\n"
     "KeyError: 'dev_001'"},
    {"Java",
     "java.lang.IllegalStateException: Order 17 is closed\n\tat "
     "com.shop.Order.close(Order.java:120)\n\tat "
     "com.shop.Api$$Lambda$14/0x0000000800c03000.run(Unknown Source)",
     "java.lang.IllegalStateException: Order 9 is closed\n\tat "
     "com.shop.Order.close(Order.java:131)\n\tat "
     "com.shop.Api$$Lambda$23/0x0000000801a11488.run(Unknown Source)",
     "java.lang.IllegalStateException: Order 17 is closed\n\tat "
     "com.shop.Order.open(Order.java:120)\n\tat "
     "com.shop.Api$$Lambda$14/0x0000000800c03000.run(Unknown Source)"},
    {"JavaScript",
     "TypeError: Cannot read properties of undefined (reading 'id')\n    at load "
     "(https://app.example/static/"
     "main.3f2a9c1b.js:2:18012)\n    at async Promise.all (index 0)",
     "TypeError: Cannot read properties of undefined (reading 'name')\n    at load "
     "(https://app.example/static/main.77e01d4c.js:2:17400)\n    at async Promise.all (index 3)",
     "TypeError: Cannot read properties of undefined (reading 'id')\n    at save "
     "(https://app.example/static/"
     "main.3f2a9c1b.js:2:18012)\n    at async Promise.all (index 0)"},
    {"Go",
     "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 18 [running]:\n"
     "main.pick(0xc00001c0a8, 0x3)\n\t/src/main.go:27 +0x1d",
     "panic: runtime error: index out of range [9] with length 4\n\ngoroutine 1 [running]:\n"
     "main.pick(0xc0000a2000, 0x4)\n\t/src/main.go:31 +0x25",
     "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 18 [running]:\n"
     "main.drop(0xc00001c0a8, 0x3)\n\t/src/main.go:27 +0x1d"},
    {"Rust",
     "thread 'tokio-runtime-worker' panicked at src/store.rs:88:14:\ncalled `Option::unwrap()` on "
     "a `None` value",
     "thread 'main' panicked at src/store.rs:91:20:\ncalled `Option::unwrap()` on a `None` value",
     "thread 'main' panicked at src/queue.rs:88:14:\ncalled `Option::unwrap()` on a `None` value"},
    {"C#",
     "System.NullReferenceException: Object reference not set\n   at Shop.Cart.Add(Int32 id) in "
     "C:\\src\\Cart.cs:line 42",
     "System.NullReferenceException: Object reference not set\n   at Shop.Cart.Add(Int32 id) in "
     "C:\\src\\Cart.cs:line 47",
     "System.NullReferenceException: Object reference not set\n   at Shop.Cart.Drop(Int32 id) in "
     "C:\\src\\Cart.cs:line 42"},
    {"C++",
     "#0  0x00007f2a1b in Store::apply (this=0x55d1c0, batch=...) at src/store.cc:120\n#1  main () "
     "at main.cc:9",
     "#0  0x00007fcc02 in Store::apply (this=0x5612aa, batch=...) at src/store.cc:133\n#1  main () "
     "at main.cc:9",
     "#0  0x00007f2a1b in Store::drop (this=0x55d1c0, batch=...) at src/store.cc:120\n#1  main () "
     "at main.cc:9"},
};

TEST(WithoutVariables, TracesOfOneFailureAreAlike) {
  for (const Trace& trace : kTraces) {
    EXPECT_EQ(without_variables(trace.once), without_variables(trace.again)) << trace.language;
    EXPECT_NE(without_variables(trace.once), without_variables(trace.other)) << trace.language;
  }
}

constexpr std::string_view kErrors = R"(
kind = "journal"
time = "at"
[fields]
at      = { type = "time", default = "now" }
code    = { type = "int" }
message = { type = "text" }
note    = { type = "text" }
group   = { type = "text", derive = "group" }
[group]
of = ["code", "message"]
)";

std::string fingerprint_of(const Collection& collection, Value code, Value message) {
  Row row;
  row.values = {Value(), std::move(code), std::move(message), Value("a note"), Value()};
  return fingerprint(*collection.declared.group, row);
}

TEST(Fingerprint, IsOfTheFieldsOfTheGroup) {
  const TestCollection errors{std::string(kErrors)};
  const std::string one = fingerprint_of(*errors, Value(std::int64_t{7}), Value("row 12 is gone"));
  EXPECT_EQ(one, fingerprint_of(*errors, Value(std::int64_t{7}), Value("row 99 is gone")));
  EXPECT_NE(one, fingerprint_of(*errors, Value(std::int64_t{8}), Value("row 12 is gone")));
  EXPECT_NE(one, fingerprint_of(*errors, Value(std::int64_t{7}), Value("row 12 is here")));
  EXPECT_NE(fingerprint_of(*errors, Value(), Value("7")),
            fingerprint_of(*errors, Value(std::int64_t{7}), Value()));
}

// Stored rows carry their fingerprint: a change of the rule needs a new version in front.
TEST(Fingerprint, OfVersionOneStaysAsItIs) {
  const TestCollection errors{std::string(kErrors)};
  EXPECT_EQ(fingerprint_of(*errors, Value(std::int64_t{7}), Value("row 12 is gone")),
            "1-017d32d256ec327a");
}

}  // namespace
}  // namespace daybook
