#include "engine/credentials.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "engine/account.h"
#include "engine/rights.h"

namespace daybook {

namespace {

constexpr std::size_t kMaxToken = 128;
constexpr std::size_t kMaxKnown = 65'536;
constexpr std::size_t kMaxPublishable = 10'000;

Error not_valid() {
  return {Code::kUnauthorized, "the key or session is not valid, or not any more"};
}

bool is_after(const std::optional<Instant>& time, Instant now) { return !time || now < *time; }

// Whether an operation may change what a credential stands for.
bool concerns(const Operation& operation, const Credential& credential) {
  if (operation.verb == Verb::kInsert) return false;
  const std::string& id = operation.verb == Verb::kPut ? operation.row.id : operation.id;
  if (operation.collection == credential.collection) return id == credential.row;
  return operation.collection == credential.accounts && id == credential.principal.id;
}

}  // namespace

std::string make_token(std::string_view prefix) {
  std::string bytes(32, '\0');
  random_bytes(bytes.data(), bytes.size());
  return std::string(prefix) + base64url(bytes);
}

std::string token_hash(std::string_view token) { return hex(sha256(token)); }

Result<void> check_live(const Principal& principal, Instant now) {
  if (!principal.credential || principal.credential->is_live(now)) return {};
  return not_valid();
}

std::size_t Credentials::HashOfDigest::operator()(const Sha256& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

Result<std::shared_ptr<const Credential>> Credentials::find(std::string_view token, Instant now) {
  if (token.size() > kMaxToken) return not_valid();
  const Sha256 digest = sha256(token);
  Pointer found = known(digest);
  while (!found) {
    const std::uint64_t generation = generation_;
    DAYBOOK_ASSIGN(found, look_up(token, now));
    if (!found) return not_valid();
    // What was forgotten meanwhile may have been this: it is read again.
    if (!remember(digest, found, generation)) found = nullptr;
  }
  if (!found->is_live(now)) return not_valid();
  found->used.store(micros(now), std::memory_order_relaxed);
  return std::shared_ptr<const Credential>(found);
}

Credentials::Pointer Credentials::known(const Sha256& digest) const {
  const std::shared_lock lock(mutex_);
  const auto at = known_.find(digest);
  return at == known_.end() ? Pointer() : at->second;
}

bool Credentials::remember(const Sha256& digest, const Pointer& found, std::uint64_t generation) {
  const std::unique_lock lock(mutex_);
  if (generation != generation_) return false;
  if (known_.size() >= kMaxKnown) {
    // Those of requests under way stay: they must learn of their end.
    std::erase_if(known_, [](const auto& known) { return known.second.use_count() == 1; });
  }
  known_[digest] = found;
  return true;
}

Result<Credentials::Pointer> Credentials::look_up(std::string_view token, Instant now) {
  const std::string hash = token_hash(token);
  const bool is_key = token.starts_with(kKeyPrefix) || token.starts_with(kPublishablePrefix);
  if (is_key && own_.keys != nullptr) return look_up_key(hash, now);
  const bool is_session = token.starts_with(kAccessPrefix) || token.starts_with(kCookiePrefix);
  if (is_session && own_.sessions != nullptr) return look_up_session(hash, now);
  return Pointer();
}

Result<Credentials::Pointer> Credentials::look_up_key(const std::string& hash, Instant now) {
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(store_, *own_.keys, equals(*own_.keys, "secret", Value(hash)), now, 1));
  if (rows.empty() || !is_after(time_at(*own_.keys, rows[0], "revoked_at"), now)) return Pointer();
  return key_of(rows[0]);
}

Credentials::Pointer Credentials::key_of(const Row& row) const {
  const Collection& keys = *own_.keys;
  auto key = std::make_shared<Credential>();
  key->collection = &keys;
  key->row = row.id;
  key->origins = texts_at(keys, row, "origins");
  key->expires_at = time_at(keys, row, "expires_at").value_or(max_instant());
  Principal& principal = key->principal;
  const bool* publishable = value_at(keys, row, "publishable").get_if<bool>();
  principal.kind = publishable != nullptr && *publishable ? Principal::Kind::kPublishable
                                                          : Principal::Kind::kKey;
  const std::string subject = text_at(keys, row, "subject");
  principal.has_subject = !subject.empty();
  principal.id = principal.has_subject ? subject : row.id;
  principal.application = text_at(keys, row, "application");
  if (principal.application == own_.application->name) principal.application.clear();
  principal.role = text_at(keys, row, "role");
  principal.tenant = text_at(keys, row, "tenant");
  principal.collections = texts_at(keys, row, "collections");
  principal.verbs = texts_at(keys, row, "verbs");
  return key;
}

Result<Credentials::Pointer> Credentials::look_up_session(const std::string& hash, Instant now) {
  const Collection& sessions = *own_.sessions;
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(store_, sessions, equals(sessions, "token", Value(hash)), now, 1));
  if (rows.empty()) return Pointer();
  const std::string accounts = text_at(sessions, rows[0], "accounts");
  const auto is_it = [&](const Collection* one) { return one->full_name() == accounts; };
  const auto collection = std::find_if(own_.accounts.begin(), own_.accounts.end(), is_it);
  if (collection == own_.accounts.end()) return Pointer();
  const std::string person = text_at(sessions, rows[0], "user_id");
  DAYBOOK_ASSIGN(const auto found, store_.find(**collection, {person}, now));
  if (!found[0] || !is_active(**collection, *found[0])) return Pointer();
  auto session = std::make_shared<Credential>();
  session->collection = &sessions;
  session->row = rows[0].id;
  session->accounts = *collection;
  session->expires_at = *time_at(sessions, rows[0], "expires_at");
  session->principal = principal_of(own_, **collection, *found[0]);
  return session;
}

