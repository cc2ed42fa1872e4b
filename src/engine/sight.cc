#include "engine/sight.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "engine/own.h"
#include "engine/references.h"
#include "engine/rights.h"

namespace daybook {

namespace {

// The most rows behind a reference that one principal may have.
constexpr std::size_t kMaxBehind = 10'000;

Arguments arguments_of(const Principal& principal) {
  Arguments arguments = {{"principal.id", Value(principal.id)}};
  if (!principal.tenant.empty()) {
    arguments.emplace_back("principal.tenant", Value(principal.tenant));
  }
  return arguments;
}

// Rewrites what lies behind references into the ids of the rows there: home_id.owner_id = 'x'
// becomes home_id in [...].
class RuleBinder {
 public:
  RuleBinder(Engine& engine, const Collection& collection, const Principal& principal)
      : engine_(engine),
        collection_(collection),
        principal_(principal),
        arguments_(arguments_of(principal)) {}

  Result<Filter> bind(const Expression& rule) {
    DAYBOOK_ASSIGN(const Expression direct, resolve(rule));
    return bind_filter(collection_, direct, arguments_);
  }

 private:
  struct Behind {
    std::string reference;  // the field here
    const Collection* collection = nullptr;
    std::string field;  // of the row there
  };

  // `beside` are the other clauses of the AND that it stands in.
  Result<Expression> resolve(Expression e, const std::vector<Expression>& beside = {}) {
    if (is_leaf(e)) {
      const auto behind = behind_of(e.args.front().name);
      if (!behind) return e;
      return is_join(e) ? joined(*behind, e, beside) : ids_behind(*behind, std::move(e));
    }
    const auto all = e.kind == Expression::Kind::kAnd ? e.args : std::vector<Expression>();
    for (Expression& arg : e.args) {
      DAYBOOK_ASSIGN(arg, resolve(std::move(arg), all));
    }
    return e;
  }

  static bool is_leaf(const Expression& e) {
    const bool is_joint = e.kind == Expression::Kind::kAnd || e.kind == Expression::Kind::kOr;
    return !is_joint && !e.args.empty() && e.args.front().kind == Expression::Kind::kField;
  }

  static bool is_join(const Expression& e) {
    return e.args.size() > 1 && e.args[1].kind == Expression::Kind::kField;
  }

  std::optional<Behind> behind_of(const std::string& name) const {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || find_field(collection_, name).ok()) return std::nullopt;
    Behind behind{name.substr(0, dot), nullptr, name.substr(dot + 1)};
    const auto field = collection_.find_field(behind.reference);
    const Application* application = engine_.catalog().find(collection_.application);
    if (!field || application == nullptr) return std::nullopt;
    behind.collection = application->find(collection_.fields[*field].references);
    if (behind.collection == nullptr) return std::nullopt;
    return behind;
  }

  Result<Expression> ids_behind(const Behind& behind, Expression e) {
    e.args.front().name = behind.field;
    DAYBOOK_ASSIGN(const auto rows, rows_behind(*behind.collection, e));
    std::map<std::string, List> ids;  // by tenant
    for (const Row& row : rows) ids[tenant_there(behind, row)].emplace_back(row.id);
    const auto is_among = [&](List listed) {
      return leaf(Expression::Kind::kIn, behind.reference, literal(Value(std::move(listed))));
    };
    if (!has_tenants(behind)) return is_among(std::move(ids[""]));
    Expression any = joint(Expression::Kind::kOr);
    for (auto& [tenant, listed] : ids) {
      Expression his = joint(Expression::Kind::kAnd);
      his.args = {is_tenant(tenant), is_among(std::move(listed))};
      any.args.push_back(std::move(his));
    }
    return any;
  }

  // A reference between collections with tenants means the row of the same tenant. The catalog
  // knows no reference to ids of tenants from where there are none.
  bool has_tenants(const Behind& behind) const {
    return collection_.tenant_field && key_tenant(*behind.collection);
  }

  std::string tenant_there(const Behind& behind, const Row& row) const {
    if (!has_tenants(behind)) return {};
    const auto* tenant = tenant_of(*behind.collection, row).get_if<std::string>();
    return tenant == nullptr ? std::string() : *tenant;
  }

  Expression is_tenant(const std::string& tenant) const {
    const std::string& field = collection_.fields[*collection_.tenant_field].name;
    return leaf(Expression::Kind::kCompare, field, literal(Value(tenant)));
  }

