// Engine: the verbs of the product over one Catalog and one Store; the only door to the store for
// api/ and work/. What a verb does stands in its own file beside this one (ingest.h, list.h, ...).
//
// Any thread. The catalog, the store, the clock and the data key must outlive it.
#pragma once

#include "base/cipher.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/once.h"
#include "store/store.h"

namespace daybook {

class Engine {
 public:
  // Without a data key rows with encrypted secrets are refused.
  Engine(const Catalog& catalog, Store& store, const Clock& clock,
         const DataKey* data_key = nullptr)
      : catalog_(catalog), store_(store), clock_(clock), data_key_(data_key) {}

  const Catalog& catalog() const { return catalog_; }
  Store& store() { return store_; }
  OnceGate& once_gate() { return once_gate_; }
  const DataKey* data_key() const { return data_key_; }
  Instant now() const { return clock_.now(); }

 private:
  const Catalog& catalog_;
  Store& store_;
  const Clock& clock_;
  const DataKey* const data_key_;
  OnceGate once_gate_;
};

}  // namespace daybook
