// Rows for those who may not know whose they are: personal fields become pseudonyms, addresses
// their networks, what may hold anything (free text, json, undeclared members) is left out, and
// what is told of other texts has no query strings and no e-mail addresses. The result is
// pseudonymous, not anonymous: who holds the data key can find the persons again, and rare values
// may still tell them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/pseudonym.h"
#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "engine/words.h"
#include "query/scan.h"

namespace daybook {

// What becomes of a field in such rows.
enum class Disguise {
  kKept,
  kPseudonym,
  kNetwork,
  kLeftOut,
};
Disguise disguise_of(const Collection& collection, std::size_t ordinal);

// An immutable value.
class Pseudonymiser {
 public:
  // `include` names fields that would be left out, or "extra". kInvalid for a personal field: its
  // values are never told.
  static Result<Pseudonymiser> make(const Collection& collection, Pseudonyms pseudonyms,
                                    const std::vector<std::string>& include);

  // Ids of rows, and fields that hold ids, are replaced as well: they would bring together what two
  // purposes keep apart.
  void apply(Row& row) const;

  // kInvalid when what is asked for would tell whose rows they are.
  static Result<void> check(const Collection& collection, const Filter& filter, const Order& order);

  // By ordinal: what became pseudonyms or networks, what is not there, and what is told without
  // query strings and e-mail addresses.
  std::vector<std::size_t> replaced() const;
  const std::vector<std::size_t>& left_out() const { return left_out_; }
  const std::vector<std::size_t>& cleaned() const { return cleaned_; }
  bool with_extra() const { return with_extra_; }

 private:
  explicit Pseudonymiser(Pseudonyms pseudonyms) : pseudonyms_(pseudonyms) {}
  Result<void> include(const Collection& collection, std::string_view name);

  Pseudonyms pseudonyms_;
  std::vector<std::size_t> replaced_, networks_, left_out_, cleaned_;
  bool with_extra_ = false;
};

// Understands `pseudonymous=PURPOSE` and `include=FIELDS`; empty when the words do not ask for it,
// kUnsupported without a key.
Result<std::optional<Pseudonymiser>> take_pseudonymiser(const DataKey* key,
                                                        const Collection& collection, Words& words);

}  // namespace daybook
