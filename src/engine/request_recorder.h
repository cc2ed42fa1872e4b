// RequestRecorder: the requests that Daybook answered, on their way into the collections that
// applications declare for them (`recorder`).
//
// record() may be called from any thread; it copies, never waits for a store, and drops what finds
// no room. A thread of its own stores what came together, twice a second, through the same door as
// every other row.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/json.h"
#include "engine/engine.h"

namespace daybook {

// One request as it was answered. Empty texts and sizes are not known.
struct AnsweredRequest {
  Instant at;
  // Whose route it met, and that route without ids: what other applications than that are told in
  // place of the path. Empty: the path is nobody's.
  std::string application, route;
  std::string endpoint, method, user_id, address, user_agent, referer, error_message;
  int status = 0;
  double milliseconds = 0;
  std::optional<std::uint64_t> request_bytes, response_bytes;
};

class RequestRecorder {
 public:
  // The most that waits; beyond, requests are dropped. Heads of requests may be long.
  struct Room {
    std::size_t requests = 10'000;
    std::size_t bytes = 16U << 20;
  };

  explicit RequestRecorder(Engine& engine) : RequestRecorder(engine, Room()) {}
  RequestRecorder(Engine& engine, Room room);
  ~RequestRecorder();  // stops

  // Whether any application wants the requests of this path.
  bool wants(std::string_view path) const;
  void record(AnsweredRequest request);

  // Until start() requests only wait.
  void start();
  // Stores what waits and ends the thread.
  void stop();

  struct Counts {
    std::uint64_t recorded = 0;
    std::uint64_t dropped = 0;  // no room, or refused by the collection or the store
  };
  Counts counts() const { return {recorded_.load(), dropped_.load()}; }

 private:
  // Where one application wants them.
  struct Target {
    const Recorder* rule;
    const Collection* collection;
  };

  void run();
  void store(const std::vector<AnsweredRequest>& requests);
  void store_in(const Target& target, const std::vector<AnsweredRequest>& requests);
  void complain(const Target& target, std::uint64_t dropped, const Error& error);

  Engine& engine_;
  const Room room_;
  std::vector<Target> targets_;
  std::atomic<std::uint64_t> recorded_{0}, dropped_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<AnsweredRequest> waiting_;  // guarded by mutex_
  std::size_t waiting_bytes_ = 0;         // guarded by mutex_
  bool is_stopping_ = false;              // guarded by mutex_

  std::thread thread_;
};

}  // namespace daybook
