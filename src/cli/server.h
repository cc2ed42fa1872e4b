// A server on an instance: the sockets of `daybook serve`, and its life until a signal ends it.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "cli/instance.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "engine/counter_keeper.h"
#include "http/server.h"

namespace daybook::cli {

class RunningServer {
 public:
  // Whether the requests that it answers are recorded, where applications declare that.
  enum class Recorder { kOn, kOff };

  // Opens the directory, listens at --listen and at the directory's socket, and answers. Signals
  // that end a server are blocked from here on in all threads, see wait().
  static Result<std::unique_ptr<RunningServer>> start(const Settings& settings, Terminal& terminal,
                                                      Recorder recorder = Recorder::kOn);
  ~RunningServer();

  const std::string& address() const { return address_; }  // "127.0.0.1:43211"
  std::string url() const { return (is_encrypted_ ? "https://" : "http://") + address_; }
  // The way to it as the operator: the directory's socket, where there is one.
  std::string local_url() const { return socket_.empty() ? url() : "unix:" + socket_; }
  Instance& instance() { return *instance_; }

  // Until SIGTERM or SIGINT; sweeps meanwhile, as often as the settings say. SIGHUP reads the
  // certificate and its key again.
  void wait(const Settings& settings);
  // Lets requests under way end. A second signal ends the process at once.
  void stop();

 private:
  RunningServer() = default;
  void listen_in_directory(const std::string& directory, Terminal& terminal);
  Result<void> use_tls(const Settings& settings);
  void read_tls_again(const Settings& settings);
  // When keys were used, and what is counted, goes to the store.
  void write_down();

  std::unique_ptr<Instance> instance_;
  std::unique_ptr<CounterKeeper> counters_;
  std::unique_ptr<http::Server> server_;
  std::string address_;
  bool is_encrypted_ = false;
  std::string socket_;
};

// Whether an address answers this machine only: "127.0.0.1:8000", "[::1]:0", "localhost:80".
bool is_loopback(std::string_view address);

}  // namespace daybook::cli
