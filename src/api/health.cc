// Health for probes, and the figures for Prometheus.
#include <unistd.h>

#include <fstream>
#include <string>

#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/inspect.h"

namespace daybook::api {
namespace {

struct Check {
  std::string name;
  bool is_good = true;
  std::string detail;
};

std::vector<Check> run_checks(Engine& engine) {
  const Health store = health(engine);
  return {{"store", store.is_writable,
           store.is_writable ? store.store + " takes writes" : store.reason},
          {"durability", true,
           store.is_durable ? "an answer comes after the write is on disk"
                            : "a crash of the machine may lose the newest writes"}};
}

bool is_all_good(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    if (!check.is_good) return false;
  }
  return true;
}

void write_reasons(const std::vector<Check>& checks, json::Writer& out) {
  out.key("reasons").begin_array();
  for (const Check& check : checks) {
    if (!check.is_good) out.value(check.name + ": " + check.detail);
  }
  out.end_array();
}

void write_checks(const std::vector<Check>& checks, json::Writer& out) {
  out.key("checks").begin_array();
  for (const Check& check : checks) {
    out.begin_object().key("name").value(check.name).key("healthy").value(check.is_good);
    out.key("detail").value(check.detail).end_object();
  }
  out.end_array();
}

void write_gauge(std::string& out, std::string_view name, std::string_view help,
                 std::uint64_t value) {
  write_head(out, name, "gauge", help);
  write_sample(out, name, {}, std::to_string(value));
}

void write_counter(std::string& out, std::string_view name, std::string_view help,
                   std::uint64_t value) {
  write_head(out, name, "counter", help);
  write_sample(out, name, {}, std::to_string(value));
}

// Pages of memory that are in use, from /proc (Linux).
std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void write_server(const http::ServerCounts& counts, std::string& out) {
  write_gauge(out, "daybook_http_connections", "Connections open now.", counts.connections);
  write_counter(out, "daybook_http_connections_total", "Connections accepted.", counts.accepted);
  write_counter(out, "daybook_http_refused_total", "Requests refused by a limit of the server.",
                counts.refused);
  write_gauge(out, "daybook_http_queued_requests", "Requests that wait for a worker.",
              counts.queued);
}

void write_recorder(const RequestRecorder::Counts& counts, std::string& out) {
  write_counter(out, "daybook_requests_recorded_total", "Requests stored by the recorder.",
                counts.recorded);
  write_counter(out, "daybook_requests_dropped_total",
                "Requests that the recorder had no room for, or could not store.", counts.dropped);
}

void write_store(Engine& engine, std::string& out) {
  const Health store = health(engine);
  write_gauge(out, "daybook_store_writable", "Whether the store takes writes.",
              store.is_writable ? 1 : 0);
  const auto all = positions(engine);
  if (!all.ok()) return;
  write_head(out, "daybook_position", "gauge", "The newest position, by application.");
  for (const auto& [application, position] : *all) {
    write_sample(out, "daybook_position", {{"application", application}}, std::to_string(position));
  }
}

}  // namespace

Result<http::Response> read_alive(Call&) { return json_response(200, R"({"status":"alive"})"); }

Result<http::Response> read_ready(Call& call) {
  const auto checks = run_checks(call.engine);
  const bool is_ready = is_all_good(checks);
  std::string body;
  json::Writer out(body);
  out.begin_object().key("status").value(is_ready ? "ready" : "unavailable");
  if (!is_ready) write_reasons(checks, out);
  out.end_object();
  return json_response(is_ready ? 200 : 503, std::move(body));
}

Result<http::Response> read_health(Call& call) {
  const auto checks = run_checks(call.engine);
  const bool is_good = is_all_good(checks);
  std::string body;
  json::Writer out(body);
  out.begin_object().key("status").value(is_good ? "healthy" : "unhealthy");
  out.key("version").value(call.options.version);
  if (call.request.parameter("verbose")) {
    DAYBOOK_TRY(may(call.principal, Access::kSignedIn));
    write_checks(checks, out);
  } else if (!is_good) {
    write_reasons(checks, out);
  }
  out.end_object();
  return json_response(is_good ? 200 : 503, std::move(body));
}

Result<http::Response> read_store_health(Call& call) {
  const Health store = health(call.engine);
  std::string body;
  json::Writer out(body);
  out.begin_object().key("status").value(store.is_writable ? "connected" : "disconnected");
  out.key("healthy").value(store.is_writable);
  if (!store.is_writable) out.key("reason").value(store.reason);
  out.end_object();
  return json_response(store.is_writable ? 200 : 503, std::move(body));
}

Result<http::Response> read_metrics(Call& call) {
  std::string out;
  write_head(out, "daybook_build_info", "gauge", "The version that runs.");
  write_sample(out, "daybook_build_info", {{"version", call.options.version}}, "1");
  call.metrics.write(out);
  write_store(call.engine, out);
  if (call.recorder != nullptr) write_recorder(call.recorder->counts(), out);
  if (call.options.server_counts) write_server(call.options.server_counts(), out);
  write_gauge(out, "process_resident_memory_bytes", "Memory in use.", resident_bytes());
  write_gauge(out, "process_start_time_seconds", "When the process began to answer, since 1970.",
              static_cast<std::uint64_t>(micros(call.metrics.started()) / 1'000'000));
  http::Response response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(out);
  return response;
}

}  // namespace daybook::api
