// Bounded streams of bytes between the thread that does the sockets, which never waits in here, and
// a worker, which does. Each has one giver and one taker.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace daybook::http {

// A request's body: the socket gives, a worker takes. Bytes are only asked for once the worker
// reads, and no further than a small buffer ahead of it.
class BodyPipe {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  // `begin` is when the request's head was read; `wake` is called by the worker when wants_bytes()
  // has become true again.
  BodyPipe(BodyBudget& budget, Moment begin, std::function<void()> wake);
  ~BodyPipe();

  // For the giver.
  bool wants_bytes();
  void give(const std::string& bytes);
  void end();
  void fail(Error error);  // the taker sees it behind what was given

  // For the taker: as Body::read(), Body::limit_time() and Body::is_late().
  Result<bool> take(std::string& out);
  void limit_time(Duration from_head);
  bool is_late();

 private:
  void wake_giver();
  // Until something is there, or the time is over.
  void wait(std::unique_lock<std::mutex>& lock);

  BodyBudget& budget_;
  const Moment begin_;
  const std::function<void()> wake_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::string bytes_;
  std::optional<Error> error_;
  std::optional<Moment> until_;
  bool has_begun_ = false;  // the taker has asked once
  bool is_over_ = false;    // nothing more will be given
  bool giver_sleeps_ = true;
};

std::unique_ptr<Body> body_of(std::shared_ptr<BodyPipe> pipe);

// A streamed response: a worker gives, the socket takes.
class StreamPipe {
 public:
  enum class Taken { kBytes, kNothingYet, kEnd, kBroken };

  // `wake` is called by the worker when take() has something to tell.
  explicit StreamPipe(std::function<void()> wake) : wake_(std::move(wake)) {}

  // For the giver. False when nobody takes any more.
  bool give(const std::string& bytes);
  void end();
  void fail();  // there would be more, but it cannot be had

  // For the taker.
  Taken take(std::string& out);
  void close();

 private:
  void finish(Taken last);

  const std::function<void()> wake_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::string bytes_;
  Taken state_ = Taken::kNothingYet;  // what to say when bytes_ is empty
  bool is_closed_ = false;
};

// Gives all of a response's stream, on a worker. What it throws ends here, and breaks the stream.
void pull(const Response& response, StreamPipe& pipe);

}  // namespace daybook::http
