#include "http/pipe.h"

#include <exception>

#include "base/log.h"

namespace daybook::http {
namespace {

// How far one side may be ahead of the other.
constexpr std::size_t kAhead = std::size_t{256} << 10;

class PipedBody final : public Body {
 public:
  explicit PipedBody(std::shared_ptr<BodyPipe> pipe) : pipe_(std::move(pipe)) {}
  Result<bool> read(std::string& out) override { return pipe_->take(out); }
  void limit_time(Duration from_head) override { pipe_->limit_time(from_head); }
  bool is_late() const override { return pipe_->is_late(); }

 private:
  std::shared_ptr<BodyPipe> pipe_;
};

}  // namespace

BodyPipe::BodyPipe(BodyBudget& budget, Moment begin, std::function<void()> wake)
    : budget_(budget), begin_(begin), wake_(std::move(wake)) {}

BodyPipe::~BodyPipe() { budget_.give_back(bytes_.size()); }

bool BodyPipe::wants_bytes() {
  const std::lock_guard lock(mutex_);
  // A pipe that is empty may always take a piece: its worker waits for it, so it goes on.
  const bool has_room = bytes_.empty() || (bytes_.size() < kAhead && !budget_.is_spent());
  const bool wants = has_begun_ && !is_over_ && has_room;
  giver_sleeps_ = !wants;
  return wants;
}

void BodyPipe::give(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  bytes_.append(bytes);
  budget_.take(bytes.size());
  changed_.notify_one();
}

void BodyPipe::end() {
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  changed_.notify_one();
}

void BodyPipe::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (is_over_) return;
  is_over_ = true;
  error_ = std::move(error);
  changed_.notify_one();
}

Result<bool> BodyPipe::take(std::string& out) {
  std::unique_lock lock(mutex_);
  has_begun_ = true;
  if (bytes_.empty()) {
    wake_giver();
    wait(lock);
  }
  if (!is_over_ && until_ && std::chrono::steady_clock::now() >= *until_) {
    is_over_ = true;
    error_ = Error(Code::kTooSlow, "the request's body took too long");
  }
  if (bytes_.empty() && error_) return *error_;
  out.append(bytes_);
  budget_.give_back(bytes_.size());
  bytes_.clear();
  wake_giver();
  return !is_over_ || error_.has_value();
}

void BodyPipe::wait(std::unique_lock<std::mutex>& lock) {
  const auto is_there = [this] { return !bytes_.empty() || is_over_; };
  if (until_) {
    changed_.wait_until(lock, *until_, is_there);
  } else {
    changed_.wait(lock, is_there);
  }
}

void BodyPipe::limit_time(Duration from_head) {
  const std::lock_guard lock(mutex_);
  until_ = begin_ + from_head;
}

bool BodyPipe::is_late() {
  const std::lock_guard lock(mutex_);
  return error_ && error_->code() == Code::kTooSlow;
}

void BodyPipe::wake_giver() {
  if (!giver_sleeps_ || is_over_) return;
  giver_sleeps_ = false;
  wake_();
}

std::unique_ptr<Body> body_of(std::shared_ptr<BodyPipe> pipe) {
  return std::make_unique<PipedBody>(std::move(pipe));
}

bool StreamPipe::give(const std::string& bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return bytes_.size() < kAhead || is_closed_; });
  if (is_closed_) return false;
  if (bytes_.empty() && !bytes.empty()) wake_();
  bytes_.append(bytes);
  return true;
}

void StreamPipe::end() { finish(Taken::kEnd); }
void StreamPipe::fail() { finish(Taken::kBroken); }

void StreamPipe::finish(Taken last) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return;
  state_ = last;
  wake_();
}

StreamPipe::Taken StreamPipe::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  if (bytes_.empty()) return state_;
  out.swap(bytes_);
  bytes_.clear();
  changed_.notify_one();
  return Taken::kBytes;
}

void StreamPipe::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  bytes_.clear();
  state_ = Taken::kBroken;
  changed_.notify_one();
}

void pull(const Response& response, StreamPipe& pipe) {
  try {
    while (const auto piece = response.stream()) {
      if (!pipe.give(*piece)) return;
    }
    if (response.broke_off && response.broke_off()) return pipe.fail();
    pipe.end();
    return;
  } catch (const std::exception& error) {
    log(LogLevel::kError, "a response stream threw", {{"cause", error.what()}});
  } catch (...) {
    log(LogLevel::kError, "a response stream threw");
  }
  pipe.fail();
}

}  // namespace daybook::http