Result<void> Credentials::read_publishable(Instant now) {
  if (has_publishable_) return {};
  const std::uint64_t generation = generation_;
  DAYBOOK_ASSIGN(const auto rows,
                 find_rows(store_, *own_.keys, equals(*own_.keys, "publishable", Value(true)), now,
                           kMaxPublishable));
  std::vector<Pointer> all;
  for (const Row& row : rows) {
    if (is_after(time_at(*own_.keys, row, "revoked_at"), now)) all.push_back(key_of(row));
  }
  const std::unique_lock lock(mutex_);
  publishable_ = std::move(all);
  has_publishable_ = generation == generation_;
  return {};
}

Result<std::shared_ptr<const Credential>> Credentials::find_publishable(
    std::string_view application, std::string_view origin, Instant now) {
  std::shared_ptr<const Credential> none;
  if (own_.keys == nullptr) return none;
  DAYBOOK_TRY(read_publishable(now));
  const std::shared_lock lock(mutex_);
  for (const Pointer& key : publishable_) {
    const auto& origins = key->origins;
    if (!key->is_live(now) || !belongs_to(key->principal, application)) continue;
    if (std::find(origins.begin(), origins.end(), origin) != origins.end()) {
      return std::shared_ptr<const Credential>(key);
    }
  }
  return none;
}

Result<bool> Credentials::knows_origin(std::string_view origin, Instant now) {
  if (own_.keys == nullptr) return false;
  DAYBOOK_TRY(read_publishable(now));
  const std::shared_lock lock(mutex_);
  return std::any_of(publishable_.begin(), publishable_.end(), [&](const Pointer& key) {
    return std::find(key->origins.begin(), key->origins.end(), origin) != key->origins.end();
  });
}

Result<bool> Credentials::is_guarded(Instant now) {
  if (guard_ != Guard::kUnknown) return guard_ == Guard::kClosed;
  const std::uint64_t generation = generation_;
  DAYBOOK_ASSIGN(const bool is_any, has_any(now));
  const std::unique_lock lock(mutex_);
  if (is_any) {
    guard_ = Guard::kClosed;
  } else if (generation == generation_) {
    guard_ = Guard::kOpen;
  }
  return is_any;
}

Result<bool> Credentials::has_any(Instant now) {
  for (const Collection* collection : {own_.keys, own_.accounts_of({})}) {
    if (collection == nullptr) continue;
    DAYBOOK_ASSIGN(const auto rows, find_rows(store_, *collection, Filter(), now, 1));
    if (!rows.empty()) return true;
  }
  return false;
}

void Credentials::forget(const Batch& batch) {
  const std::unique_lock lock(mutex_);
  begin_again();
  std::erase_if(known_, [&](const auto& known) {
    const bool is_gone =
        std::any_of(batch.operations.begin(), batch.operations.end(),
                    [&](const Operation& o) { return concerns(o, *known.second); });
    if (is_gone) known.second->is_ended = true;
    return is_gone;
  });
}

void Credentials::forget_all() {
  const std::unique_lock lock(mutex_);
  begin_again();
  for (const auto& [digest, credential] : known_) credential->is_ended = true;
  known_.clear();
}

// Under the mutex. What was open may be so no more; what was closed stays it.
void Credentials::begin_again() {
  ++generation_;
  has_publishable_ = false;
  if (guard_ == Guard::kOpen) guard_ = Guard::kUnknown;
}

std::vector<std::pair<std::string, Instant>> Credentials::take_uses() {
  std::vector<std::pair<std::string, Instant>> uses;
  const std::shared_lock lock(mutex_);
  for (const auto& [digest, credential] : known_) {
    if (credential->collection != own_.keys) continue;
    const std::int64_t used = credential->used.exchange(0);
    if (used != 0) uses.emplace_back(credential->row, from_micros(used));
  }
  return uses;
}

}  // namespace daybook
