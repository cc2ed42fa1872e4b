#include "catalog/change.h"

#include "catalog/test_catalog.h"

namespace daybook {
namespace {

constexpr std::string_view kMessages = R"(
kind = "journal"
time = "at"
extra = "keep"
[fields]
at          = { type = "time", default = "now" }
text        = { type = "text" }
state       = { type = "choice", of = ["sent", "delivered", "read", "failed", "lost"] }
resolved    = { type = "bool", default = false }
resolved_at = { type = "time" }
reason      = { type = "choice", of = ["none", "done"], default = "none" }
note        = { type = "text" }
changed_at  = { type = "time", derive = "now on change" }
[changes]
state    = { sent = ["delivered", "read", "failed"], delivered = ["read", "failed"] }
resolved = "any"
resolved_at = "any"
note     = "any"
[pairs]
resolved = { true = "resolved_at = now", false = "reason = 'done'" }
resolved_at = { "*" = "resolved = true" }
)";

class ChangeRow : public ::testing::Test {
 protected:
  ChangeRow() : orders_(std::string(kMessages)) {
    row_.id = "m1";
    row_.values.resize(orders_->fields.size());
    put("at", from_micros(0));
    put("state", "delivered");
    put("resolved", false);
    put("reason", "none");
  }

  std::size_t field(const std::string& name) const { return *orders_->find_field(name); }
  void put(const std::string& name, Value value) { row_.values[field(name)] = std::move(value); }

  std::string change(const std::vector<std::pair<std::string, Value>>& set) const {
    std::vector<Assignment> assignments;
    for (const auto& [name, value] : set) assignments.push_back({field(name), value});
    const auto changed = change_row(*orders_, row_, assignments, from_micros(1000000));
    if (!changed.ok()) {
      EXPECT_EQ(changed.error().code(), Code::kConflict);
      return changed.error().message();
    }
    if (changed->kind == Changed::Kind::kUnchanged) {
      EXPECT_EQ(changed->row, row_);
      return "unchanged";
    }
    std::string out;
    for (const std::size_t f : changed->fields) {
      if (!out.empty()) out += " ";
      out += orders_->fields[f].name + "=" + debug_text(changed->row.values[f]);
    }
    return out;
  }

  TestCollection orders_;
  Row row_;
};

TEST_F(ChangeRow, FollowsTheStateMachine) {
  EXPECT_EQ(change({{"state", "read"}}), "state=\"read\" changed_at=1970-01-01T00:00:01Z");
  EXPECT_EQ(change({{"state", "delivered"}}), "unchanged");
  EXPECT_EQ(change({{"state", "sent"}}), "unchanged");  // an earlier one that came late
  EXPECT_EQ(change({{"state", "lost"}}), "state cannot go from 'delivered' to 'lost'");
  EXPECT_EQ(change({{"state", Value()}}), "state cannot go from 'delivered' to null");
  put("state", "read");
  EXPECT_EQ(change({{"state", "failed"}}), "state cannot go from 'read' to 'failed'");
  EXPECT_EQ(change({{"state", "sent"}}), "unchanged");
  put("state", Value());
  EXPECT_EQ(change({{"state", "lost"}}), "state=\"lost\" changed_at=1970-01-01T00:00:01Z");
}

TEST_F(ChangeRow, AppliesTheRestOfALateChange) {
  EXPECT_EQ(change({{"state", "sent"}, {"note", "x"}}),
            "note=\"x\" changed_at=1970-01-01T00:00:01Z");
}

TEST_F(ChangeRow, SetsPairs) {
  EXPECT_EQ(change({{"resolved", true}}),
            "resolved=true resolved_at=1970-01-01T00:00:01Z changed_at=1970-01-01T00:00:01Z");
  EXPECT_EQ(change({{"resolved", true}, {"resolved_at", from_micros(5000000)}}),
            "resolved=true resolved_at=1970-01-01T00:00:05Z changed_at=1970-01-01T00:00:01Z");
  EXPECT_EQ(change({{"resolved_at", from_micros(5000000)}}),
            "resolved_at=1970-01-01T00:00:05Z resolved=true changed_at=1970-01-01T00:00:01Z");
  EXPECT_EQ(change({{"resolved", false}}), "unchanged");
  put("resolved", true);
  EXPECT_EQ(change({{"resolved", false}}),
            "resolved=false reason=\"done\" changed_at=1970-01-01T00:00:01Z");
}

TEST_F(ChangeRow, ComparesWhatTheClientSent) {
  Row again = row_;
  std::vector<bool> sent(orders_->fields.size());
  sent[field("text")] = sent[field("state")] = sent[field("at")] = true;
  again.values[field("state")] = "failed";  // may change
  again.values[field("reason")] = "done";   // not sent
  EXPECT_TRUE(is_same_row(*orders_, row_, again, sent));
  again.values[field("text")] = "other";
  EXPECT_FALSE(is_same_row(*orders_, row_, again, sent));
  again = row_;
  again.extra = R"({"a":1})";
  EXPECT_FALSE(is_same_row(*orders_, row_, again, sent));
}

TEST(IsSameRow, ComparesAllThatWasSentToARegister) {
  const TestCollection orders("kind = \"register\"\n[fields]\na = { type = \"int\" }\n");
  EXPECT_FALSE(is_same_row(*orders, {"x", {1}, ""}, {"x", {2}, ""}, {true}));
  EXPECT_TRUE(is_same_row(*orders, {"x", {1}, ""}, {"x", {Value()}, ""}, {false}));
}

}  // namespace
}  // namespace daybook