  // device_id.home_id = home_id becomes (device_id = 'd1' AND home_id = 'h1') OR ..., of the rows
  // there that the clauses beside it leave.
  Result<Expression> joined(const Behind& behind, const Expression& e,
                            const std::vector<Expression>& beside) {
    Expression there = joint(Expression::Kind::kAnd);
    for (const Expression& clause : beside) {
      if (!is_leaf(clause) || is_join(clause)) continue;
      const std::string& name = clause.args.front().name;
      const auto other = behind_of(name);
      const bool is_there = other && other->reference == behind.reference;
      if (!is_there && name != behind.reference) continue;
      there.args.push_back(clause);
      there.args.back().args.front().name = is_there ? other->field : "id";
    }
    DAYBOOK_ASSIGN(const auto rows, rows_behind(*behind.collection, there));
    DAYBOOK_ASSIGN(const FieldRef field, find_field(*behind.collection, behind.field));
    Expression any = joint(Expression::Kind::kOr);
    for (const Row& row : rows) {
      const Value value = read(field, row);
      if (value.is_null()) continue;
      Expression pair = joint(Expression::Kind::kAnd);
      pair.args = {leaf(Expression::Kind::kCompare, behind.reference, literal(Value(row.id))),
                   leaf(Expression::Kind::kCompare, e.args[1].name, literal(value))};
      if (has_tenants(behind)) pair.args.push_back(is_tenant(tenant_there(behind, row)));
      any.args.push_back(std::move(pair));
    }
    return any;
  }

  Result<std::vector<Row>> rows_behind(const Collection& collection, const Expression& which) {
    DAYBOOK_ASSIGN(Filter filter, bind_filter(collection, which, arguments_));
    filter = both(own_tenant(principal_, collection), std::move(filter));
    DAYBOOK_ASSIGN(auto rows, find_rows(engine_.store(), collection, std::move(filter),
                                        engine_.now(), kMaxBehind + 1));
    if (rows.size() <= kMaxBehind) return rows;
    return Error(Code::kTooLarge, "more than " + std::to_string(kMaxBehind) + " rows of " +
                                      collection.full_name() + " are yours");
  }

  static Expression literal(Value value) {
    Expression e;
    e.literal = std::move(value);
    return e;
  }

  static Expression leaf(Expression::Kind kind, const std::string& field, Expression right) {
    Expression e;
    e.kind = kind;
    e.args.resize(1);
    e.args[0].kind = Expression::Kind::kField;
    e.args[0].name = field;
    e.args.push_back(std::move(right));
    return e;
  }

  // Of no clauses yet: an AND of none is true, an OR of none false.
  static Expression joint(Expression::Kind kind) {
    Expression e;
    e.kind = kind;
    e.args = {literal(Value(kind == Expression::Kind::kAnd))};
    return e;
  }

