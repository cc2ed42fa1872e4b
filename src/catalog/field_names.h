// FieldNames: what the name of a member of a JSON object means in one collection. Built once with
// the collection; finds without allocating. Read from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/field.h"

namespace daybook {

class FieldNames {
 public:
  enum class Meaning {
    kUnknown,
    kField,   // a field by its own name
    kSentAs,  // a hashed secret by the name that its plain text is sent under
    kParent,  // the beginning of dotted names: an object of fields
  };
  struct Hit {
    Meaning meaning = Meaning::kUnknown;
    std::size_t field = 0;  // ordinal, of kField and kSentAs
  };

  FieldNames() = default;
  explicit FieldNames(const std::vector<Field>& fields);

  // Dotted names of any depth.
  Hit find(std::string_view name) const;
  // Whether any name is dotted.
  bool has_nested() const { return has_nested_; }

 private:
  struct Slot {
    std::string name;
    Hit hit;
  };
  void add(std::string_view name, Hit hit);

  std::vector<Slot> slots_;  // open addressing; a power of two; empty names are free
  bool has_nested_ = false;
};

// The name that a field is sent under: without `_hash` for a secret that is kept as a hash.
std::string sent_name(const Field& field);

}  // namespace daybook
