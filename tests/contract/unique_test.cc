// Unique indexes: simple, folded, sparse and nested, compound; who has a key keeps it until it is
// given up.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

// With seats, whose codes are unique in a branch, which is the tenant.
const Catalog& theatre() {
  static const Catalog kCatalog = [] {
    auto files = shop_files();
    files.push_back({"shop/seats.toml", "",
                     "kind = \"register\"\ntenant = \"branch\"\n[fields]\n"
                     "code = { type = \"text\", required = true }\n"
                     "branch = { type = \"text\", required = true }\n"
                     "[[indexes]]\non = [\"code\"]\nunique = true\n"});
    return load_catalog(std::move(files));
  }();
  return kCatalog;
}

struct Seat {
  std::string id, code, branch;
};

Batch seats(const std::vector<Seat>& all) {
  Batch batch;
  batch.application = theatre().find("shop");
  batch.at = noon();
  for (const auto& [id, code, branch] : all) {
    Operation operation;
    operation.collection = *theatre().collection("shop/seats");
    operation.row = {id, {Value(code), Value(branch)}, ""};
    batch.operations.push_back(std::move(operation));
  }
  return batch;
}

Operation session(const Catalog& catalog, const std::string& id) {
  Operation operation = insert(
      "shop/sessions", R"({"id":")" + id + R"(","token":"t","ends_at":"2026-03-11T00:00:00Z"})");
  operation.collection = *catalog.collection("shop/sessions");
  return operation;
}

class UniqueTest : public StoreTest {
 protected:
  // The same rows under another declaration.
  void redeclare(const Catalog& catalog) {
    if (GetParam().is_durable) return reopen(catalog);
    ASSERT_TRUE(store().prepare(catalog).ok());
  }
};
DAYBOOK_FOR_ALL_STORES(UniqueTest);

TEST_P(UniqueTest, ATakenKeyIsAConflictThatNamesTheField) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c2","email":"A@B.EXAMPLE"})"),
                        put("shop/customers", R"({"id":"c3","email":"a@b.example"})")})),
            "[0..1] conflict #/email: another row has this 'email', conflict #/email: another row "
            "has this 'email'");
}

TEST_P(UniqueTest, ANestedKeyNamesItsPath) {
  keep(each(
      {insert("shop/customers", R"({"id":"c1","email":"a@b.example","login":{"card":"7"}})")}));
  EXPECT_EQ(apply(each({insert("shop/customers",
                               R"({"id":"c2","email":"c@b.example","login":{"card":"7"}})")})),
            "[0..1] conflict #/login/card: another row has this 'login.card'");
}

TEST_P(UniqueTest, RowsWithoutASparseKeyDoNotCollide) {
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                        insert("shop/customers", R"({"id":"c2","email":"c@b.example"})")})),
            "[1..2] stored, stored");
}

TEST_P(UniqueTest, ACompoundKeyCollidesAsAWhole) {
  EXPECT_EQ(
      apply(each({
          insert("shop/customers", R"({"id":"1","email":"1@b.example","branch":"n","number":1})"),
          insert("shop/customers", R"({"id":"2","email":"2@b.example","branch":"n","number":2})"),
          insert("shop/customers", R"({"id":"3","email":"3@b.example","branch":"s","number":1})"),
          insert("shop/customers", R"({"id":"4","email":"4@b.example","branch":"n","number":1})"),
      })),
      "[1..3] stored, stored, stored, conflict: another row has this 'branch' and 'number'");
}

TEST_P(UniqueTest, AnUpdateIntoATakenKeyIsAConflict) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
             insert("shop/customers", R"({"id":"c2","email":"c@b.example"})")}));
  EXPECT_EQ(apply(each({update("shop/customers", "c2", R"({"email":"a@b.example"})")})),
            "[0..2] conflict #/email: another row has this 'email'");
  EXPECT_EQ(apply(each({update("shop/customers", "c1", R"({"name":"itself"})")})), "[3..3] stored");
}

TEST_P(UniqueTest, AKeyIsFreeOnceItIsGivenUp) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  EXPECT_EQ(apply(atomic({update("shop/customers", "c1", R"({"email":"new@b.example"})"),
                          insert("shop/customers", R"({"id":"c2","email":"a@b.example"})"),
                          remove("shop/customers", "c2"),
                          insert("shop/customers", R"({"id":"c3","email":"a@b.example"})")})),
            "[2..5] stored, stored, stored, stored");
}

