#include "store/decide.h"

#include <gtest/gtest.h>

namespace daybook {

namespace {

Field field(std::string name, Type type) {
  Field field;
  field.name = std::move(name);
  field.type = type;
  return field;
}

// A register: name, count, pin (secret), touched (derived).
Collection people(Kind kind = Kind::kRegister) {
  Collection collection;
  collection.application = "club";
  collection.name = "people";
  collection.kind = kind;
  collection.fields = {field("name", Type::kText), field("count", Type::kInt),
                       field("pin", Type::kSecret), field("touched", Type::kTime)};
  collection.fields[2].secret = SecretForm::kSha256;
  collection.fields[3].derive = Derive::kNowOnChange;
  return collection;
}

const Instant kNow = from_micros(1'000'000);

Row ann() { return {"a", {Value("Ann"), Value(1), Value("1234"), Value()}, ""}; }

class DecideTest : public testing::Test {
 protected:
  Operation operation(Verb verb, Row row = ann()) const {
    Operation operation;
    operation.collection = &collection_;
    operation.verb = verb;
    operation.id = row.id;
    operation.row = std::move(row);
    return operation;
  }
  Operation update(std::vector<Assignment> assignments) const {
    Operation changed = operation(Verb::kUpdate);
    changed.assignments = std::move(assignments);
    return changed;
  }

  Collection collection_ = people();
};

TEST_F(DecideTest, WhatIsNotThere) {
  const Decision inserted = decide(operation(Verb::kInsert), nullptr, kNow);
  EXPECT_EQ(inserted.verdict.kind, Verdict::Kind::kStored);
  EXPECT_EQ(inserted.row, ann());
  EXPECT_EQ(decide(operation(Verb::kPut), nullptr, kNow).row, ann());
  EXPECT_EQ(decide(update({{0, "Bob"}}), nullptr, kNow).verdict.kind, Verdict::Kind::kMissing);
  EXPECT_EQ(decide(operation(Verb::kDelete), nullptr, kNow).verdict.kind, Verdict::Kind::kMissing);
}

TEST_F(DecideTest, AnInsertAgain) {
  const Row there = ann();
  Operation same = operation(Verb::kInsert);
  same.row.values[1] = Value();
  same.sent = {true, false, false, false};
  EXPECT_EQ(decide(same, &there, kNow).verdict.kind, Verdict::Kind::kSame);
  EXPECT_EQ(decide(same, &there, kNow).verdict.there, there);
  same.sent[1] = true;
  const Verdict conflict = decide(same, &there, kNow).verdict;
  EXPECT_EQ(conflict.kind, Verdict::Kind::kConflict);
  EXPECT_EQ(conflict.pointer, "#/id");
  EXPECT_EQ(conflict.there, there);
}

TEST_F(DecideTest, AnUpdate) {
  const Row there = ann();
  const Decision changed = decide(update({{0, "Bob"}, {1, 1}}), &there, kNow);
  EXPECT_EQ(changed.verdict.kind, Verdict::Kind::kStored);
  EXPECT_EQ(changed.row->values[0], Value("Bob"));
  EXPECT_EQ(changed.row->values[3], Value(kNow));
  EXPECT_EQ(changed.verdict.there, changed.row);
  EXPECT_EQ(changed.fields, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(decide(update({{0, "Ann"}}), &there, kNow).verdict.kind, Verdict::Kind::kUnchanged);
}

TEST_F(DecideTest, APut) {
  const Row there = ann();
  Row next = ann();
  EXPECT_EQ(decide(operation(Verb::kPut, next), &there, kNow).verdict.kind,
            Verdict::Kind::kUnchanged);
  next.values[1] = Value();
  const Decision changed = decide(operation(Verb::kPut, next), &there, kNow);
  EXPECT_TRUE(changed.row->values[1].is_null());
  EXPECT_EQ(changed.row->values[3], Value(kNow));
  next = ann();
  next.extra = R"({"x":1})";
  const Decision extra = decide(operation(Verb::kPut, next), &there, kNow);
  EXPECT_EQ(extra.row->extra, next.extra);
  EXPECT_EQ(extra.row->values[3], Value(kNow));
}

TEST_F(DecideTest, ADelete) {
  const Row there = ann();
  const Decision deleted = decide(operation(Verb::kDelete), &there, kNow);
  EXPECT_EQ(deleted.verdict.kind, Verdict::Kind::kStored);
  EXPECT_FALSE(deleted.row);
}

TEST_F(DecideTest, ConditionsComeBeforeWhatIsAsked) {
  const Row there = ann();
  struct Case {
    Condition condition;
    const Row* there;
    std::string detail;  // empty: it holds
  };
  using enum Condition::Kind;
  const std::string tag = row_tag(there);
  const std::vector<Case> cases = {
      {{kAbsent, {}, 0, {}}, nullptr, ""},
      {{kAbsent, {}, 0, {}}, &there, "a row with this id is there already"},
      {{kExists, {}, 0, {}}, nullptr, "there is no row with this id"},
      {{kExists, {}, 0, {}}, &there, ""},
      {{kTag, {"x", tag}, 0, {}}, &there, ""},
      {{kTag, {"x"}, 0, {}}, &there, "the row has changed since; its tag is now \"" + tag + "\""},
      {{kTag, {tag}, 0, {}}, nullptr, "there is no row with this id"},
      {{kEquals, {}, 1, 1}, &there, ""},
      {{kEquals, {}, 1, 2}, &there, "'count' is 1, not 2"},
      {{kEquals, {}, 1, {}}, &there, "'count' is 1, not null"},
      {{kEquals, {}, 2, "0000"}, &there, "'pin' has another value"},
  };
  for (const Case& c : cases) {
    Operation put = operation(Verb::kPut);
    put.condition = c.condition;
    const Verdict verdict = decide(put, c.there, kNow).verdict;
    EXPECT_EQ(verdict.detail, c.detail);
    EXPECT_EQ(verdict.kind == Verdict::Kind::kPrecondition, !c.detail.empty()) << c.detail;
  }
}

TEST_F(DecideTest, WhatIsMissingIsMissingWhateverTheCondition) {
  Operation changed = update({{0, "Bob"}});
  changed.condition.kind = Condition::Kind::kExists;
  EXPECT_EQ(decide(changed, nullptr, kNow).verdict.kind, Verdict::Kind::kMissing);
}

TEST_F(DecideTest, MalformedBatches) {
  Application club, other;
  club.name = "club";
  other.name = "other";
  Batch batch;
  EXPECT_FALSE(check_batch(batch).ok());
  batch.application = &club;
  batch.operations = {operation(Verb::kInsert)};
  EXPECT_TRUE(check_batch(batch).ok());
  batch.application = &other;
  EXPECT_EQ(check_batch(batch).error().message(),
            "a batch holds operations of one application only");
  batch.application = &club;
  batch.operations.front().row.values.pop_back();
  EXPECT_EQ(check_batch(batch).error().message(), "a row of club/people must have 4 values, not 3");
  const Collection journal = people(Kind::kJournal);
  batch.operations = {operation(Verb::kPut)};
  batch.operations.front().collection = &journal;
  EXPECT_EQ(check_batch(batch).error().message(),
            "club/people is a journal: its rows are inserted and updated, not put");
  batch.operations.front().collection = nullptr;
  EXPECT_FALSE(check_batch(batch).ok());
}

}  // namespace

}  // namespace daybook
