// A request that may come twice (Idempotency-Key): its first answer is kept in the commit of what
// it changed and given again. Any thread; one Once belongs to one request.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/batch.h"

namespace daybook {

class Engine;

// The keys whose requests are under way in this process.
class OnceGate {
 public:
  // False when it is inside already.
  bool enter(const std::string& key);
  void leave(const std::string& key);

 private:
  std::mutex mutex_;
  std::set<std::string> running_;  // guarded by mutex_
};

class Once {
 public:
  struct Request {
    std::string key;          // with its scope: principal and route
    std::string fingerprint;  // of the body
    Duration kept;            // how long the answer is
  };

  // kConflict while the first request of that key is still running, kInvalid when that one had
  // another body.
  static Result<Once> begin(Engine& engine, Request request);
  Once(Once&& other) noexcept;
  Once& operator=(Once&&) = delete;
  ~Once();

  // The answer that was given before; then nothing is to be done.
  const std::optional<std::string>& kept() const { return kept_; }
  // For the batch that the request becomes: `answer` makes what a repeat is told.
  Batch::Once record(Instant now, std::function<std::string(const Committed&)> answer) const;

 private:
  Once(OnceGate& gate, Request request) : gate_(&gate), request_(std::move(request)) {}

  OnceGate* gate_;  // null when moved from
  Request request_;
  std::optional<std::string> kept_;
};

}  // namespace daybook
