#include "cli/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"

namespace daybook::cli {

namespace {

using enum SettingGroup;

std::string default_directory(const Environment& environment) {
  if (const auto xdg = environment("XDG_DATA_HOME"); xdg && !xdg->empty()) return *xdg + "/daybook";
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return *home + "/.local/share/daybook";
  }
  return "daybook";
}

// The values that a type of few values takes; empty for the others.
std::vector<std::string> values_of(std::string_view type) {
  if (type == "level") return {"debug", "info", "warning", "error", "off"};
  if (type == "durability") return {"full", "relaxed"};
  return {};
}

Result<void> check_type(const SettingRow& row, const std::string& value) {
  if (row.type == "duration" && !parse_duration(value)) {
    return Error(Code::kInvalid,
                 "'" + value + "' is not a duration such as " + std::string(row.default_text));
  }
  if (row.type == "size" && !parse_size(value)) {
    return Error(Code::kInvalid,
                 "'" + value + "' is not a size such as " + std::string(row.default_text));
  }
  const std::vector<std::string> values = values_of(row.type);
  if (values.empty() || std::find(values.begin(), values.end(), value) != values.end()) return {};
  return Error(Code::kInvalid, "'" + value + "' is not one of " + join(values, ", "));
}

// Names in capitals are the environment names of settings that catalogs declare.
bool is_declared_name(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

Result<void> check_names(const ConfigFile& file) {
  std::vector<std::string> known;
  for (const SettingRow& row : setting_rows()) known.emplace_back(row.key);
  for (const auto& [name, entry] : file.entries) {
    bool is_known = is_declared_name(name);
    for (const std::string& key : known) is_known = is_known || key == name;
    if (is_known) continue;
    std::string message = file.where(entry) + ": there is no setting '" + name + "'";
    if (const auto near = nearest(name, known)) message += "; did you mean '" + *near + "'?";
    return Error(Code::kInvalid, message);
  }
  return {};
}

// What one source after the other says; the first that says something wins.
Settings::Setting pick(const SettingRow& row, const Flags& flags, const Environment& environment,
                       const ConfigFile& file) {
  if (const auto flag = flags.find(row.id); flag != flags.end() && flag->second) {
    return {*flag->second, "--" + std::string(row.flag)};
  }
  if (const auto value = environment(std::string(row.env))) return {*value, std::string(row.env)};
  if (const auto entry = file.entries.find(row.key); entry != file.entries.end()) {
    return {entry->second.value, file.where(entry->second)};
  }
  if (row.id == SettingId::kData) return {default_directory(environment), "default"};
  return {std::string(row.default_text), "default"};
}

const SettingRow& row_of(SettingId id) { return setting_rows()[static_cast<std::size_t>(id)]; }

}  // namespace

const std::vector<SettingRow>& setting_rows() {
  // In the order of SettingId.
  static const std::vector<SettingRow> kRows = {
      {SettingId::kConfig, kDirectory, "config", "DAYBOOK_CONFIG", "", "path", "",
       "a file of settings; DIR/daybook.toml is read when it is there"},
      {SettingId::kData, kDirectory, "data", "DAYBOOK_DATA", "data", "path", "",
       "the data directory (~/.local/share/daybook)"},
      {SettingId::kStore, kDirectory, "store", "DAYBOOK_STORE", "store", "url", "sqlite:",
       "where rows live: sqlite: (in the data directory) or memory: (nowhere, to try things)"},
      {SettingId::kCatalogs, kDirectory, "catalogs", "DAYBOOK_CATALOGS", "catalogs", "path", "",
       "a directory of declarations that replace or extend the built-in ones"},
      {SettingId::kServer, kRemote, "server", "DAYBOOK_SERVER", "server", "url", "",
       "speak to this server instead of a directory, http://HOST:PORT"},
      {SettingId::kKey, kRemote, "key", "DAYBOOK_KEY", "key", "secret", "",
       "the access key for the server; a file keeps it out of the process list"},
      {SettingId::kKeyFile, kRemote, "key-file", "DAYBOOK_KEY_FILE", "key_file", "path", "",
       "a file whose first line is the access key"},
      {SettingId::kListen, kServing, "listen", "DAYBOOK_LISTEN", "listen", "address",
       "127.0.0.1:8000", "the address to answer at; port 0 picks a free one"},
      {SettingId::kHosts, kServing, "hosts", "DAYBOOK_HOSTS", "hosts", "text", "",
       "host names to answer to besides localhost, with commas, as a proxy sends them"},
      {SettingId::kOrigins, kServing, "origins", "DAYBOOK_ORIGINS", "origins", "text", "",
       "origins of pages that may use the cookies of sessions, https://HOST with commas"},
      {SettingId::kTrustedProxies, kServing, "trusted-proxies", "DAYBOOK_TRUSTED_PROXIES",
       "trusted_proxies", "text", "",
       "proxies that are believed about their clients: addresses and networks (10.0.0.0/8), with "
       "commas"},
      {SettingId::kTlsCertificate, kServing, "tls-certificate", "DAYBOOK_TLS_CERTIFICATE",
       "tls_certificate", "path", "",
       "speak TLS with this chain of certificates (PEM); read again on SIGHUP"},
      {SettingId::kTlsKey, kServing, "tls-key", "DAYBOOK_TLS_KEY", "tls_key", "path", "",
       "the private key of the certificate (PEM)"},
      {SettingId::kQueryTime, kServing, "query-time", "DAYBOOK_QUERY_TIME", "query_time",
       "duration", "10s", "the longest a question may take"},
      {SettingId::kIdempotencyKept, kServing, "idempotency-kept", "DAYBOOK_IDEMPOTENCY_KEPT",
       "idempotency_kept", "duration", "24h", "how long a repeated request is recognised"},
      {SettingId::kDurability, kServing, "durability", "DAYBOOK_DURABILITY", "durability",
       "durability", "full",
       "full: an answer comes after the rows are on disk; relaxed: a crash of the machine may lose "
       "seconds"},
      {SettingId::kBodyMemory, kServing, "body-memory", "DAYBOOK_BODY_MEMORY", "body_memory",
       "size", "32MB", "what the bodies of all requests may take of memory, packed and unpacked"},
      {SettingId::kLeastRate, kServing, "least-rate", "DAYBOOK_LEAST_RATE", "least_rate", "size",
       "1KB", "how much a second a client has to send or read to keep its request"},
      {SettingId::kSweepEvery, kServing, "sweep-every", "DAYBOOK_SWEEP_EVERY", "sweep_every",
       "duration", "1h", "how often rows past their keep are removed; 0s: never"},
      {SettingId::kDrainTime, kServing, "drain-time", "DAYBOOK_DRAIN_TIME", "drain_time",
       "duration", "10s", "how long requests under way may take to end when the server stops"},
      {SettingId::kLog, kServing, "log", "DAYBOOK_LOG", "log", "level", "info",
       "the least of what is logged: debug, info, warning, error, off"},
  };
  return kRows;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::array<std::string_view, 4> kUnits = {"", "KB", "MB", "GB"};
  const auto found = std::find(kUnits.begin(), kUnits.end(), unit);
  const auto shift = static_cast<unsigned>(10 * (found - kUnits.begin()));
  const bool is_good = error == std::errc() && found != kUnits.end() && number > 0;
  if (!is_good || number > (UINT64_MAX >> 1 >> shift)) return std::nullopt;
  return number << shift;
}

Result<Settings> Settings::resolve(const Flags& flags, const Environment& environment) {
  Settings settings;
  settings.environment_ = environment;
  const ConfigFile none;
  const Setting config = pick(row_of(SettingId::kConfig), flags, environment, none);
  if (!config.value.empty()) {
    DAYBOOK_ASSIGN(settings.file_, read_config(config.value));
  } else {
    // The directory cannot be named by a file inside it.
    const Setting data = pick(row_of(SettingId::kData), flags, environment, none);
    const std::string path = data.value + "/daybook.toml";
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
      DAYBOOK_ASSIGN(settings.file_, read_config(path));
      if (const auto entry = settings.file_.entries.find("data");
          entry != settings.file_.entries.end()) {
        return Error(Code::kInvalid, settings.file_.where(entry->second) +
                                         ": the file of a data directory cannot name another one");
      }
    }
  }
  DAYBOOK_TRY(check_names(settings.file_));
  for (const SettingRow& row : setting_rows()) {
    Setting value =
        row.id == SettingId::kConfig
            ? Setting{settings.file_.path, config.value.empty() ? "default" : config.source}
            : pick(row, flags, environment, settings.file_);
    if (auto checked = check_type(row, value.value); !checked) {
      return std::move(checked).error().with_context(value.source);
    }
    settings.values_.emplace(row.id, std::move(value));
  }
  return settings;
}

Duration Settings::duration(SettingId id) const {
  const auto parsed = parse_duration(text(id));
  return parsed ? *parsed : Duration{};  // resolve() has checked it
}

std::uint64_t Settings::bytes(SettingId id) const {
  return parse_size(text(id)).value_or(0);  // resolve() has checked it
}

Settings Settings::with(SettingId id, std::string value) const {
  Settings other = *this;
  other.values_[id] = {std::move(value), "--" + std::string(row_of(id).flag)};
  return other;
}

std::optional<Settings::Setting> Settings::declared(const std::string& env) const {
  if (const auto value = environment_(env)) return Setting{*value, env};
  const auto entry = file_.entries.find(env);
  if (entry == file_.entries.end()) return std::nullopt;
  return Setting{entry->second.value, file_.where(entry->second)};
}

std::vector<std::string> Settings::declared_names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : file_.entries) {
    if (is_declared_name(name)) names.push_back(name);
  }
  return names;
}

}  // namespace daybook::cli
