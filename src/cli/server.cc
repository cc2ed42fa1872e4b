#include "cli/server.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"
#include "cli/connection.h"
#include "cli/open_store.h"
#include "engine/access_keys.h"
#include "engine/sweep.h"

namespace daybook::cli {

namespace {

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

LogLevel level_of(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return name == "off" ? LogLevel::kOff : LogLevel::kInfo;
}

// How late the last use of a key may be told, and how much of what is counted a crash may forget.
constexpr Duration kWriteDownEvery = std::chrono::minutes(1);

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

// Waits for a signal, at most so long; 0 when none came.
int next_signal(Duration at_most) {
  const sigset_t signals = awaited_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  timespec time{};
  time.tv_sec = static_cast<std::time_t>(seconds.count());
  time.tv_nsec = static_cast<long>((at_most - seconds).count()) * 1000;
  return std::max(sigtimedwait(&signals, nullptr, &time), 0);
}

Error nobody_can_sign_in(const Settings::Setting& listen) {
  return {Code::kForbidden,
          listen.source + ": cannot listen at " + listen.value +
              ": as long as nobody can sign in, Daybook answers this machine only; make an "
              "administrator first (daybook user create EMAIL --admin), or listen at 127.0.0.1"};
}

Result<std::vector<http::Network>> trusted_proxies(const Settings& settings) {
  const Settings::Setting& setting = settings.setting(SettingId::kTrustedProxies);
  std::vector<http::Network> networks;
  for (const std::string_view part : split(setting.value, ',')) {
    if (trim(part).empty()) continue;
    auto network = http::Network::parse(trim(part));
    if (!network.ok()) return std::move(network).error().with_context(setting.source);
    networks.push_back(*std::move(network));
  }
  return networks;
}

// How the first administrator is made, over HTTP and without.
std::string setup_line(RunningServer& server) {
  const SetupLink& link = server.instance().engine().setup_link();
  return "nobody can sign in yet, so this machine may do all; make the first administrator by "
         "`daybook user create EMAIL --admin`, or with a browser (once, until " +
         format_instant(link.expires_at()) + ") at\n" + server.url() + "/setup?code=" + link.code();
}

}  // namespace

bool is_loopback(std::string_view address) {
  const std::string_view host = address.substr(0, address.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<std::unique_ptr<RunningServer>> RunningServer::start(const Settings& settings,
                                                            Terminal& terminal, Recorder recorder) {
  const Settings::Setting& listen = settings.setting(SettingId::kListen);
  set_log_level(level_of(settings.text(SettingId::kLog)));
  // Before any thread is made, so that all of them leave the signals to wait().
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::unique_ptr<RunningServer> running(new RunningServer);
  api::Options options = api_options(settings);
  options.is_loopback = is_loopback(listen.value);
  DAYBOOK_ASSIGN(options.trusted_proxies, trusted_proxies(settings));
  options.records_requests = recorder == Recorder::kOn;
  options.server_counts = [server = running.get()] {
    return server->server_ ? server->server_->counts() : http::ServerCounts{};
  };
  DAYBOOK_ASSIGN(running->instance_,
                 Instance::open(settings, Narrowing::kRefuse, std::move(options)));
  for (const CatalogChange& change : running->instance_->applied()) terminal.say(describe(change));
  running->counters_ = std::make_unique<CounterKeeper>(running->instance_->engine());
  DAYBOOK_TRY(running->counters_->restore());

  http::Limits limits;
  limits.drain_timeout = settings.duration(SettingId::kDrainTime);
  limits.max_bodies_in_flight = settings.bytes(SettingId::kBodyMemory);
  limits.least_rate = settings.bytes(SettingId::kLeastRate);
  running->server_ = std::make_unique<http::Server>(
      [instance = running->instance_.get()](http::Request& request) {
        return instance->handle(request);
      },
      api::Api::refuse, limits);
  DAYBOOK_TRY(running->use_tls(settings));
  DAYBOOK_ASSIGN(running->address_, running->server_->listen_tcp(listen.value));
  DAYBOOK_ASSIGN(const bool is_guarded, running->instance_->is_guarded());
  if (!is_guarded && !is_loopback(listen.value)) return nobody_can_sign_in(listen);
  if (uses_directory(settings)) {
    running->listen_in_directory(settings.text(SettingId::kData), terminal);
  }
  DAYBOOK_TRY(running->server_->start());
  if (!is_guarded) terminal.say(setup_line(*running));
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
  const bool sweeps = every.count() > 0;
  const Duration step = sweeps ? std::min<Duration>(every, kWriteDownEvery) : kWriteDownEvery;
  auto next_sweep = std::chrono::steady_clock::now();
  int signal = 0;
  while (signal == 0 || signal == SIGHUP) {
    if (signal == SIGHUP) read_tls_again(settings);
    write_down();
    if (sweeps && std::chrono::steady_clock::now() >= next_sweep) {
      sweep_now(instance_->engine());
      next_sweep = std::chrono::steady_clock::now() + every;
    }
    signal = next_signal(step);
  }
}

void RunningServer::write_down() {
  if (const auto noted = note_key_uses(instance_->engine()); !noted.ok()) {
    log(LogLevel::kError, "cannot note when keys were used", {{"reason", noted.error().message()}});
  }
  if (const auto saved = counters_->save(); !saved.ok()) {
    log(LogLevel::kError, "cannot save what is counted", {{"reason", saved.error().message()}});
  }
}

Result<void> RunningServer::use_tls(const Settings& settings) {
  const std::string& certificate = settings.text(SettingId::kTlsCertificate);
  const std::string& key = settings.text(SettingId::kTlsKey);
  if (certificate.empty() && key.empty()) return {};
  if (certificate.empty() || key.empty()) {
    return Error(Code::kInvalid, "TLS needs both tls-certificate and tls-key");
  }
  is_encrypted_ = true;
  return server_->use_tls(certificate, key);
}

void RunningServer::read_tls_again(const Settings& settings) {
  const auto used = use_tls(settings);
  if (used.ok()) return log(LogLevel::kInfo, "read the certificate again", {});
  log(LogLevel::kError, "goes on with the old certificate", {{"reason", used.error().message()}});
}

void RunningServer::stop() {
  // From here on a signal has its usual effect: whoever sends a second one does not want to wait.
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  server_->stop();
  write_down();  // nothing is counted any more
  std::error_code ignored;
  if (!socket_.empty()) std::filesystem::remove(socket_, ignored);
}

RunningServer::~RunningServer() {
  if (server_) server_->stop();
}

}  // namespace daybook::cli
