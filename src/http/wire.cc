#include "http/wire.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <boost/beast/http/basic_parser.hpp>

#include "base/text.h"

namespace daybook::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;
using StringView = beast::string_view;

// The library's parser for heads; bodies are ours, as its chunks trip over their own assertions
// when they come in small pieces.
template <bool is_request>
class Head final : public beast::http::basic_parser<is_request> {
 public:
  Head() {
    this->skip(true);
    // Only whole heads are given, within a limit of our own.
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
  }

  Result<void> parse(std::string_view text);

  std::string method;
  std::string target;
  int status = 0;
  int version = 11;
  Headers headers;

 private:
  void on_request_impl(beast::http::verb, StringView method_text, StringView target_text,
                       int http_version, error_code&) override {
    method = std::string(method_text);
    target = std::string(target_text);
    version = http_version;
  }
  void on_response_impl(int code, StringView, int http_version, error_code&) override {
    status = code;
    version = http_version;
  }
  void on_field_impl(beast::http::field, StringView name, StringView value, error_code&) override {
    headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(StringView, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, StringView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, StringView, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}
};

Error malformed(const std::string& what) { return {Code::kMalformed, what}; }

// Old folded lines let two readers see different headers in the same bytes.
bool has_folded_line(std::string_view head) {
  return head.find("\r\n ") != std::string_view::npos ||
         head.find("\r\n\t") != std::string_view::npos;
}

template <bool is_request>
Result<void> Head<is_request>::parse(std::string_view text) {
  if (has_folded_line(text)) return malformed("a header is folded over several lines");
  error_code error;
  this->put(asio::buffer(text), error);
  if (error) return malformed("not an HTTP/1.1 message: " + error.message());
  return {};
}

std::size_t count_of(const Headers& headers, std::string_view lower_name) {
  return static_cast<std::size_t>(
      std::count_if(headers.all().begin(), headers.all().end(), [&](const auto& header) {
        return header.first.size() == lower_name.size() && ascii_lower(header.first) == lower_name;
      }));
}

// The framing decides these.
bool is_about_framing(std::string_view name) {
  constexpr std::string_view kNames[] = {"content-length", "transfer-encoding", "connection",
                                         "date"};
  const bool may_be =
      name.size() == 14 || name.size() == 17 || name.size() == 10 || name.size() == 4;
  return may_be &&
         std::find(std::begin(kNames), std::end(kNames), ascii_lower(name)) != std::end(kNames);
}

// A line break in a value would begin a header of somebody else's choice.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) {
    const bool is_control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    out += is_control ? ' ' : c;
  }
  out.append("\r\n");
}

}  // namespace

std::size_t head_size(std::string_view bytes, std::size_t searched) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::size_t overlap = std::min(searched, kEnd.size() - 1);
  const std::size_t end = bytes.find(kEnd, searched - overlap);
  return end == std::string_view::npos ? 0 : end + kEnd.size();
}
template <typename Head>
void MessageParser::expect_body(const Head& head, BodyKind kind) {
  kind_ = kind;
  keeps_alive_ = head.keep_alive() && kind != BodyKind::kToTheEnd;
  length_ = left_ = head.content_length().value_or(0);
}

Result<void> MessageParser::parse_body(std::string_view& in, std::string& out) {
  switch (kind_) {
    case BodyKind::kNone:
      return {};
    case BodyKind::kChunked:
      return chunks_.decode(in, out);
    case BodyKind::kLength:
    case BodyKind::kToTheEnd:
      break;
  }
  const std::string_view bytes = kind_ == BodyKind::kLength ? in.substr(0, left_) : in;
  out.append(bytes);
  in.remove_prefix(bytes.size());
  left_ -= kind_ == BodyKind::kLength ? bytes.size() : 0;
  return {};
}

Result<void> MessageParser::end() {
  if (is_done()) return {};
  if (kind_ != BodyKind::kToTheEnd) return malformed("the message is cut off");
  kind_ = BodyKind::kNone;
  return {};
}

bool MessageParser::is_done() const {
  switch (kind_) {
    case BodyKind::kNone:
      return true;
    case BodyKind::kLength:
      return left_ == 0;
    case BodyKind::kChunked:
      return chunks_.is_done();
    case BodyKind::kToTheEnd:
      break;
  }
  return false;
}

