// Engine: the verbs of the product over one Catalog and one Store; the only door to the store for
// api/ and work/. What a verb does stands in its own file beside this one (ingest.h, list.h, ...).
//
// Any thread. The catalog, the store and the clock must outlive it.
#pragma once

#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/once.h"
#include "store/store.h"

namespace daybook {

class Engine {
 public:
  Engine(const Catalog& catalog, Store& store, const Clock& clock)
      : catalog_(catalog), store_(store), clock_(clock) {}

  const Catalog& catalog() const { return catalog_; }
  Store& store() { return store_; }
  OnceGate& once_gate() { return once_gate_; }
  Instant now() const { return clock_.now(); }

 private:
  const Catalog& catalog_;
  Store& store_;
  const Clock& clock_;
  OnceGate once_gate_;
};

}  // namespace daybook
