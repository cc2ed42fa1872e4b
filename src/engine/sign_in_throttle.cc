#include "engine/sign_in_throttle.h"

#include <array>
#include <utility>

#include "base/address.h"
#include "base/hash.h"

namespace daybook {

namespace {

// Wrong passwords of one account from one place: five at once, then one a minute.
constexpr Throttle::Rate kByBoth = {5, std::chrono::minutes(1)};
// From one place, whatever the account: many people may share it.
constexpr Throttle::Rate kByAddress = {30, std::chrono::seconds(10)};
// Of one account, from all places that it never signed in from.
constexpr Throttle::Rate kByAccount = {50, std::chrono::minutes(1)};

constexpr std::size_t kMaxKnown = 100'000;
constexpr Duration kKnownFor = std::chrono::hours(24 * 90);

// What the ids of its counters begin with.
constexpr std::string_view kBoth = "both-", kAddress = "address-", kAccount = "account-",
                           kKnown = "known-";

void add_all(std::string_view prefix, const std::unordered_map<std::string, Instant>& all,
             Counters& counters) {
  for (const auto& [name, until] : all) counters[std::string(prefix) + name] = {until};
}

}  // namespace

std::string network_of(std::string_view text) {
  constexpr unsigned kNetworkBits = 64;
  const auto address = parse_address(text);
  if (!address) return std::string(text);
  return address_text(is_ipv4(*address) ? *address : address_prefix(*address, kNetworkBits));
}

SignInThrottle::SignInThrottle(std::string secret)
    : secret_(std::move(secret)),
      by_both_(kByBoth),
      by_address_(kByAddress),
      by_account_(kByAccount) {}

SignInThrottle::Names SignInThrottle::names_of(const std::string& account,
                                               std::string_view address) const {
  const std::string network = network_of(address);
  const auto hashed = [&](const std::string& name) { return hex(keyed_hash(secret_, name)); };
  return {hashed(account + "\n" + network), hashed(network), hashed(account)};
}

bool SignInThrottle::is_known(const std::string& both, Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(both);
  return found != known_.end() && now < found->second;
}

std::optional<Duration> SignInThrottle::take(const std::string& account, std::string_view address,
                                             Instant now) {
  const Names names = names_of(account, address);
  const bool is_stranger = !is_known(names.both, now);
  auto wait = by_both_.wait(names.both, now);
  // Who signed in here before is not kept waiting by what others do from the same address.
  if (!wait && is_stranger) wait = by_address_.wait(names.address, now);
  if (!wait && is_stranger) wait = by_account_.wait(names.account, now);
  if (wait) return wait;
  by_both_.take(names.both, now);
  by_address_.take(names.address, now);
  if (is_stranger) by_account_.take(names.account, now);
  return std::nullopt;
}

void SignInThrottle::give_back(const std::string& account, std::string_view address, Instant now) {
  const Names names = names_of(account, address);
  by_both_.give_back(names.both);
  by_address_.give_back(names.address);
  if (!is_known(names.both, now)) by_account_.give_back(names.account);
}

void SignInThrottle::succeeded(const std::string& account, std::string_view address, Instant now) {
  give_back(account, address, now);
  const Names names = names_of(account, address);
  by_both_.clear(names.both);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMaxKnown) known_.clear();
  known_[names.both] = now + kKnownFor;
}

std::optional<Duration> SignInThrottle::take_registration(std::string_view address, Instant now) {
  const std::string place = hex(keyed_hash(secret_, "register\n" + network_of(address)));
  const auto wait = by_address_.wait(place, now);
  if (!wait) by_address_.take(place, now);
  return wait;
}

Counters SignInThrottle::counters(Instant now) const {
  Counters counters;
  add_all(kBoth, by_both_.missing(now), counters);
  add_all(kAddress, by_address_.missing(now), counters);
  add_all(kAccount, by_account_.missing(now), counters);
  const std::lock_guard lock(mutex_);
  add_all(kKnown, known_, counters);
  return counters;
}

void SignInThrottle::restore(const Counters& counters) {
  const std::array<std::pair<std::string_view, Throttle*>, 3> throttles = {
      {{kBoth, &by_both_}, {kAddress, &by_address_}, {kAccount, &by_account_}}};
  for (const auto& [id, counter] : counters) {
    for (const auto& [prefix, throttle] : throttles) {
      if (id.starts_with(prefix)) throttle->restore(id.substr(prefix.size()), counter.until);
    }
    if (!id.starts_with(kKnown)) continue;
    const std::lock_guard lock(mutex_);
    known_[id.substr(kKnown.size())] = counter.until;
  }
}

}  // namespace daybook
