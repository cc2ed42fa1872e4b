// Shelf: where and how the rows of one collection lie in this store: its number, the numbers of its
// fields, its keep. Made by prepare(), immutable afterwards.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.h"
#include "query/keep.h"
#include "store/columns/field_numbers.h"
#include "store/sqlite/connection.h"

namespace daybook::sqlite {

struct Shelf {
  const Collection* collection;
  std::size_t index;  // among the shelves
  std::int64_t number;
  std::int64_t application;  // its number
  columns::FieldNumbers numbers;
  KeepRule keep;
  std::string keep_words;  // equal for equal classes: what partitions remember of the rule
};

class Shelves {
 public:
  // Gives numbers to what is new; within a transaction of the caller.
  static Result<Shelves> make(const Catalog& catalog, Connection& db);

  // kNotFound for a collection that the catalog did not have.
  Result<const Shelf*> find(const Collection& collection) const;
  const Shelf* by_number(std::int64_t number) const;
  const std::vector<std::unique_ptr<const Shelf>>& all() const { return shelves_; }
  // An application's number.
  std::int64_t application(const std::string& name) const;

 private:
  std::vector<std::unique_ptr<const Shelf>> shelves_;
  std::map<std::string, const Shelf*, std::less<>> by_name_;
  std::unordered_map<const Collection*, const Shelf*> by_address_;
  std::map<std::string, std::int64_t, std::less<>> applications_;
};

}  // namespace daybook::sqlite