std::optional<std::uint64_t> MessageParser::content_length() const {
  if (kind_ != BodyKind::kLength) return std::nullopt;
  return length_;
}

Result<void> RequestParser::parse_head(std::string_view text, Request& request) {
  Head<true> head;
  DAYBOOK_TRY(head.parse(text));
  is_http_1_0_ = head.version == 10;
  const std::size_t codings = count_of(head.headers, "transfer-encoding");
  if (codings > 0 && is_http_1_0_) return malformed("HTTP/1.0 has no Transfer-Encoding");
  if (codings > 0 && ascii_lower(head.headers.get("transfer-encoding")) != "chunked") {
    return Error(Code::kUnsupported, "of the transfer codings only chunked is read here");
  }
  const std::size_t hosts = count_of(head.headers, "host");
  if (hosts > 1 || (hosts == 0 && !is_http_1_0_)) return malformed("exactly one Host is needed");
  DAYBOOK_ASSIGN(request.target, parse_target(head.target));
  expect_body(head, head.chunked()          ? BodyKind::kChunked
                    : head.content_length() ? BodyKind::kLength
                                            : BodyKind::kNone);
  expects_continue_ = !is_http_1_0_ && ascii_lower(head.headers.get("expect")) == "100-continue";
  request.method = parse_method(head.method);
  request.method_text = std::move(head.method);
  request.target_text = std::move(head.target);
  request.headers = std::move(head.headers);
  return {};
}

Result<void> ResponseParser::parse_head(std::string_view text, Response& response) {
  Head<false> head;
  DAYBOOK_TRY(head.parse(text));
  const bool is_bare = of_request_ == Method::kHead || is_without_body(head.status);
  expect_body(head, is_bare                 ? BodyKind::kNone
                    : head.chunked()        ? BodyKind::kChunked
                    : head.content_length() ? BodyKind::kLength
                                            : BodyKind::kToTheEnd);
  response.status = head.status;
  response.headers = std::move(head.headers);
  return {};
}

bool is_without_body(int status) { return status < 200 || status == 204 || status == 304; }

std::string write_head(const Response& response, const Framing& framing, std::string_view date) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out.append(reason_phrase(response.status)).append("\r\n");
  append_header(out, "Date", date);
  for (const auto& [name, value] : response.headers.all()) {
    if (!is_about_framing(name)) append_header(out, name, value);
  }
  switch (framing.body) {
    case BodyKind::kLength:
      append_header(out, "Content-Length", std::to_string(framing.length));
      break;
    case BodyKind::kChunked:
      append_header(out, "Transfer-Encoding", "chunked");
      break;
    case BodyKind::kNone:
    case BodyKind::kToTheEnd:
      break;
  }
  if (!framing.keeps_alive) append_header(out, "Connection", "close");
  if (framing.keeps_alive && framing.is_http_1_0) append_header(out, "Connection", "keep-alive");
  return out.append("\r\n");
}

std::string write_head(Method method, std::string_view target, const Headers& headers,
                       std::string_view host, std::size_t body_size) {
  std::string out(method_name(method));
  out.append(" ").append(target).append(" HTTP/1.1\r\n");
  if (!headers.has("host")) append_header(out, "Host", host);
  for (const auto& [name, value] : headers.all()) {
    if (!is_about_framing(name)) append_header(out, name, value);
  }
  const bool may_be_bare = method == Method::kGet || method == Method::kHead;
  if (body_size > 0 || !may_be_bare)
    append_header(out, "Content-Length", std::to_string(body_size));
  return out.append("\r\n");
}

std::string write_chunk(std::string_view bytes) {
  std::array<char, 16> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string chunk(size.data(), end);
  return chunk.append("\r\n").append(bytes).append("\r\n");
}

std::string format_http_date(Instant t) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string iso = format_instant(std::chrono::floor<std::chrono::seconds>(t));
  const Date date = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day civil(date);
  return std::string(kDays[std::chrono::weekday(date).c_encoding()]) + ", " + iso.substr(8, 2) +
         ' ' + kMonths[static_cast<unsigned>(civil.month()) - 1] + ' ' + iso.substr(0, 4) + ' ' +
         iso.substr(11, 8) + " GMT";
}

}  // namespace daybook::http
