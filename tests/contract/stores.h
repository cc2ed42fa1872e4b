// Every store that the contract holds for, and the fixture that opens one of them in a directory of
// its own.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/store.h"
#include "tests/contract/shop.h"
#include "tests/contract/words.h"

namespace daybook::contract {

// A directory that is gone after the test.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A store in one of its configurations.
struct Form {
  std::string name;
  bool is_durable = false;  // opening the directory again finds what was stored
  std::function<Result<std::unique_ptr<Store>>(const std::string& place)> open;
};
std::ostream& operator<<(std::ostream& out, const Form& form);

const std::vector<Form>& all_forms();
std::vector<Form> durable_forms();
std::string form_name(const testing::TestParamInfo<Form>& info);

// Opens and prepares with the catalog; ends the program when that fails.
std::unique_ptr<Store> open(const Form& form, const std::string& place,
                            const Catalog& catalog = shop());

class StoreTest : public testing::TestWithParam<Form> {
 protected:
  StoreTest() { start_over(); }

  Store& store() { return *store_; }
  void reopen(const Catalog& catalog = shop());
  // An empty store from now on.
  void start_over();
  // Applies and says what came of it.
  std::string apply(const Batch& batch) { return say(store_->apply(batch)); }
  // Applies what must be stored.
  void keep(const Batch& batch);

  Directory directory_;
  int stores_ = 0;
  std::string place_;  // of the store, in directory_
  std::unique_ptr<Store> store_;
};

#define DAYBOOK_FOR_ALL_STORES(suite)                                                          \
  INSTANTIATE_TEST_SUITE_P(Stores, suite, testing::ValuesIn(::daybook::contract::all_forms()), \
                           ::daybook::contract::form_name)
#define DAYBOOK_FOR_DURABLE_STORES(suite)                                                          \
  INSTANTIATE_TEST_SUITE_P(Stores, suite, testing::ValuesIn(::daybook::contract::durable_forms()), \
                           ::daybook::contract::form_name);                                        \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(suite)

}  // namespace daybook::contract
