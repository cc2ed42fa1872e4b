#include "api/metrics.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace daybook::api {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

std::string format_number(double value) {
  char buffer[32];
  const auto [end, failure] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, end);
}

}  // namespace

void write_head(std::string& out, std::string_view name, std::string_view type,
                std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  out.append(name).append(" ").append(type).append("\n");
}

void write_sample(std::string& out, std::string_view name, const Labels& labels,
                  std::string_view value) {
  out.append(name);
  char separator = '{';
  for (const auto& [label, text] : labels) {
    out += separator;
    out.append(label).append("=\"");
    append_escaped(out, text);
    out += '"';
    separator = ',';
  }
  if (!labels.empty()) out += '}';
  out.append(" ").append(value).append("\n");
}

Metrics::Metrics(std::vector<RouteLabel> routes, const Catalog& catalog, Instant started)
    : started_(started),
      routes_(std::move(routes)),
      counts_(std::make_unique<RouteCounts[]>(routes_.size())) {
  for (const auto& [application_name, application] : catalog.applications()) {
    for (const auto& [name, collection] : application.collections) {
      rows_.emplace(&collection, std::make_unique<RowCounts>());
    }
  }
}

void Metrics::count_request(std::size_t route, int status, Elapsed elapsed) {
  RouteCounts& counts = counts_[route];
  const int status_class = std::clamp(status / 100, 1, 5);
  counts.by_class[static_cast<std::size_t>(status_class - 1)].fetch_add(1,
                                                                        std::memory_order_relaxed);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  const double seconds = static_cast<double>(us) / 1e6;
  const auto bucket = std::ranges::lower_bound(kBuckets, seconds) - kBuckets.begin();
  counts.by_bucket[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  counts.microseconds.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
}

void Metrics::count_rows(const Collection& collection, std::uint64_t accepted,
                         std::uint64_t rejected) {
  RowCounts& counts = *rows_.at(&collection);
  counts.accepted.fetch_add(accepted, std::memory_order_relaxed);
  counts.rejected.fetch_add(rejected, std::memory_order_relaxed);
}

void Metrics::count_redacted(const Collection& collection, std::uint64_t masked,
                             std::uint64_t exempt) {
  RowCounts& counts = *rows_.at(&collection);
  counts.masked.fetch_add(masked, std::memory_order_relaxed);
  counts.exempt.fetch_add(exempt, std::memory_order_relaxed);
}

void Metrics::write(std::string& out) const {
  write_requests(out);
  write_latencies(out);
  write_rows(out);
}

void Metrics::write_requests(std::string& out) const {
  write_head(out, "daybook_http_requests_total", "counter",
             "Requests answered, by route, method and class of status.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    for (std::size_t c = 0; c < counts_[i].by_class.size(); ++c) {
      const std::uint64_t count = counts_[i].by_class[c].load(std::memory_order_relaxed);
      if (count == 0) continue;
      write_sample(out, "daybook_http_requests_total",
                   {{"method", routes_[i].method},
                    {"route", routes_[i].path},
                    {"status", std::to_string(c + 1) + "xx"}},
                   std::to_string(count));
    }
  }
}

void Metrics::write_latencies(std::string& out) const {
  constexpr std::string_view kName = "daybook_http_request_duration_seconds";
  write_head(out, kName, "histogram", "Time from the head of a request to its answer.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const RouteCounts& counts = counts_[i];
    Labels labels = {{"method", routes_[i].method}, {"route", routes_[i].path}, {"le", ""}};
    std::string lines;
    std::uint64_t sum = 0;
    for (std::size_t b = 0; b < counts.by_bucket.size(); ++b) {
      sum += counts.by_bucket[b].load(std::memory_order_relaxed);
      labels[2].second = b < kBuckets.size() ? format_number(kBuckets[b]) : "+Inf";
      write_sample(lines, std::string(kName) + "_bucket", labels, std::to_string(sum));
    }
    if (sum == 0) continue;
    labels.pop_back();
    const auto us = static_cast<double>(counts.microseconds.load(std::memory_order_relaxed));
    write_sample(lines, std::string(kName) + "_sum", labels, format_number(us / 1e6));
    write_sample(lines, std::string(kName) + "_count", labels, std::to_string(sum));
    out += lines;
  }
}

void Metrics::write_rows(std::string& out) const {
  static constexpr std::array<RowSeries, 4> kSeries = {{
      {"daybook_rows_accepted_total", "Rows accepted, by collection.", &RowCounts::accepted},
      {"daybook_rows_rejected_total", "Rows rejected, by collection.", &RowCounts::rejected},
      {"daybook_values_masked_total", "Values stored without the secrets that they came with.",
       &RowCounts::masked},
      {"daybook_values_exempt_total", "Texts of people stored with what is masked elsewhere.",
       &RowCounts::exempt},
  }};
  std::map<std::string, const RowCounts*> by_name;
  for (const auto& [collection, counts] : rows_) {
    const bool is_used = counts->accepted.load() > 0 || counts->rejected.load() > 0;
    if (is_used) by_name.emplace(collection->full_name(), counts.get());
  }
  for (const RowSeries& series : kSeries) {
    write_head(out, series.name, "counter", series.help);
    for (const auto& [name, counts] : by_name) {
      write_sample(out, series.name, {{"collection", name}},
                   std::to_string((counts->*series.count).load()));
    }
  }
}

}  // namespace daybook::api
