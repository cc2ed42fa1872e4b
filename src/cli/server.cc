#include "cli/server.h"

#include <pthread.h>
#include <signal.h>

#include <ctime>
#include <filesystem>

#include "base/log.h"
#include "cli/connection.h"
#include "cli/open_store.h"
#include "engine/sweep.h"

namespace daybook::cli {

namespace {

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

LogLevel level_of(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return name == "off" ? LogLevel::kOff : LogLevel::kInfo;
}

void sweep_now(Engine& engine) {
  const auto swept = sweep(engine, Expiry::Mode::kRemove);
  if (!swept) {
    log(LogLevel::kError, "sweep failed", {{"reason", swept.error().message()}});
    return;
  }
  for (const Swept& one : *swept) {
    if (one.removed.rows == 0) continue;
    log(LogLevel::kInfo, "swept",
        {{"collection", one.collection->full_name()},
         {"rows", std::to_string(one.removed.rows)},
         {"bytes", std::to_string(one.removed.bytes)}});
  }
}

// Waits for a signal, at most so long; whether one came.
bool signal_came(Duration at_most) {
  const sigset_t signals = ending_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  timespec time{};
  time.tv_sec = static_cast<std::time_t>(seconds.count());
  time.tv_nsec = static_cast<long>((at_most - seconds).count()) * 1000;
  return sigtimedwait(&signals, nullptr, &time) > 0;
}

}  // namespace

bool is_loopback(std::string_view address) {
  const std::string_view host = address.substr(0, address.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<std::unique_ptr<RunningServer>> RunningServer::start(const Settings& settings,
                                                            Terminal& terminal) {
  const Settings::Setting& listen = settings.setting(SettingId::kListen);
  if (!is_loopback(listen.value)) {
    return Error(
        Code::kForbidden,
        listen.source + ": cannot listen at " + listen.value +
            ": as long as nobody can sign in, Daybook answers this machine only; listen at "
            "127.0.0.1 and put a proxy that checks who asks before it");
  }
  set_log_level(level_of(settings.text(SettingId::kLog)));
  // Before any thread is made, so that all of them leave the signals to wait().
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::unique_ptr<RunningServer> running(new RunningServer);
  api::Options options = api_options(settings);
  options.server_counts = [server = running.get()] {
    return server->server_ ? server->server_->counts() : http::ServerCounts{};
  };
  DAYBOOK_ASSIGN(running->instance_,
                 Instance::open(settings, Narrowing::kRefuse, std::move(options)));
  for (const CatalogChange& change : running->instance_->applied()) terminal.say(describe(change));

  http::Limits limits;
  limits.drain_timeout = settings.duration(SettingId::kDrainTime);
  limits.max_bodies_in_flight = settings.bytes(SettingId::kBodyMemory);
  limits.least_rate = settings.bytes(SettingId::kLeastRate);
  running->server_ = std::make_unique<http::Server>(
      [instance = running->instance_.get()](http::Request& request) {
        return instance->handle(request);
      },
      api::Api::refuse, limits);
  DAYBOOK_ASSIGN(running->address_, running->server_->listen_tcp(listen.value));
  if (uses_directory(settings)) {
    running->listen_in_directory(settings.text(SettingId::kData), terminal);
  }
  DAYBOOK_TRY(running->server_->start());
  return running;
}

// Without its socket, which a long path or a foreign file system can prevent, a server serves on.
void RunningServer::listen_in_directory(const std::string& directory, Terminal& terminal) {
  const std::string path = socket_path(directory);
  if (auto listening = server_->listen_local(path); !listening) {
    terminal.say("warning: " + listening.error().message() + "; commands on " + directory +
                 " need --server http://" + address_ + " while this server runs");
    return;
  }
  socket_ = path;
}

void RunningServer::wait(const Settings& settings) {
  const Duration every = settings.duration(SettingId::kSweepEvery);
  if (every.count() == 0) {
    while (!signal_came(std::chrono::hours(1))) {
    }
    return;
  }
  sweep_now(instance_->engine());
  while (!signal_came(every)) sweep_now(instance_->engine());
}

void RunningServer::stop() {
  // From here on a signal has its usual effect: whoever sends a second one does not want to wait.
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  server_->stop();
  std::error_code ignored;
  if (!socket_.empty()) std::filesystem::remove(socket_, ignored);
}

RunningServer::~RunningServer() {
  if (server_) server_->stop();
}

}  // namespace daybook::cli
