// Batches: what each verb and condition does, and what stays of a batch with a bad operation.
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

class ApplyTest : public StoreTest {};
DAYBOOK_FOR_ALL_STORES(ApplyTest);

TEST_P(ApplyTest, RowsOfEveryTypeComeBackAsTheyWere) {
  const Operation order = insert("shop/orders", R"({
    "id": "o1", "placed_at": "2026-03-10T11:22:33.456789Z", "customer": "zoë \t '\"%_",
    "priority": "high", "quantity": -9223372036854775808, "amount": 0.1, "is_gift": true,
    "due": "2026-12-31", "basket": "0197f3a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
    "details": {"a": [1, 2.5, null, {"b": "c"}]}, "tags": ["red", "", "réd"],
    "scores": {"b": -1.5, "a": 1e300}, "address": {"city": "Ulm"}, "note": "",
    "undeclared": {"x": [1]}})");
  keep(each({order}));
  const auto found = find_one(store(), "shop/orders", "o1");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, order.row) << debug_text(collection("shop/orders"), *found);
  EXPECT_NE(found->extra.find("undeclared"), std::string::npos);

  const Operation customer = put("shop/customers", R"({
    "id": "c:1", "email": "A@B.example", "branch": "north", "number": 7,
    "login": {"card": "x-1"}, "labels": ["new", "vip"], "joined_on": "0001-01-01"})");
  keep(each({customer}));
  EXPECT_EQ(find_one(store(), "shop/customers", "c:1"), customer.row);
}

TEST_P(ApplyTest, ExtremeTimesAndNumbersAreKept) {
  const auto first = insert("lab/samples", R"({"id":"a","at":"0001-01-01T00:00:00Z","probe":"p",
                                               "value":-1.7976931348623157e308})");
  const auto last = insert("lab/samples", R"({"id":"b","at":"9999-12-31T23:59:59.999999Z",
                                              "probe":"p","value":5e-324})");
  const auto negative_zero = insert("lab/samples", R"({"id":"c","at":"1969-12-31T23:59:59.5Z",
                                                       "probe":"","value":-0.0})");
  keep(each({first, last, negative_zero}));
  EXPECT_EQ(find_one(store(), "lab/samples", "a"), first.row);
  EXPECT_EQ(find_one(store(), "lab/samples", "b"), last.row);
  EXPECT_EQ(find_one(store(), "lab/samples", "c"), negative_zero.row);
  EXPECT_EQ(ids_of(store(), scan_of("lab/samples", {.order = "at"})), "a,c,b");
}

TEST_P(ApplyTest, InsertUpdateDeleteInARegister) {
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[1..1] stored");
  EXPECT_EQ(apply(each({update("shop/customers", "c1", R"({"name":"Ann"})")})), "[2..2] stored");
  EXPECT_EQ(find_one(store(), "shop/customers", "c1")->values[3], Value("Ann"));
  EXPECT_EQ(apply(each({update("shop/customers", "c1", R"({"name":"Ann"})")})), "[0..2] unchanged");
  EXPECT_EQ(apply(each({remove("shop/customers", "c1")})), "[3..3] stored");
  EXPECT_FALSE(find_one(store(), "shop/customers", "c1"));
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[4..4] stored");
}

TEST_P(ApplyTest, PutReplacesTheWholeRow) {
  keep(each({put("shop/customers", R"({"id":"c1","email":"a@b.example","name":"Ann"})")}));
  EXPECT_EQ(apply(each({put("shop/customers", R"({"id":"c1","email":"x@y.example"})")})),
            "[2..2] stored");
  const auto row = find_one(store(), "shop/customers", "c1");
  EXPECT_EQ(row->values[0], Value("x@y.example"));
  EXPECT_TRUE(row->values[3].is_null());
  EXPECT_EQ(apply(each({put("shop/customers", R"({"id":"c1","email":"x@y.example"})")})),
            "[0..2] unchanged");
}

TEST_P(ApplyTest, ANullAssignmentClears) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example","name":"Ann"})")}));
  keep(each({update("shop/customers", "c1", R"({"name":null})")}));
  EXPECT_TRUE(find_one(store(), "shop/customers", "c1")->values[3].is_null());
}

