#include "engine/once.h"

#include <utility>

#include "engine/engine.h"

namespace daybook {

bool OnceGate::enter(const std::string& key) {
  std::lock_guard lock(mutex_);
  return running_.insert(key).second;
}

void OnceGate::leave(const std::string& key) {
  std::lock_guard lock(mutex_);
  running_.erase(key);
}

Result<Once> Once::begin(Engine& engine, Request request) {
  if (!engine.once_gate().enter(request.key)) {
    return Error(Code::kConflict, "the first request with this Idempotency-Key is still running");
  }
  Once once(engine.once_gate(), std::move(request));
  DAYBOOK_ASSIGN(auto there, engine.store().recall(once.request_.key, engine.now()));
  if (!there) return once;
  if (there->fingerprint != once.request_.fingerprint) {
    return Error(Code::kInvalid, "this Idempotency-Key was used with another body");
  }
  once.kept_ = std::move(there->answer);
  return once;
}

Once::Once(Once&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)),
      request_(std::move(other.request_)),
      kept_(std::move(other.kept_)) {}

Once::~Once() {
  if (gate_ != nullptr) gate_->leave(request_.key);
}

Batch::Once Once::record(Instant now, std::function<std::string(const Committed&)> answer) const {
  Batch::Once once;
  once.key = request_.key;
  once.fingerprint = request_.fingerprint;
  once.expires = now + request_.kept;
  once.answer_of = std::move(answer);
  return once;
}

}  // namespace daybook
