#include "api/metrics.h"

#include <gtest/gtest.h>

#include "tests/contract/shop.h"

namespace daybook::api {
namespace {

std::string written(const Metrics& metrics) {
  std::string text;
  metrics.write(text);
  return text;
}

Metrics unused() {
  return Metrics({{"GET", "/a"}, {"POST", "/b \"x\""}}, contract::shop(), Instant());
}

TEST(MetricsTest, CountsRequestsByRouteAndClass) {
  Metrics counted({{"GET", "/a"}, {"POST", "/b \"x\""}}, contract::shop(), Instant());
  counted.count_request(0, 200, std::chrono::milliseconds(3));
  counted.count_request(0, 204, std::chrono::milliseconds(3));
  counted.count_request(1, 422, std::chrono::seconds(20));
  const std::string text = written(counted);
  for (const std::string line :
       {"daybook_http_requests_total{method=\"GET\",route=\"/a\",status=\"2xx\"} 2\n",
        "daybook_http_requests_total{method=\"POST\",route=\"/b \\\"x\\\"\",status=\"4xx\"} 1\n",
        "daybook_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a\",le=\"0.0025\"} "
        "0\n",
        "daybook_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a\",le=\"0.005\"} "
        "2\n",
        "daybook_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a\",le=\"+Inf\"} 2\n",
        "daybook_http_request_duration_seconds_sum{method=\"GET\",route=\"/a\"} 0.006\n",
        "daybook_http_request_duration_seconds_count{method=\"GET\",route=\"/a\"} 2\n",
        "# TYPE daybook_http_request_duration_seconds histogram\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(MetricsTest, CountsRowsByCollection) {
  Metrics counted({}, contract::shop(), Instant());
  counted.count_rows(contract::collection("shop/orders"), 5, 2);
  counted.count_rows(contract::collection("shop/orders"), 1, 0);
  counted.count_redacted(contract::collection("shop/orders"), 3, 1);
  const std::string text = written(counted);
  EXPECT_NE(text.find("daybook_rows_accepted_total{collection=\"shop/orders\"} 6\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("daybook_values_masked_total{collection=\"shop/orders\"} 3\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("daybook_values_exempt_total{collection=\"shop/orders\"} 1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("daybook_rows_rejected_total{collection=\"shop/orders\"} 2\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("shop/visits"), std::string::npos) << text;
}

TEST(MetricsTest, BeginsShort) { EXPECT_LT(written(unused()).size(), 1'000U); }

}  // namespace
}  // namespace daybook::api
