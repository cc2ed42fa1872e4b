// Sight: what one principal sees of one collection: which rows, which fields, and who they are
// about only by pseudonyms. Every question, export, change and answer goes through one; nothing
// else decides what is told. A value; any thread; the engine, the principal and the collection must
// outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/decode.h"
#include "catalog/encode.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "query/filter.h"
#include "query/scan.h"
#include "query/summary.h"

namespace daybook {

// Where the principal is bound to a tenant and the collection has them, his tenant's rows.
Filter own_tenant(const Principal& principal, const Collection& collection);

class Sight {
 public:
  // Rows that lie behind a reference ("home_id.owner_id") are looked up; kTooLarge when there are
  // more of them than a filter can hold.
  static Result<Sight> of(Engine& engine, const Principal& principal, const Collection& collection);

  // The rows it sees, and may bring and change.
  const Filter& rows() const { return rows_; }
  bool sees(const Row& row) const { return matches(rows_, row); }

  // kForbidden names the first field that is not its to see, or only by its pseudonym: by what a
  // filter, an order or a group tells apart it could be guessed.
  Result<void> check(const Filter& filter) const;
  Result<void> check(const Order& order) const;
  Result<void> check(const Summary& summary) const;
  // The same for fields= ; pseudonyms may be asked for.
  Result<void> check(const Projection& projection) const;
  // The fields that a search reads.
  Result<void> check_text() const;

  // Takes what it does not see out of an answer.
  Projection limited(Projection projection) const;
  // The row as it is told: pseudonyms in place of names, nothing in place of hidden fields.
  void veil(Row& row) const;
  bool is_clear() const { return hidden_.empty() && masked_.empty(); }

  const Collection& collection() const { return collection_; }
  // kUnauthorized once the credential that it was given for has ended: long work asks now and then.
  Result<void> check_live() const;

  // What is wrong with a row that it wants to bring, of which it said some fields; empty when
  // nothing is.
  std::vector<Problem> problems_of(const std::vector<bool>& sent, const Row& row) const;
  // The same of a change to a row that it sees.
  std::vector<Problem> problems_of(const std::vector<Assignment>& assignments,
                                   const Row& there) const;
  // Fields that are not its to say keep their values when it replaces a row.
  void keep_unsaid(const Row& there, Row& row) const;

 private:
  Sight(const Engine& engine, const Collection& collection)
      : engine_(engine), collection_(collection) {}

  bool is_hidden(std::size_t field) const;
  bool is_masked(std::size_t field) const;
  Result<void> check_field(std::size_t field) const;
  Problem not_yours(std::size_t field) const;

  const Engine& engine_;
  const Collection& collection_;
  std::shared_ptr<const Credential> credential_;
  Filter rows_;
  std::vector<std::size_t> hidden_;
  std::vector<std::size_t> unsaid_;  // not written, the hidden ones among them
  std::vector<std::size_t> masked_;
};

// The row of this id that is seen; kConflict when those of several tenants are, in a register. Of a
// journal's the newest.
Result<std::optional<Row>> find_seen(Engine& engine, const Sight& sight, const std::string& id);

}  // namespace daybook
