#include "query/keep.h"

#include <gtest/gtest.h>

#include "query/sample_collection.h"

namespace daybook {
namespace {

using std::chrono::days;

const Instant kTime = *parse_instant("2025-12-05T00:00:00Z");

Keep::Class keep_class(int count, std::string_view where) {
  return {days(count), *parse_expression(where)};
}

TEST(KeepTest, ARowWithoutKeepStaysForEver) {
  const Collection journal = sample_journal();
  EXPECT_EQ(keep_of(journal, sample_row(journal, "a", kTime), {}), std::nullopt);
  EXPECT_EQ(expires_at(journal, sample_row(journal, "a", kTime), {}), std::nullopt);
}

TEST(KeepTest, TheFirstClassWinsThenTheTenantThenTheCollection) {
  Collection journal = sample_journal();
  journal.keep.period = days(90);
  journal.keep.per_tenant = true;
  journal.tenant_field = journal.find_field("endpoint");
  journal.keep.classes = {keep_class(7, "method = 'GET'"), keep_class(8, "status_code < 500")};
  const TenantKeeps tenants = {{"big", days(400)}};
  struct Case {
    const char* tenant;
    const char* method;
    int status, expected;
  };
  const Case cases[] = {{"small", "PUT", 500, 90},
                        {"big", "PUT", 500, 400},
                        {"big", "GET", 200, 7},
                        {"big", "PUT", 200, 8},
                        {"small", "GET", 500, 7}};
  for (const Case& c : cases) {
    Row row = sample_row(journal, "a", kTime);
    set(journal, row, "endpoint", c.tenant);
    set(journal, row, "method", c.method);
    set(journal, row, "status_code", c.status);
    EXPECT_EQ(keep_of(journal, row, tenants), days(c.expected));
    EXPECT_EQ(expires_at(journal, row, tenants), kTime + days(c.expected));
  }
}

TEST(KeepTest, ATenantsKeepNeedsADeclaration) {
  Collection journal = sample_journal();
  journal.keep.period = days(90);
  journal.tenant_field = journal.find_field("endpoint");
  Row row = sample_row(journal, "a", kTime);
  set(journal, row, "endpoint", "big");
  EXPECT_EQ(keep_of(journal, row, {{"big", days(400)}}), days(90));
}

TEST(KeepTest, ARegisterKeepsUntilItsInstant) {
  Collection guests = sample_register();
  guests.keep.at_field = guests.find_field("timestamp");
  Row row = sample_row(guests, "a");
  EXPECT_EQ(expires_at(guests, row, {}), std::nullopt);
  set(guests, row, "timestamp", kTime);
  EXPECT_EQ(expires_at(guests, row, {}), kTime);
}

TEST(KeepTest, AClassThatAsksForWhatIsNotThereIsNamed) {
  Collection journal = sample_journal();
  journal.keep.classes = {keep_class(7, "severity = 'info'")};
  const auto rule = KeepRule::bind(journal);
  ASSERT_FALSE(rule.ok());
  EXPECT_TRUE(
      rule.error().message().starts_with("shop/visits: keep of 1w: there is no field 'severity'"))
      << rule.error().message();
}

}  // namespace
}  // namespace daybook
