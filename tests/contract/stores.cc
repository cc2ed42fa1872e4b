#include "tests/contract/stores.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::contract {

namespace {

[[noreturn]] void stop(const std::string& what) {
  std::cerr << what << "\n";
  std::abort();
}

Form memory() {
  return {"memory", false,
          [](const std::string&) -> Result<std::unique_ptr<Store>> { return make_memory_store(); }};
}

Form sqlite_form(std::string name, sqlite::Options options) {
  return {std::move(name), true,
          [options](const std::string& place) { return sqlite::open_store(place, options); }};
}

// Blocks and caches so small that rows are sealed, merged and read back all the time.
sqlite::Options tiny() {
  sqlite::Options options;
  options.block_rows = 64;
  options.open_bytes = 64u << 10;
  options.cache_bytes = 64u << 10;
  options.page_cache_bytes = 256u << 10;
  options.readers = 2;
  options.scan_threads = 2;
  options.quiet = std::chrono::milliseconds(20);
  return options;
}

// All upkeep is done by the end of the commit that makes it due: nothing depends on when the
// background came by.
sqlite::Options eager() {
  sqlite::Options options = tiny();
  options.block_rows = 32;
  options.quiet = Duration(0);
  options.background = false;
  // Each of its many steps would wait for the disk.
  options.durability = sqlite::Durability::kRelaxed;
  return options;
}

}  // namespace

Directory::Directory() {
  std::string pattern = testing::TempDir() + "daybook-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) stop("cannot make a directory in " + testing::TempDir());
  path_ = pattern;
}

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::ostream& operator<<(std::ostream& out, const Form& form) { return out << form.name; }

const std::vector<Form>& all_forms() {
  static const std::vector<Form> forms = {
      memory(),
      sqlite_form("sqlite", {}),
      sqlite_form("sqlite_tiny", tiny()),
      sqlite_form("sqlite_eager", eager()),
  };
  return forms;
}

std::vector<Form> durable_forms() {
  std::vector<Form> forms;
  for (const Form& form : all_forms()) {
    if (form.is_durable) forms.push_back(form);
  }
  return forms;
}

std::string form_name(const testing::TestParamInfo<Form>& info) { return info.param.name; }

std::unique_ptr<Store> open(const Form& form, const std::string& place, const Catalog& catalog) {
  auto store = form.open(place);
  if (!store.ok()) stop("cannot open " + form.name + ": " + say(store.error()));
  if (auto prepared = (*store)->prepare(catalog); !prepared.ok()) {
    stop("cannot prepare " + form.name + ": " + say(prepared.error()));
  }
  return std::move(*store);
}

void StoreTest::reopen(const Catalog& catalog) {
  store_.reset();
  store_ = open(GetParam(), place_, catalog);
}

void StoreTest::start_over() {
  place_ = directory_.path() + "/store" + std::to_string(++stores_);
  store_ = open(GetParam(), place_);
}

void StoreTest::keep(const Batch& batch) {
  const auto committed = store_->apply(batch);
  ASSERT_TRUE(committed.ok()) << say(committed);
  ASSERT_TRUE(committed->applied) << say(committed);
  for (const Verdict& verdict : committed->verdicts) {
    EXPECT_EQ(verdict.kind, Verdict::Kind::kStored) << say(verdict);
  }
}

}  // namespace daybook::contract
