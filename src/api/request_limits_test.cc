#include "api/request_limits.h"

#include "api/call.h"
#include "api/test_door.h"

namespace daybook::api {
namespace {

using std::chrono::seconds;
using Kind = Principal::Kind;

class RequestLimitsTest : public Door {
 protected:
  Duration question_time(Kind asks, Duration setting) {
    http::Request asked = request("GET", "/api/v1/shop/orders", http::body_of(std::string()));
    Options options;
    options.query_time = setting;
    Principal principal;
    principal.kind = asks;
    Metrics metrics({}, routed_shop(), clock_.now());
    Gate memory(1);
    const Call call{asked, engine_, options, principal, metrics, memory, Access::kRead, {}};
    return budget_of(call).time;
  }
};

TEST_F(RequestLimitsTest, OnlyWhoIsKnownMayTakeHisTime) {
  for (const Kind kind : {Kind::kOperator, Kind::kUser, Kind::kKey}) {
    Principal known;
    known.kind = kind;
    EXPECT_FALSE(limits_of(known).body_time);
    EXPECT_EQ(question_time(kind, seconds(30)), seconds(30));
  }
  for (const Kind kind : {Kind::kNobody, Kind::kPublishable}) {
    Principal stranger;
    stranger.kind = kind;
    ASSERT_TRUE(limits_of(stranger).body_time);
    EXPECT_GE(*limits_of(stranger).body_time, http::Limits().small_body_time);
    EXPECT_EQ(question_time(kind, seconds(30)), seconds(2));
    EXPECT_EQ(question_time(kind, seconds(1)), seconds(1));
  }
}

}  // namespace
}  // namespace daybook::api