TEST_P(UniqueTest, AKeyThatABatchTookBackIsAsBefore) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  EXPECT_EQ(apply(atomic({remove("shop/customers", "c1"),
                          insert("shop/customers", R"({"id":"c2","email":"a@b.example"})"),
                          remove("shop/customers", "none")})),
            "refused [0..1] stored, stored, missing: there is no row with this id");
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c3","email":"a@b.example"})")})),
            "[0..1] conflict #/email: another row has this 'email'");
}

TEST_P(UniqueTest, ARowPastItsKeepHoldsNoKey) {
  keep(each(
      {insert("shop/sessions", R"({"id":"s1","token":"t","ends_at":"2026-03-10T12:30:00Z"})")}));
  const auto next =
      insert("shop/sessions", R"({"id":"s2","token":"t","ends_at":"2026-03-10T14:00:00Z"})");
  EXPECT_EQ(apply(each({next}, at("2026-03-10T12:29:59.999999Z"))),
            "[0..1] conflict #/token: another row has this 'token'");
  EXPECT_EQ(apply(each({next}, at("2026-03-10T12:30:00Z"))), "[2..2] stored");
  EXPECT_EQ(apply(each({insert("shop/sessions",
                               R"({"id":"s1","token":"u","ends_at":"2026-03-10T14:00:00Z"})")},
                       at("2026-03-10T12:31:00Z"))),
            "[3..3] stored");
}

TEST_P(UniqueTest, WithTenantsAKeyIsTheTenantsOwn) {
  reopen(theatre());
  EXPECT_EQ(apply(seats({{"s1", "7", "north"}, {"s2", "7", "south"}, {"s3", "7", "north"}})),
            "[1..2] stored, stored, conflict #/code: another row has this 'code'");
  Batch moved = seats({{"s4", "8", "south"}, {"s4", "7", "south"}});
  moved.operations[1].verb = Verb::kPut;
  EXPECT_EQ(apply(moved), "[3..3] stored, conflict #/code: another row has this 'code'");
  Batch gone = seats({{"s5", "7", "south"}});
  Operation removal;
  removal.verb = Verb::kDelete;
  removal.collection = *theatre().collection("shop/seats");
  removal.id = "s2";
  gone.operations.insert(gone.operations.begin(), std::move(removal));
  EXPECT_EQ(apply(gone), "[4..5] stored, stored") << "the other tenant's row is in nobody's way";
}

TEST_P(UniqueTest, AnIndexThatIsNotDeclaredAnyMoreRefusesNothing) {
  static const Catalog without =
      changed_shop("shop/sessions.toml", "[[indexes]]\non = [\"token\"]\nunique = true", "");
  static const Catalog loosened = changed_shop("shop/sessions.toml", "unique = true", "");
  for (const Catalog* next : {&without, &loosened}) {
    start_over();
    keep(each({session(shop(), "s1")}));
    EXPECT_EQ(apply(each({session(shop(), "s2")})).substr(0, 16), "[0..1] conflict ");
    redeclare(*next);
    EXPECT_EQ(apply(each({session(*next, "s2"), session(*next, "s3")})), "[2..3] stored, stored");
  }
}

TEST_P(UniqueTest, AnIndexThatIsDeclaredAgainRefusesWhatCollidesInIt) {
  static const Catalog loosened = changed_shop("shop/sessions.toml", "unique = true", "");
  redeclare(loosened);
  keep(each({session(loosened, "s1")}));
  redeclare(shop());
  EXPECT_EQ(apply(each({session(shop(), "s2")})),
            "[0..1] conflict #/token: another row has this 'token'");
}

TEST_P(UniqueTest, IndexesAreListed) {
  const auto indexes = store().indexes();
  ASSERT_TRUE(indexes.ok());
  std::string text;
  for (const IndexState& index : *indexes) {
    EXPECT_TRUE(index.is_built) << index.index;
    text += index.collection + ": " + index.definition + "\n";
  }
  EXPECT_EQ(text,
            "shop/customers: email; unique\n"
            "shop/customers: login.card; unique, sparse\n"
            "shop/customers: branch, number desc; unique, sparse\n"
            "shop/customers: labels\n"
            "shop/orders: customer, placed_at desc\n"
            "shop/orders: tags\n"
            "shop/orders: address.city\n"
            "shop/sessions: token; unique\n"
            "shop/stalls: name, branch; unique\n"
            "shop/stalls: goods\n");
}

}  // namespace

}  // namespace daybook::contract