  Engine& engine_;
  const Collection& collection_;
  const Principal& principal_;
  const Arguments arguments_;
};

bool tells_who(const Field& field) {
  switch (field.personal) {
    case Personal::kSubject:
    case Personal::kDirect:
    case Personal::kAddress:
      return true;
    case Personal::kContent:
    case Personal::kNone:
      return false;
  }
  bug("a field that is personal in no way");
}

Problem no_row_of_yours() {
  return {std::nullopt, "#", "would not be a row of yours", Code::kForbidden};
}

bool is_among(const std::vector<std::size_t>& fields, std::size_t field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

}  // namespace

Filter own_tenant(const Principal& principal, const Collection& collection) {
  if (principal.tenant.empty() || !collection.tenant_field) return {};
  return equals(FieldRef{*collection.tenant_field, {}}, Value(principal.tenant));
}

Result<std::optional<Row>> find_seen(Engine& engine, const Sight& sight, const std::string& id) {
  const Collection& collection = sight.collection();
  if (collection.is_journal() || !key_tenant(collection)) {
    DAYBOOK_ASSIGN(auto rows, engine.store().find(collection, {id}, engine.now(), sight.rows()));
    return std::move(rows[0]);
  }
  DAYBOOK_ASSIGN(auto rows,
                 find_rows(engine.store(), collection,
                           both(equals(FieldRef{}, Value(id)), sight.rows()), engine.now(), 2));
  if (rows.size() > 1) return Error(Code::kConflict, ambiguous_id());
  return rows.empty() ? std::optional<Row>() : std::optional(std::move(rows[0]));
}

Result<Sight> Sight::of(Engine& engine, const Principal& principal, const Collection& collection) {
  Sight sight(engine, collection);
  if (principal.is_operator()) return sight;
  sight.credential_ = principal.credential;
  const Right* right = right_of(principal, collection);
  if (right == nullptr) {
    sight.rows_ = negate(Filter());
    return sight;
  }
  sight.rows_ = own_tenant(principal, collection);
  if (right->rows) {
    DAYBOOK_ASSIGN(Filter rule, RuleBinder(engine, collection, principal).bind(*right->rows));
    sight.rows_ = both(std::move(sight.rows_), std::move(rule));
  }
  sight.hidden_ = right->hide;
  sight.unsaid_ = right->hide;
  sight.unsaid_.insert(sight.unsaid_.end(), right->read_only.begin(), right->read_only.end());
  for (std::size_t i = 0; right->pseudonyms && i < collection.fields.size(); ++i) {
    if (tells_who(collection.fields[i])) sight.masked_.push_back(i);
  }
  return sight;
}

Result<void> Sight::check_live() const {
  if (!credential_ || credential_->is_live(engine_.now())) return {};
  return Error(Code::kUnauthorized, "the key or session has ended meanwhile");
}

bool Sight::is_hidden(std::size_t field) const { return is_among(hidden_, field); }
bool Sight::is_masked(std::size_t field) const { return is_among(masked_, field); }

Result<void> Sight::check_field(std::size_t field) const {
  if (field == FieldRef::kId || (!is_hidden(field) && !is_masked(field))) return {};
  return Error(
      Code::kForbidden,
      "the field '" + collection_.fields[field].name + "' of " + collection_.full_name() +
          (is_hidden(field) ? " is not yours to see" : " is yours to see by its pseudonym only"));
}

Result<void> Sight::check(const Filter& filter) const {
  if (is_clear()) return {};
  for (const std::size_t field : fields_of(filter)) DAYBOOK_TRY(check_field(field));
  return {};
}

Result<void> Sight::check(const Order& order) const {
  for (const OrderBy& key : order.keys) DAYBOOK_TRY(check_field(key.ref.field));
  return {};
}

Result<void> Sight::check(const Summary& summary) const {
  if (is_clear()) return {};
  for (const FieldRef& ref : summary.by) DAYBOOK_TRY(check_field(ref.field));
  for (const Measure& measure : summary.measures) {
    DAYBOOK_TRY(check(measure.condition));
    const bool only_counts =
        measure.aggregate == Aggregate::kDistinct || measure.aggregate == Aggregate::kCount;
    if (!measure.field) continue;
    const bool is_counted = only_counts && !is_hidden(measure.field->field);
    if (!is_counted) DAYBOOK_TRY(check_field(measure.field->field));
  }
  return {};
}

Result<void> Sight::check(const Projection& projection) const {
  for (const std::size_t field : projection.fields) {
    if (is_hidden(field)) DAYBOOK_TRY(check_field(field));
  }
  return {};
}

Result<void> Sight::check_text() const {
  if (!collection_.text) return {};
  for (const auto& [field, weight] : collection_.text->fields) DAYBOOK_TRY(check_field(field));
  return {};
}

Projection Sight::limited(Projection projection) const {
  projection.hidden.insert(projection.hidden.end(), hidden_.begin(), hidden_.end());
  return projection;
}

void Sight::veil(Row& row) const {
  for (const std::size_t field : hidden_) row.values[field] = Value();
  for (const std::size_t field : masked_) {
    Value& value = row.values[field];
    if (value.is_null()) continue;
    const auto* text = value.get_if<std::string>();
    value = text == nullptr ? Value() : Value(engine_.pseudonym(collection_.application, *text));
  }
}

Problem Sight::not_yours(std::size_t field) const {
  return {std::nullopt, field_pointer(collection_, field), "is not yours to say", Code::kForbidden};
}

std::vector<Problem> Sight::problems_of(const std::vector<bool>& sent, const Row& row) const {
  std::vector<Problem> problems;
  for (const std::size_t field : unsaid_) {
    if (sent[field]) problems.push_back(not_yours(field));
  }
  if (!sees(row)) problems.push_back(no_row_of_yours());
  return problems;
}

std::vector<Problem> Sight::problems_of(const std::vector<Assignment>& assignments,
                                        const Row& there) const {
  std::vector<Problem> problems;
  Row changed = there;
  for (const Assignment& assignment : assignments) {
    if (is_among(unsaid_, assignment.field)) problems.push_back(not_yours(assignment.field));
    changed.values[assignment.field] = assignment.value;
  }
  if (!sees(changed)) problems.push_back(no_row_of_yours());
  return problems;
}

void Sight::keep_unsaid(const Row& there, Row& row) const {
  for (const std::size_t field : unsaid_) row.values[field] = there.values[field];
}

}  // namespace daybook
