// The parts of a collection's declaration that one capability each reads: rollups, the device
// filter, streams, uploads, jobs, identity, rights, generators. Plain values, checked at load.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "base/zone.h"
#include "catalog/expression.h"

namespace daybook {

struct Rollup {
  std::string name;  // "by_" + the fields
  std::vector<std::size_t> by;
  std::vector<std::size_t> measures;
  std::vector<std::size_t> distinct;
  std::vector<Expression> rates;
  std::vector<Step> tiers;       // ascending; 1m, 15m, 1h, 1d by default
  std::optional<Duration> keep;  // none: for ever
  Origin origin;
};

struct Band {
  enum class Of { kLast, kAbsolute, kSpan };
  Of of = Of::kLast;
  double amount = 5;  // percent, or the absolute amount
  double min = 0;     // of the span
  double max = 0;
};

// "5%" of the value stored last, or an absolute amount: "0.5".
std::optional<Band> parse_band(std::string_view text);

struct DeviceFilter {
  enum class Mode { kRow, kPerMetric };
  std::vector<std::size_t> by;
  std::size_t on = 0;  // a map of floats, or a float
  Duration heartbeat = std::chrono::minutes(5);
  Band band;
  std::vector<std::pair<std::string, Band>> bands;                        // per metric
  std::vector<std::pair<std::string, std::pair<double, double>>> limits;  // low, high
  Mode mode = Mode::kRow;
};

struct Stream {
  std::size_t type = 0, id = 0, version = 0;  // ordinals
};

struct Grouping {
  std::vector<std::size_t> of;
  std::optional<std::pair<std::size_t, Value>> reopen;  // set this field to this value
};

struct Upload {
  std::string key;  // template with {fields}, {yyyy}, {mm}, {dd}, {uuid}
  std::size_t into = 0;
  std::vector<std::string> types;
  std::uint64_t max_bytes = 0;
  std::size_t state = 0;          // the choice that holds the states
  std::string promised, arrived;  // states
  Duration promise_expires = std::chrono::hours(24);
};

struct JobRule {
  std::string name;
  std::size_t field = 0;  // `when = "status becomes 'uploaded'"`
  std::string becomes;
  std::string worker;                                     // a built-in one, or empty
  std::string url;                                        // of a worker elsewhere, or empty
  std::vector<std::pair<std::size_t, std::string>> sets;  // literal, or ":result..."
  std::vector<std::pair<std::size_t, std::string>> fails;
  int attempts = 5;
};

struct Identity {
  enum class Register { kClosed, kOpen, kFirst };
  std::size_t login = 0, password = 0;
  std::optional<std::size_t> role;
  std::optional<std::size_t> tenant;  // a text: whom the person is bound to
  std::optional<std::size_t> active;  // a bool; who is not active cannot sign in
  std::string tokens;                 // the register of the application with the refresh tokens
  Register registration = Register::kClosed;
};

// What of Daybook's own a collection holds; at most one collection of a catalog holds each.
enum class Holds {
  kNothing,
  kKeys,      // access keys
  kSessions,  // who is signed in
  kCounters,  // what is counted, over a restart
  kTenants,   // quotas and periods of tenants
  kTrail,     // who changed access, declarations and the installation
};

// What a role may do with a collection.
struct Right {
  std::string role;
  // "*" or create read update delete stats search top tail export erase
  std::vector<std::string> verbs;
  // Those of them that the people and keys of a tenant have; empty: all.
  std::vector<std::string> tenant_verbs;
  std::optional<Expression> rows;      // which rows
  std::vector<std::size_t> hide;       // neither read nor written
  std::vector<std::size_t> read_only;  // not written
  bool pseudonyms = false;             // who rows are about is told by pseudonyms
};

// Whether the verb is among those of the right.
bool allows(const Right& right, std::string_view verb);
// The same for somebody who is bound to a tenant.
bool allows_tenant(const Right& right, std::string_view verb);
// Whether its rows are told apart by the tenant of who asks.
bool is_by_tenant(const Right& right);

// How the demonstration generator fills a field; kept as declared.
struct Generator {
  std::string field;
  std::string how;  // JSON text of the declaration
};

struct Declared {
  std::optional<DeviceFilter> filter;
  std::optional<Stream> stream;
  std::optional<Grouping> group;
  std::optional<Upload> upload;
  std::vector<JobRule> jobs;
  std::optional<Identity> identity;
  std::vector<Right> allow;
  std::vector<Generator> demo;
  bool audit = false;  // rows form a hash chain; nobody changes or deletes one
  Holds holds = Holds::kNothing;
};

}  // namespace daybook
