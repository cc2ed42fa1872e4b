// Requests and responses as plain values (RFC 9110). No socket and no library type is seen here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/body_budget.h"

namespace daybook::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view method_name(Method method);
Method parse_method(std::string_view name);

// Header fields in the order they came; names compare without case.
class Headers {
 public:
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);
  // The first value of that name, or empty.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

// A request's body as it arrives: unpacked (gzip, zstd), within the server's limits. read() blocks
// the calling worker until bytes are there; it is called from one thread at a time.
class Body {
 public:
  virtual ~Body() = default;
  // Appends some more bytes to out and says whether there may be more (false: the end, properly).
  // kTooLarge, kMalformed (broken compression, cut off), kMediaType (unknown encoding), kTooSlow.
  virtual Result<bool> read(std::string& out) = 0;
  // What is not there so long after the request's head does not come any more, whatever its pace:
  // reading ends with kTooSlow. For who knows whose it is; none: as long as its pace allows.
  virtual void limit_time(Duration /*from_head*/) {}
  // Whether reading ended because the client was too slow.
  virtual bool is_late() const { return false; }

  // The whole body, at most max_bytes after unpacking, which it holds until it ends. kUnavailable
  // when the bodies of all requests take too much memory.
  Result<std::string> read_all(std::size_t max_bytes);

  // For who keeps unpacked bytes of the body: counts them, in place of what was counted before.
  // False, and nothing has changed, when there is no room for them.
  bool hold(std::size_t bytes) { return held_.resize(bytes); }
  // Where they are counted.
  void count_in(BodyBudget& budget) { held_ = BodyHold(budget); }

 private:
  BodyHold held_;
};

// kUnavailable, for who cannot hold what it needs of a body.
Error no_room_for_body();

// A body that is there already.
std::unique_ptr<Body> body_of(std::string bytes);

// Name and value pairs of a query string, percent-decoded, in order; names may repeat.
using Query = std::vector<std::pair<std::string, std::string>>;

struct Target {
  std::string path;  // percent-decoded, without dot segments, always begins with '/'
  Query query;
};

// kMalformed for a bad escape, a NUL, invalid UTF-8, an escaped '/' or a path that climbs out of
// the root.
Result<Target> parse_target(std::string_view target);
std::string percent_encode(std::string_view text);

enum class Transport { kTcp, kLocalSocket, kInProcess };

struct Request {
  Method method = Method::kGet;
  std::string method_text;  // as sent
  std::string target_text;  // as sent
  Target target;
  Headers headers;
  std::unique_ptr<Body> body;  // never null
  Transport transport = Transport::kTcp;
  bool is_encrypted = false;   // came over TLS
  std::string remote_address;  // of the connection; empty for local transports
  // True once the client has gone; long work asks now and then (it costs a system call), while it
  // handles the request or gives its stream. May be empty.
  std::function<bool()> is_cancelled;

  std::string_view path() const { return target.path; }
  // The first value of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // When set, the body is what this gives, piece by piece, until it gives nothing (chunked). Called
  // from a worker, may block.
  std::function<std::optional<std::string>()> stream;
  // Asked when the stream gives nothing more: whether it broke off before its end. Then the
  // connection is cut, so that nobody takes the part for the whole. May be empty.
  std::function<bool()> broke_off;
};

// What a server calls for each request, from one of its workers.
using Handler = std::function<Response(Request&)>;

std::string_view reason_phrase(int status);

}  // namespace daybook::http
