// Exchange: one request of a connection and its answer. Private to connection.cc.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "http/connection.h"
#include "http/pace.h"

namespace daybook::http {

// One of the workers that wait for the pace of a client. Any thread, one at a time.
class TransferPlace {
 public:
  explicit TransferPlace(std::atomic<std::size_t>& taken) : taken_(taken) {}
  ~TransferPlace() { leave(); }
  TransferPlace(const TransferPlace&) = delete;
  TransferPlace& operator=(const TransferPlace&) = delete;

  // False when all `places` are taken; true again while this one is held.
  bool enter(std::size_t places) {
    if (is_inside_) return true;
    is_inside_ = ++taken_ <= places;
    if (!is_inside_) --taken_;
    return is_inside_;
  }
  void leave() {
    if (is_inside_) --taken_;
    is_inside_ = false;
  }

 private:
  std::atomic<std::size_t>& taken_;
  bool is_inside_ = false;
};

// From hand_over() until has_left the request is the worker's.
struct Connection::Exchange {
  explicit Exchange(Shared& shared)
      : budget(shared.budget),
        transfer(shared.transfers),
        incoming(shared.limits.body_timeout, shared.limits.least_rate),
        outgoing(shared.limits.write_timeout, shared.limits.least_rate) {}
  ~Exchange() { count(0); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // How much of the budget a small body takes as it was received.
  void count(std::size_t bytes) {
    budget.take(bytes);
    budget.give_back(counted);
    counted = bytes;
  }
  bool is_all_read() const { return has_head && !is_broken && parser.is_done(); }

  RequestParser parser;
  Request request;
  std::shared_ptr<BodyPipe> body;      // of a large or slow request
  std::shared_ptr<StreamPipe> stream;  // of a streamed answer
  std::optional<Response> answer;
  BodyBudget& budget;
  std::size_t counted = 0;
  TransferPlace transfer;
  Pace incoming, outgoing;
  std::chrono::steady_clock::time_point head_read;
  // For the worker alone: until then it believes that a client which sends no more is there.
  std::chrono::steady_clock::time_point trusted_until;
  bool has_head = false;
  bool is_invited = false;   // the client was told to continue
  bool is_broken = false;    // it cannot be told where a next request would begin
  bool is_streamed = false;  // of the answer, even to a HEAD
  bool is_head = false;      // its method is HEAD
  bool is_handed_over = false;
  std::atomic<bool> is_tried = false;  // the client was written to, to see whether it is there
  bool has_left = false;               // the worker is done with it
};

}  // namespace daybook::http
