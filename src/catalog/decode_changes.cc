#include <algorithm>

#include "base/text.h"
#include "catalog/decode.h"
#include "catalog/decode_value.h"
#include "catalog/members.h"
#include "catalog/problems.h"
#include "catalog/redact.h"
#include "catalog/row_key.h"
#include "catalog/secret.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;
using Meaning = FieldNames::Meaning;

class ChangeReader {
 public:
  ChangeReader(const Collection& collection, const Stamp& stamp, std::string_view id)
      : collection_(collection), stamp_(stamp), id_(id) {}

  void take(std::size_t ordinal, Meaning meaning, const Place& place, const json::Value& value) {
    const Field& field = collection_.fields[ordinal];
    if (is_assigned(ordinal)) return problems_.add(place, "is given twice");
    const bool is_tenant = ordinal == key_tenant(collection_);
    if (!is_tenant && !collection_.may_change(ordinal)) {
      return problems_.add(place, fixed_phrase(ordinal));
    }
    if (value.kind() == JsonKind::kNull) return clear(ordinal, place);
    Value out;
    if (field.type == Type::kSecret) {
      if (!read_secret(field, meaning, place, value, out)) return;
    } else if (!decode_into(field, value, place.depth(), out, refusals_) ||
               redact(field, value, place.depth(), out, refusals_) == Redaction::kRefused) {
      return refuse_all(place);
    }
    assign(ordinal, place, std::move(out));
  }

  void take_unknown(const Place& place, const json::Value& value) {
    if (place.above == nullptr && place.key == "id") {
      const bool is_text = value.kind() == JsonKind::kString;
      if (is_text && !id_.empty() && value.as_string() == id_) return;
      return problems_.add(place, "cannot change: a row keeps its id");
    }
    if (value.kind() == JsonKind::kUnreadable)
      return problems_.add(place, std::string(value.reason()));
    if (collection_.extra == Extra::kDrop) return;
    problems_.add(place,
                  "is not a declared field of " + collection_.full_name() + "; only those change");
  }

  void refuse(const Place& place, std::string phrase) { problems_.add(place, std::move(phrase)); }

  Result<std::vector<Assignment>> finish() && {
    if (!problems_.empty()) return std::move(problems_).error();
    return std::move(assignments_);
  }

 private:
  bool is_assigned(std::size_t ordinal) const {
    return std::any_of(assignments_.begin(), assignments_.end(),
                       [&](const Assignment& a) { return a.field == ordinal; });
  }

  void refuse_all(const Place& place) {
    problems_.add(place, refusals_);
    refusals_.clear();
  }

  std::string fixed_phrase(std::size_t ordinal) const {
    if (collection_.fields[ordinal].derive != Derive::kNone) {
      return "is computed by the server and cannot be sent";
    }
    std::vector<std::string> changeable;
    for (const ChangeRule& rule : collection_.changes) {
      changeable.push_back(collection_.fields[rule.field].name);
    }
    return "cannot change; " +
           (changeable.empty()
                ? "rows of " + collection_.full_name() + " never do"
                : "of " + collection_.full_name() + " only these do: " + join(changeable, ", "));
  }

  void clear(std::size_t ordinal, const Place& place) {
    const Field& field = collection_.fields[ordinal];
    if (field.required) return problems_.add(place, "is required; it must not be null");
    if (field.default_is_now || !field.default_value.is_null()) {
      return problems_.add(place, "has a default; it must not be null");
    }
    assign(ordinal, place, Value());
  }

  bool read_secret(const Field& field, Meaning meaning, const Place& place,
                   const json::Value& value, Value& out) {
    const std::string said_as = sent_name(field);
    if (meaning == Meaning::kField && said_as != field.name) {
      problems_.add(place, "is kept as a hash; send its plain text as '" + said_as + "'");
      return false;
    }
    if (!decode_into(field, value, place.depth(), out, refusals_)) {
      refuse_all(place);
      return false;
    }
    Result<Value> sealed = seal_secret(collection_, field, out.get<std::string>(), stamp_);
    if (!sealed.ok()) {
      problems_.add(place, sealed.error());
      return false;
    }
    out = std::move(sealed).value();
    return true;
  }

  // Who a row is from stays as it is, unless a service key or the operator says otherwise; a row
  // never leaves its tenant, an account not the one that the principal is bound to.
  void assign(std::size_t ordinal, const Place& place, Value value) {
    const bool is_tenant = collection_.tenant_field == ordinal;
    const bool is_key = ordinal == key_tenant(collection_);
    const bool is_bound = !stamp_.tenant.empty();
    const bool is_own = is_bound && value == Value(stamp_.tenant);
    if (is_tenant && (is_key || is_bound) && !is_own) {
      return problems_.add(place, "cannot change: a row keeps its tenant");
    }
    if (is_key) return;  // said, and so already
    if (collection_.fields[ordinal].from != From::kBody && !is_tenant &&
        !stamp_.speaks_for_others) {
      return problems_.add(place, "cannot change: only a service key may say it for others");
    }
    assignments_.push_back({ordinal, std::move(value)});
  }

  const Collection& collection_;
  const Stamp& stamp_;
  std::string_view id_;
  std::vector<Assignment> assignments_;
  RowProblems problems_;
  std::vector<Refusal> refusals_;
};

}  // namespace

Result<std::vector<Assignment>> decode_changes(const Collection& collection,
                                               const json::Value& object, const Stamp& stamp,
                                               std::string_view id) {
  if (object.kind() != JsonKind::kObject) {
    RowProblems problems;
    problems.add("", "must be an object, not " + std::string(kind_name(object.kind())));
    return std::move(problems).error();
  }
  ChangeReader reader(collection, stamp, id);
  MemberWalk(collection, reader).run(object);
  return std::move(reader).finish();
}

}  // namespace daybook
