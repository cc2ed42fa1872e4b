#include "api/test_door.h"

#include <algorithm>

#include "store/memory/memory_store.h"
#include "tests/contract/failing_store.h"
#include "tests/contract/shop.h"

namespace daybook::api {
namespace {

constexpr std::string_view kParcels = R"toml(
kind  = "register"
about = "What is under way to a customer."

[fields]
customer = { type = "text", required = true, references = "customers" }
weight   = { type = "float", measure = true }
)toml";

constexpr std::string_view kRoutes = R"toml(
about = "For the tests of the interface."
roles = ["admin"]

[[routes]]
path   = "POST /api/v1/buy"
create = "orders"
allow  = ["admin"]

[[routes]]
path  = "GET /api/v1/customers-orders/{customer}"
list  = "orders"
where = ["customer = :customer"]
order = "placed_at"
limit = { default = 2, max = 3 }
allow = ["admin"]

[[routes]]
path   = "GET /api/v1/sales"
window = { hours = { default = 24, min = 1, max = 48 } }
params = { branch = { type = "text" } }
from   = "orders"
where  = ["branch = :branch?"]
allow  = ["admin"]
[routes.answer]
window = ":window"
branch = ":branch"
orders = "count()"
high   = "rate(priority = 'high')"
[routes.answer.by_status]
as    = "groups"
by    = ["status"]
order = "-n"
of    = { state = "status", n = "count()", total = "sum(amount)" }
[routes.answer.by_hour]
as    = "groups"
every = "1h"
of    = { n = "count()" }
[routes.answer.by_priority]
as    = "map"
by    = ["priority"]
value = "count()"
[routes.answer.newest]
as    = "row"
order = "-placed_at"
[routes.answer.rows]
as    = "rows"
order = "placed_at"
limit = 2
[routes.answer.visits]
as     = "value"
from   = "visits"
window = "1h"
of     = "count()"
[routes.answer.silent]
as      = "values"
from    = "customers"
field   = "id"
without = { from = "orders", on = "customer", window = "24h" }
[routes.answer.most]
as    = "groups"
by    = ["status"]
order = "-n"
limit = 1
of    = { n = "count()" }
)toml";

class PiecesBody final : public http::Body {
 public:
  PiecesBody(std::vector<std::string> pieces, Error error)
      : pieces_(std::move(pieces)), error_(std::move(error)) {}

  Result<bool> read(std::string& out) override {
    has_failed_ = next_ == pieces_.size();
    if (has_failed_) return error_;
    out += pieces_[next_++];
    return true;
  }
  bool is_late() const override { return has_failed_ && error_.code() == Code::kTooSlow; }

 private:
  std::vector<std::string> pieces_;
  Error error_;
  std::size_t next_ = 0;
  bool has_failed_ = false;
};

}  // namespace

const Catalog& routed_shop() {
  static const Catalog catalog = [] {
    auto files = contract::shop_files();
    const auto is_application = [](const CatalogFile& file) {
      return file.path == "shop/application.toml";
    };
    std::ranges::find_if(files, is_application)->text = kRoutes;
    files.push_back({"shop/parcels.toml", "", std::string(kParcels)});
    return contract::load_catalog(std::move(files));
  }();
  return catalog;
}

std::unique_ptr<http::Body> broken_body(std::vector<std::string> pieces, Error error) {
  return std::make_unique<PiecesBody>(std::move(pieces), std::move(error));
}

namespace {

Options options() {
  Options options;
  options.version = "1.2.3";
  return options;
}

}  // namespace

Door::Door()
    : store_(std::make_unique<contract::FailingStore>(make_memory_store())),
      engine_(routed_shop(), *store_, clock_),
      api_(engine_, options()) {
  EXPECT_TRUE(store_->prepare(routed_shop()).ok());
}

Door::~Door() = default;

http::Request Door::request(const std::string& method, const std::string& target,
                            std::unique_ptr<http::Body> body, const Pairs& headers) {
  http::Request request;
  request.method = http::parse_method(method);
  request.method_text = method;
  request.target_text = target;
  auto parsed = http::parse_target(target);
  EXPECT_TRUE(parsed.ok()) << target;
  if (parsed.ok()) request.target = *std::move(parsed);
  request.remote_address = "127.0.0.1";
  request.headers.add("Host", "localhost");
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  request.body = std::move(body);
  return request;
}

http::Response Door::ask(const std::string& method, const std::string& target,
                         const std::string& body, const Pairs& headers) {
  http::Request asked = request(method, target, http::body_of(body), headers);
  const bool has_type = asked.headers.has("Content-Type");
  if (!body.empty() && !has_type) asked.headers.add("Content-Type", "application/json");
  return api_.handle(asked);
}

std::string Door::drain(const http::Response& response) {
  std::string all;
  while (const auto piece = response.stream()) all += *piece;
  return all;
}

Door::Pairs Door::ndjson(Pairs more) {
  more.emplace_back("Content-Type", "application/x-ndjson");
  return more;
}

std::string shown(const http::Response& response) {
  return std::to_string(response.status) + " " + response.body;
}

}  // namespace daybook::api
