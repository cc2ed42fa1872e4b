// Call: what an endpoint is given of one request; and the few words that most endpoints begin with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "api/metrics.h"
#include "api/reading.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/answer.h"
#include "engine/engine.h"
#include "engine/once.h"
#include "engine/principal.h"
#include "engine/question.h"
#include "engine/request_recorder.h"
#include "engine/rights.h"
#include "http/message.h"

namespace daybook::api {

// A route of the catalog, as it is called.
struct Declared {
  const Application* application;
  const Route* route;
  std::vector<std::string> names;  // in its path
};

struct Call {
  http::Request& request;
  Engine& engine;
  const Options& options;
  const Principal& principal;
  Metrics& metrics;
  Gate& reading_memory;                 // for a Reading
  Access access;                        // what the route needs
  std::vector<std::string> parameters;  // of the path, in order
  const Declared* declared = nullptr;   // of declared routes
  const RequestRecorder* recorder = nullptr;
};

using Endpoint = Result<http::Response> (*)(Call& call);

// The collection of /{app}/{collection}, when the principal has the route's right to it; kNotFound
// suggests a near name.
Result<const Collection*> collection_of(const Call& call);
Result<const Application*> application_of(const Call& call);
// The collection of a declared route.
Result<const Collection*> declared_collection(const Call& call);

// The words of the query string.
Words words_of(const Call& call);
Budget budget_of(const Call& call);
Result<Question> question_of(const Call& call, const Collection& collection);
RouteCall route_call_of(const Call& call);

// A JSON body; kTooLarge beyond what its sender may send (request_limits.h).
Result<std::string> read_json_body(Call& call);
Result<std::string> read_body(Call& call);

// The request's Idempotency-Key, when it has one: scoped by principal, method and path.
Result<std::optional<Once>> begin_once(Call& call, std::string_view body);
// A response as it is kept for repeats, and back.
std::string pack(const http::Response& response);
Result<http::Response> unpack(const std::string& kept);

// "/api/v1/{app}/{collection}/{id}", for Location.
std::string row_path(const Collection& collection, std::string_view id);

// {"start":...,"end":...,"tz":...} or null.
void write_window(const std::optional<Window>& window, json::Writer& out);

}  // namespace daybook::api
