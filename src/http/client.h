// A blocking HTTP/1.1 client for the command line, tests and benches: TCP or a local socket, one
// connection kept alive. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace daybook::http {

class Client {
 public:
  // "http://127.0.0.1:8000", "https://daybook.example" (a path after it is put before every target)
  // or "unix:/path/to/socket".
  static Result<Client> open(std::string_view url, Duration timeout = std::chrono::seconds(60));
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // kUnavailable when it cannot connect or the connection breaks. Connects again once when a kept
  // connection turns out closed before any byte of the answer came.
  Result<Response> send(Method method, std::string_view target, const Headers& headers,
                        std::string_view body);

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace daybook::http
