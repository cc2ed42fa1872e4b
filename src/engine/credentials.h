// Credentials: who a key, an access token or a session's cookie stands for. What was looked up once
// is remembered, so that a request costs a hash and a look into a table; what is revoked, changed
// or expired is forgotten before the change is answered.
//
// Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/own.h"
#include "engine/principal.h"
#include "store/batch.h"
#include "store/store.h"

namespace daybook {

// What begins the text of each, so that scanners find what has leaked.
inline constexpr std::string_view kKeyPrefix = "dbk_live_";
inline constexpr std::string_view kPublishablePrefix = "dbk_pub_";
inline constexpr std::string_view kAccessPrefix = "dbs_";
inline constexpr std::string_view kCookiePrefix = "dbc_";
inline constexpr std::string_view kRefreshPrefix = "dbr_";

// A prefix and 256 random bits.
std::string make_token(std::string_view prefix);
// As it is kept.
std::string token_hash(std::string_view token);

struct Credential {
  Principal principal;                     // without what the request adds
  const Collection* collection = nullptr;  // of the key or the session
  std::string row;                         // its id there
  const Collection* accounts = nullptr;    // of a session: where its person is
  std::vector<std::string> origins;        // that a key may be used from; empty: any
  Instant expires_at;
  std::atomic<bool> is_ended = false;          // revoked, signed out, its account changed
  mutable std::atomic<std::int64_t> used = 0;  // of a key: when last, in microseconds

  bool is_live(Instant now) const { return !is_ended && now < expires_at; }
};

// kUnauthorized when the credential of a principal has ended meanwhile.
Result<void> check_live(const Principal& principal, Instant now);

class Credentials {
 public:
  Credentials(const Own& own, Store& store) : own_(own), store_(store) {}

  // Whose token that is; kUnauthorized when it is nobody's any more.
  Result<std::shared_ptr<const Credential>> find(std::string_view token, Instant now);
  // The publishable key of an application that pages of this origin act as; null when there is
  // none.
  Result<std::shared_ptr<const Credential>> find_publishable(std::string_view application,
                                                             std::string_view origin, Instant now);
  // Whether some key of any application is meant for pages of this origin.
  Result<bool> knows_origin(std::string_view origin, Instant now);

  // Whether there is an account of Daybook itself or a key. Once so, so it stays.
  Result<bool> is_guarded(Instant now);

  // What a committed batch did to keys, sessions and accounts.
  void forget(const Batch& batch);
  void forget_all();

  // When keys were used last, by id, since this was asked the last time.
  std::vector<std::pair<std::string, Instant>> take_uses();

 private:
  struct HashOfDigest {
    std::size_t operator()(const Sha256& digest) const;
  };
  using Pointer = std::shared_ptr<Credential>;

  Pointer known(const Sha256& digest) const;
  bool remember(const Sha256& digest, const Pointer& found, std::uint64_t generation);
  Result<Pointer> look_up(std::string_view token, Instant now);
  Result<Pointer> look_up_key(const std::string& hash, Instant now);
  Result<Pointer> look_up_session(const std::string& hash, Instant now);
  Result<void> read_publishable(Instant now);
  Pointer key_of(const Row& row) const;
  Result<bool> has_any(Instant now);
  void begin_again();

  const Own& own_;
  Store& store_;
  enum class Guard { kUnknown, kOpen, kClosed };
  std::atomic<Guard> guard_ = Guard::kUnknown;
  std::atomic<std::uint64_t> generation_ = 0;  // grows with every forgetting
  std::atomic<bool> has_publishable_ = false;
  mutable std::shared_mutex mutex_;  // guards all below, and writing of the two above
  std::unordered_map<Sha256, Pointer, HashOfDigest> known_;
  std::vector<Pointer> publishable_;
};

}  // namespace daybook
