// Table: the rows of one collection in a map, with the few indexes that its rules need. What
// changes it remembers in an Undo first, so that a batch can be taken back. Guarded by the store's
// lock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/collection.h"
#include "catalog/row.h"
#include "catalog/row_key.h"
#include "query/keep.h"

namespace daybook::memory {

using Key = RowKey;

class Table;

// What a batch has changed so far, newest last.
class Undo {
 public:
  void remember(Table& table, const Key& key);
  // Takes everything back.
  void roll_back();

 private:
  struct Step {
    Table* table;
    Key key;
    std::optional<Row> row, counted;
    std::optional<Instant> deleted;
    bool is_seen_only;
  };
  std::vector<Step> steps_;
};

class Table {
 public:
  explicit Table(const Collection& collection);

  const Collection& collection() const { return *collection_; }
  // kInvalid when a later declaration of the collection may not stand while there are rows: their
  // keys would not tell them apart any more.
  Result<void> check(const Collection& next) const;
  // The same rows under that declaration: fields by name, new ones null.
  void redeclare(const Collection& next);

  const std::map<Key, Row>& rows() const { return rows_; }
  Key key_of(const Row& row) const;
  const Row* find(const Key& key) const;
  // The row, unless it is past its keep at `now`.
  const Row* find_seen(const Key& key, Instant now) const;
  // Whether the row is past its keep, and so not there for whoever asks at `now`.
  bool is_expired(const Row& row, Instant now) const;
  std::optional<Instant> expires_at(const Row& row, const TenantKeeps& tenants) const {
    return keep_.expires_at(row, tenants);
  }
  // Of the rows with this id, in the order of default_order().
  std::vector<Key> keys_of(const std::string& id) const;
  // The row with the same key in the index'th of unique().
  const Row* holder(std::size_t index, const Row& row) const;
  const std::vector<const Index*>& unique() const { return unique_; }

  // A row that questions about rows find; an uncounted one is in no rollup.
  void put(const Row& row, Undo& undo);
  void put_uncounted(const Row& row, Undo& undo);
  bool is_uncounted(const Key& key) const { return seen_only_.contains(key); }
  void remove(const Key& key, Undo& undo);

  // Samples that only count, beside the rows.
  const std::map<Key, Row>& counted() const { return counted_; }
  const Row* find_counted(const Key& key) const;
  void count(const Row& row, Undo& undo);
  void remove_counted(const Key& key, Undo& undo);
  // Those of periods that are over go on as what has expired.
  bool is_over(const Key& key, Instant now) const;
  void expire_counted(const Key& key, Undo& undo);

  // A journal row that was deleted, and when the memory of that may go; none: never.
  void bury(const Key& key, std::optional<Instant> until, Undo& undo);
  bool is_buried(const Key& key) const { return deleted_.contains(key); }
  void forget_buried(Instant now);

  // Takes out a row that is past its keep. Where rollups are declared it counts on in them for as
  // long as they are kept.
  void expire(const Key& key, Undo& undo);
  // Such rows, oldest first.
  const std::multimap<Instant, Row>& expired() const { return expired_; }
  // Drops those that no rollup keeps any more.
  void forget_expired(Instant now);

  // For verify: the first thing that does not fit, or empty.
  std::string check() const;

 private:
  friend class Undo;

  void index();
  void add(const Row& row);
  void note_expired(const Row& row);
  void take_out(const Key& key);
  void redeclare_row(const Collection& next, Row& row) const;
  void key_anew();

  const Collection* collection_;
  KeepRule keep_;
  std::map<Key, Row> rows_;
  std::set<Key> seen_only_;  // of rows_
  std::map<Key, Row> counted_;
  std::map<std::string, std::set<Key>> keys_;  // by id
  std::map<Key, Instant> deleted_;
  std::multimap<Instant, Row> expired_;
  std::vector<const Index*> unique_;
  std::vector<std::map<std::string, Key>> holders_;  // by unique_
};

}  // namespace daybook::memory
