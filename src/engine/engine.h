// Engine: the verbs of the product over one Catalog and one Store; the only door to the store for
// api/ and work/. What a verb does stands in its own file beside this one (ingest.h, list.h, ...).
//
// Any thread. The catalog, the store, the clock and the data key must outlive it.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "base/cipher.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/credentials.h"
#include "engine/device_states.h"
#include "engine/once.h"
#include "engine/own.h"
#include "engine/quotas.h"
#include "engine/setup_link.h"
#include "engine/sign_in_throttle.h"
#include "engine/tenant_keeps.h"
#include "engine/throttle.h"
#include "store/store.h"

namespace daybook {

class Engine {
 public:
  // Without a data key rows with encrypted secrets are refused, and pseudonyms last as long as the
  // engine.
  Engine(const Catalog& catalog, Store& store, const Clock& clock,
         const DataKey* data_key = nullptr);

  const Catalog& catalog() const { return catalog_; }
  Store& store() { return store_; }
  OnceGate& once_gate() { return once_gate_; }
  TenantKeepCache& tenant_keeps() { return tenant_keeps_; }
  const DataKey* data_key() const { return data_key_; }
  Instant now() const { return clock_.now(); }

  // Who may do what: Daybook's own rows, and what is remembered of them.
  const Own& own() const { return own_; }
  Credentials& credentials() { return credentials_; }
  SignInThrottle& sign_in_throttle() { return sign_in_throttle_; }
  Throttle& publishable_throttle() { return publishable_throttle_; }
  Quotas& quotas() { return quotas_; }
  DeviceStates& device_states() { return device_states_; }

  // What the first administrator shows, while nobody can sign in.
  const SetupLink& setup_link() const { return setup_link_; }
  // One at a time registers or deletes accounts, so that one is the first, and one stays the last.
  std::mutex& registering() { return registering_; }
  // One at a time renews, so that a token which comes twice finds all of the family that it ends.
  std::mutex& renewing() { return renewing_; }

  // The same name for the same text of an application, which cannot be turned back without this
  // engine's secret.
  std::string pseudonym(std::string_view application, std::string_view text) const;

 private:
  const Catalog& catalog_;
  Store& store_;
  const Clock& clock_;
  const DataKey* const data_key_;
  const std::string secret_;
  const SetupLink setup_link_;
  std::mutex registering_, renewing_;
  OnceGate once_gate_;
  const Own own_;
  Credentials credentials_;
  SignInThrottle sign_in_throttle_;
  Throttle publishable_throttle_;
  Quotas quotas_;
  TenantKeepCache tenant_keeps_;
  DeviceStates device_states_;
};

}  // namespace daybook
