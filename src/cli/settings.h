// Settings: what flags, the environment, daybook.toml and the defaults say, in this order of
// precedence, and where each value came from. Plain values; resolved once, then read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/config_file.h"

namespace daybook::cli {

enum class SettingId {
  kConfig,
  kData,
  kStore,
  kCatalogs,
  kServer,
  kKey,
  kKeyFile,
  kListen,
  kHosts,
  kOrigins,
  kTrustedProxies,
  kTlsCertificate,
  kTlsKey,
  kQueryTime,
  kIdempotencyKept,
  kDurability,
  kBodyMemory,
  kLeastRate,
  kSweepEvery,
  kDrainTime,
  kLog,
};

// Which commands take a setting as a flag.
enum class SettingGroup : unsigned {
  kDirectory = 1,  // a data directory and what is declared for it
  kRemote = 2,     // a server elsewhere
  kServing = 4,    // answering others
};

// One row of the table: it gives the flag, the environment variable, the key of daybook.toml, the
// line of help and the line of docs/operations.md.
struct SettingRow {
  SettingId id;
  SettingGroup group;
  std::string_view flag;
  std::string_view env;
  std::string_view key;
  std::string_view type;  // path, address, url, text, duration, size, level, durability
  std::string_view default_text;
  std::string_view text;
};

const std::vector<SettingRow>& setting_rows();

// "512", "64KB", "32MB", "1GB" (of 1,024) as bytes; empty for anything else.
std::optional<std::uint64_t> parse_size(std::string_view text);

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
using Flags = std::map<SettingId, std::optional<std::string>>;

class Settings {
 public:
  // kInvalid names the source and what was expected ("DAYBOOK_QUERY_TIME: '5x' is not a duration
  // ...").
  static Result<Settings> resolve(const Flags& flags, const Environment& environment);

  struct Setting {
    std::string value;
    std::string source;  // "--data", "DAYBOOK_DATA", "/x/daybook.toml line 3", "default"
  };
  const Setting& setting(SettingId id) const { return values_.at(id); }
  const std::string& text(SettingId id) const { return values_.at(id).value; }
  Duration duration(SettingId id) const;
  std::uint64_t bytes(SettingId id) const;
  bool is_default(SettingId id) const { return setting(id).source == "default"; }
  // The same with another value, as a flag would say it.
  Settings with(SettingId id, std::string value) const;

  // A setting that a catalog declares, by its environment name: from the environment, then from
  // daybook.toml; empty when neither says it.
  std::optional<Setting> declared(const std::string& env) const;
  // The names of daybook.toml that only a catalog can know.
  std::vector<std::string> declared_names() const;

 private:
  std::map<SettingId, Setting> values_;
  ConfigFile file_;
  Environment environment_;
};

}  // namespace daybook::cli
