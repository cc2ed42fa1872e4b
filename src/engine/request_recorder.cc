#include "engine/request_recorder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "engine/ingest.h"

namespace daybook {
namespace {

// How long requests gather, and how many are enough to store them sooner.
constexpr std::chrono::milliseconds kGather(500);
constexpr std::size_t kEnough = 1'000;

// "/health/*" stands for everything below.
bool fits(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) return pattern == path;
  pattern.remove_suffix(1);
  return path.starts_with(pattern);
}

bool wants_path(const Recorder& rule, std::string_view path) {
  return std::none_of(rule.skip.begin(), rule.skip.end(),
                      [&](const std::string& pattern) { return fits(pattern, path); });
}

std::size_t bytes_of(const AnsweredRequest& request) {
  std::size_t bytes = sizeof(AnsweredRequest);
  for (const std::string* text :
       {&request.application, &request.route, &request.endpoint, &request.method, &request.user_id,
        &request.address, &request.user_agent, &request.referer, &request.error_message}) {
    bytes += text->size();
  }
  return bytes;
}

// Headers of a connection may hold anything; what a row cannot keep is cut off.
std::string_view kept_of(std::string_view text, const Field& field) {
  text = text.substr(0, text.find('\0'));
  text = text.substr(0, find_invalid_utf8(text));
  return utf8_prefix(
      text, static_cast<std::size_t>(field.max.value_or(static_cast<double>(kMaxTextBytes))));
}

// A request as the JSON of a row, with the members that the collection declares.
class RowText {
 public:
  RowText(const Collection& collection, const AnsweredRequest& request)
      : collection_(collection), out_(text_) {
    out_.begin_object();
    add("timestamp", format_instant(request.at));
    const bool is_own = request.application == collection.application || request.route.empty();
    add("endpoint", is_own ? request.endpoint : request.route);
    add("method", request.method);
    add_number("status_code", static_cast<std::int64_t>(request.status));
    add_number("response_time_ms", request.milliseconds);
    add("user_id", request.user_id);
    add("ip_address", request.address);
    add("user_agent", request.user_agent);
    add("referer", request.referer);
    if (is_own) add("error_message", request.error_message);  // may name ids
    if (request.request_bytes) add_number("request_size_bytes", *request.request_bytes);
    if (request.response_bytes) add_number("response_size_bytes", *request.response_bytes);
    out_.end_object();
  }

  const std::string& text() const { return text_; }

 private:
  void add(std::string_view name, std::string_view text) {
    const auto field = collection_.find_field(name);
    if (!field) return;
    const std::string_view kept = kept_of(text, collection_.fields[*field]);
    if (!kept.empty()) out_.key(name).value(kept);
  }

  template <typename Number>
  void add_number(std::string_view name, Number number) {
    if (collection_.find_field(name)) out_.key(name).value(number);
  }

  const Collection& collection_;
  std::string text_;
  json::Writer out_;
};

}  // namespace

RequestRecorder::RequestRecorder(Engine& engine, Room room) : engine_(engine), room_(room) {
  for (const auto& [name, application] : engine.catalog().applications()) {
    if (!application.recorder || !application.recorder->enabled) continue;
    targets_.push_back({&*application.recorder, application.find(application.recorder->into)});
  }
}

RequestRecorder::~RequestRecorder() { stop(); }

bool RequestRecorder::wants(std::string_view path) const {
  return std::any_of(targets_.begin(), targets_.end(),
                     [&](const Target& target) { return wants_path(*target.rule, path); });
}

void RequestRecorder::record(AnsweredRequest request) {
  const std::size_t bytes = bytes_of(request);
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= room_.requests || waiting_bytes_ + bytes > room_.bytes) {
    ++dropped_;
    return;
  }
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(request));
  if (waiting_.size() == 1 || waiting_.size() == kEnough) changed_.notify_one();
}

void RequestRecorder::start() {
  if (!targets_.empty() && !thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void RequestRecorder::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void RequestRecorder::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    changed_.wait_for(lock, kGather, [this] { return is_stopping_ || waiting_.size() >= kEnough; });
    const std::vector<AnsweredRequest> requests = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    lock.unlock();
    store(requests);
    lock.lock();
  }
}

void RequestRecorder::store(const std::vector<AnsweredRequest>& requests) {
  for (const Target& target : targets_) store_in(target, requests);
}

void RequestRecorder::store_in(const Target& target, const std::vector<AnsweredRequest>& requests) {
  const Principal ourselves;
  auto sight = Sight::of(engine_, ourselves, *target.collection);
  if (!sight.ok()) return complain(target, requests.size(), sight.error());
  Ingest ingest(engine_, ourselves, *std::move(sight));
  json::Parser parser;
  for (const AnsweredRequest& request : requests) {
    if (!wants_path(*target.rule, request.endpoint)) continue;
    const RowText row(*target.collection, request);
    const auto value = parser.parse(row.text());
    if (value.ok()) ingest.take(*value);
  }
  const std::uint64_t taken = ingest.taken();
  const auto committed = ingest.commit();
  const std::uint64_t accepted = ingest.intake().accepted;
  recorded_ += accepted;
  dropped_ += taken - accepted;
  if (!committed.ok()) complain(target, 0, committed.error());
}

void RequestRecorder::complain(const Target& target, std::uint64_t dropped, const Error& error) {
  dropped_ += dropped;
  log(LogLevel::kWarning, "requests not recorded",
      {{"collection", target.collection->full_name()}, {"reason", error.message()}});
}

}  // namespace daybook