TEST_P(ApplyTest, WhatIsNotThereIsMissing) {
  EXPECT_EQ(
      apply(each({update("shop/customers", "no", R"({"name":"x"})"), remove("shop/customers", "no"),
                  update("shop/orders", "no", R"({"note":"x"})"), remove("shop/orders", "no")})),
      "[0..0] missing: there is no row with this id, missing: there is no row with this id, "
      "missing: there is no row with this id, missing: there is no row with this id");
}

TEST_P(ApplyTest, InModeEachTheGoodOnesStay) {
  EXPECT_EQ(apply(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                        insert("shop/customers", R"({"id":"c1","email":"other@b.example"})"),
                        insert("shop/customers", R"({"id":"c2","email":"c@b.example"})")})),
            "[1..2] stored, conflict #/id: a row with this id is there already, with other "
            "content, stored");
  EXPECT_EQ(ids_of(store(), scan_of("shop/customers")), "c1,c2");
}

TEST_P(ApplyTest, InModeAtomicOneBadOperationTakesAllBack) {
  keep(each({insert("shop/customers", R"({"id":"c0","email":"a@b.example"})"),
             insert("shop/orders", R"({"id":"o0","customer":"c0"})")}));
  const std::string before = everything(store());
  EXPECT_EQ(apply(atomic({insert("shop/customers", R"({"id":"c1","email":"c@b.example"})"),
                          update("shop/customers", "c0", R"({"name":"Ann"})"),
                          insert("shop/orders", R"({"id":"o1","customer":"c1"})"),
                          update("shop/orders", "o0", R"({"status":"packed"})"),
                          remove("shop/orders", "o1"), remove("shop/customers", "c0"),
                          update("shop/customers", "none", R"({"name":"x"})"),
                          insert("shop/customers", R"({"id":"c9","email":"9@b.example"})")})),
            "refused [0..2] stored, stored, stored, stored, stored, stored, missing: there is no "
            "row with this id");
  EXPECT_EQ(everything(store()), before);
  EXPECT_EQ(apply(atomic({insert("shop/customers", R"({"id":"c1","email":"c@b.example"})")})),
            "[3..3] stored");
}

TEST_P(ApplyTest, WhatABatchTookBackCanBeSentAgain) {
  const auto order = insert("shop/orders", R"({"id":"o1","customer":"x"})");
  EXPECT_EQ(apply(atomic({order, remove("shop/orders", "o1"), remove("shop/orders", "none")})),
            "refused [0..0] stored, stored, missing: there is no row with this id");
  EXPECT_EQ(apply(atomic({order})), "[1..1] stored");
}

TEST_P(ApplyTest, LaterOperationsOfABatchSeeTheEarlierOnes) {
  EXPECT_EQ(apply(atomic({insert("shop/orders", R"({"id":"o1","customer":"x"})"),
                          update("shop/orders", "o1", R"({"status":"packed"})"),
                          update("shop/orders", "o1", R"({"status":"sent"})"),
                          insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                          only_if(equals("shop/customers", "version", 1),
                                  update("shop/customers", "c1", R"({"version":2})")),
                          remove("shop/customers", "c1"),
                          insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")})),
            "[1..7] stored, stored, stored, stored, stored, stored, stored");
  EXPECT_EQ(ids_of(store(), scan_of("shop/orders", {.where = "status = 'sent'"})), "o1");
  EXPECT_EQ(find_one(store(), "shop/customers", "c1")->values[8], Value(1));
}

TEST_P(ApplyTest, AnEmptyBatchChangesNothing) {
  Batch batch;
  batch.application = shop().find("shop");
  batch.at = noon();
  EXPECT_EQ(apply(batch), "[0..0] ");
}

TEST_P(ApplyTest, AWrongBatchIsRefusedWhole) {
  Batch mixed = each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})"),
                      insert("lab/samples", R"({"id":"s1","probe":"p"})")});
  EXPECT_EQ(apply(mixed), "error invalid: a batch holds operations of one application only");
  Batch of_journal = each({insert("shop/orders", R"({"id":"o1","customer":"x"})")});
  of_journal.operations.front().verb = Verb::kPut;
  EXPECT_EQ(apply(of_journal),
            "error invalid: shop/orders is a journal: its rows are inserted and updated, not put");
  Batch narrow = each({insert("shop/orders", R"({"id":"o1","customer":"x"})")});
  narrow.operations.front().row.values.pop_back();
  EXPECT_EQ(store().apply(narrow).error().code(), Code::kInvalid);
  EXPECT_EQ(ids_of(store(), scan_of("shop/customers")), "");
}

