#include "cli/importer.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "cli/answer.h"

namespace daybook::cli {

namespace {

constexpr std::size_t kChunkRows = 1000;  // one commit of the server
constexpr std::size_t kChunkBytes = 4u << 20;
constexpr int kTries = 6;  // about half a minute in all, unless the server asks for more
constexpr std::chrono::seconds kLongestWait{30};

bool is_passing(int status) { return status == 429 || status == 503; }

std::chrono::milliseconds wait_of(const http::Response* response, int tried) {
  std::int64_t seconds = 0;
  if (response != nullptr) {
    const std::string_view text = response->headers.get("Retry-After");
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  if (seconds > 0) return std::min(std::chrono::seconds(seconds), kLongestWait);
  return std::chrono::milliseconds(500) * (1 << tried);
}

}  // namespace

Result<void> Importer::add(std::uint64_t line, std::string_view json) {
  // A line end inside a value is only layout, but would end the NDJSON line.
  const std::size_t before = body_.size();
  body_ += json;
  std::replace(body_.begin() + static_cast<std::ptrdiff_t>(before), body_.end(), '\n', ' ');
  std::replace(body_.begin() + static_cast<std::ptrdiff_t>(before), body_.end(), '\r', ' ');
  body_ += '\n';
  lines_.push_back(line);
  if (lines_.size() < kChunkRows && body_.size() < kChunkBytes) return {};
  return flush();
}

void Importer::refuse(std::uint64_t line, std::string reason) {
  ++imported_.refused;
  if (imported_.bad.size() < kListed) imported_.bad.push_back({line, std::move(reason)});
}

Result<http::Response> Importer::send_patiently(const http::Headers& headers) {
  for (int tried = 0;; ++tried) {
    auto response = connection_.send(http::Method::kPost, path_, headers, body_);
    const bool may_pass =
        response ? is_passing(response->status) : response.error().code() == Code::kUnavailable;
    if (!may_pass || tried + 1 == kTries) return response;
    std::this_thread::sleep_for(wait_of(response ? &*response : nullptr, tried));
  }
}

Result<void> Importer::read_answer(const http::Response& response) {
  json::Parser parser;
  const auto answer = parser.parse(response.body);
  const bool is_object = answer && answer->kind() == json::Kind::kObject;
  const auto errors = is_object ? answer->find("errors") : std::nullopt;
  const bool is_verdict =
      response.status == 201 || response.status == 207 || (response.status == 422 && errors);
  if (!is_object || !is_verdict) return error_of(response);

  const std::uint64_t before = imported_.refused;
  if (errors && errors->kind() == json::Kind::kArray) {
    std::uint64_t last = UINT64_MAX;
    auto elements = errors->elements();
    while (const auto error = elements.next()) {
      const std::uint64_t item = number_of(*error, "item");
      // An item may have several errors; it is one bad line.
      const std::string pointer = text_of(*error, "pointer");
      const bool is_of_all = pointer.empty() || pointer == "#";
      const std::string reason = (is_of_all ? "" : pointer + " ") + text_of(*error, "detail");
      const std::uint64_t line = item < lines_.size() ? lines_[item] : 0;
      if (item != last) {
        refuse(line, reason);
      } else if (!imported_.bad.empty() && imported_.bad.back().line == line) {
        imported_.bad.back().reason += "; " + reason;
      }
      last = item;
    }
  }
  const std::uint64_t accepted = response.status == 422 ? 0 : number_of(*answer, "accepted");
  imported_.refused = before + lines_.size() - accepted;
  imported_.accepted += accepted;
  imported_.kept += answer->find("kept") ? number_of(*answer, "kept") : accepted;
  imported_.position = std::max(imported_.position, number_of(*answer, "position"));
  imported_.repeated += number_of(*answer, "repeated");
  return {};
}

Result<void> Importer::flush() {
  if (lines_.empty()) return {};
  http::Headers headers;
  headers.add("Content-Type", "application/x-ndjson");
  headers.add("Prefer", "return=minimal");
  DAYBOOK_ASSIGN(const auto response, send_patiently(headers));
  DAYBOOK_TRY(read_answer(response));
  body_.clear();
  lines_.clear();
  return {};
}

}  // namespace daybook::cli