TEST_P(ApplyTest, Conditions) {
  const auto row = R"({"id":"c1","email":"a@b.example"})";
  Condition absent, exists;
  absent.kind = Condition::Kind::kAbsent;
  exists.kind = Condition::Kind::kExists;
  EXPECT_EQ(apply(each({only_if(exists, put("shop/customers", row))})),
            "[0..0] precondition: there is no row with this id");
  EXPECT_EQ(apply(each({only_if(absent, put("shop/customers", row))})), "[1..1] stored");
  EXPECT_EQ(apply(each({only_if(absent, put("shop/customers", row))})),
            "[0..1] precondition: a row with this id is there already");
  EXPECT_EQ(apply(each({only_if(exists, update("shop/customers", "c1", R"({"name":"Ann"})"))})),
            "[2..2] stored");

  const std::string tag = row_tag(*find_one(store(), "shop/customers", "c1"));
  EXPECT_EQ(apply(each({only_if(tagged({"0000000000000000"}), remove("shop/customers", "c1"))})),
            "[0..2] precondition: the row has changed since; its tag is now \"" + tag + "\"");
  EXPECT_EQ(apply(each({only_if(tagged({"0000000000000000", tag}),
                                update("shop/customers", "c1", R"({"name":"Bob"})"))})),
            "[3..3] stored");
  EXPECT_EQ(apply(each({only_if(equals("shop/customers", "version", 2),
                                update("shop/customers", "c1", R"({"version":3})"))})),
            "[0..3] precondition: 'version' is 1, not 2");
  EXPECT_EQ(apply(each({only_if(equals("shop/customers", "name", "Bob"),
                                remove("shop/customers", "c1"))})),
            "[4..4] stored");
}

TEST_P(ApplyTest, ConditionsInAJournal) {
  keep(each({insert("shop/orders", R"({"id":"o1","customer":"x"})")}));
  EXPECT_EQ(apply(each({only_if(equals("shop/orders", "status", "packed"),
                                update("shop/orders", "o1", R"({"note":"n"})"))})),
            "[0..1] precondition: 'status' is \"open\", not \"packed\"");
  const std::string tag = row_tag(*find_one(store(), "shop/orders", "o1"));
  EXPECT_EQ(apply(each({only_if(tagged({tag}), remove("shop/orders", "o1"))})), "[2..2] stored");
}

TEST_P(ApplyTest, AConflictShowsTheRowThatIsThere) {
  const auto first = insert("shop/customers", R"({"id":"c1","email":"a@b.example"})");
  keep(each({first}));
  const auto committed =
      store().apply(each({insert("shop/customers", R"({"id":"c1","email":"z@b.example"})")}));
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->verdicts.front().there, first.row);
}

TEST_P(ApplyTest, AnUpdateAnswersTheRowAsItIsNow) {
  keep(each({insert("shop/customers", R"({"id":"c1","email":"a@b.example"})")}));
  const auto committed = store().apply(each({update("shop/customers", "c1", R"({"name":"Ann"})")}));
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->verdicts.front().there, find_one(store(), "shop/customers", "c1"));
}

TEST_P(ApplyTest, ManyRowsInOneBatch) {
  std::vector<Operation> operations;
  for (int i = 0; i < 3000; ++i) {
    operations.push_back(
        insert("shop/visits", R"({"id":"v)" + std::to_string(i) + R"(","page":"/","millis":1.5})"));
  }
  keep(atomic(std::move(operations)));
  EXPECT_EQ(rows_of(store(), scan_of("shop/visits"))->size(), 3000u);
}

}  // namespace

}  // namespace daybook::contract
