#include "catalog/decode.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/bug.h"
#include "base/mask.h"
#include "base/text.h"
#include "catalog/change.h"
#include "catalog/decode_value.h"
#include "catalog/fingerprint.h"
#include "catalog/members.h"
#include "catalog/problems.h"
#include "catalog/redact.h"
#include "catalog/secret.h"

namespace daybook {

namespace {

using JsonKind = json::Kind;
using Meaning = FieldNames::Meaning;

// The text that a request gives a field, empty when it gives none.
std::string_view stamped_text(From from, const Stamp& stamp) {
  switch (from) {
    case From::kBody:
      return {};
    case From::kPrincipalId:
      return stamp.principal_id;
    case From::kPrincipalTenant:
      return stamp.tenant;
    case From::kConnectionAddress:
      return stamp.address;
    case From::kConnectionUserAgent:
      return stamp.user_agent;
  }
  bug("a value from nowhere");
}

std::string_view origin_name(From from) {
  switch (from) {
    case From::kBody:
      break;
    case From::kPrincipalId:
      return "who sends the row";
    case From::kPrincipalTenant:
      return "the tenant of who sends the row";
    case From::kConnectionAddress:
    case From::kConnectionUserAgent:
      return "the connection";
  }
  bug("a value from nowhere");
}

// Headers of a connection may hold anything: what a row cannot keep is cut off, not refused, since
// the client that sent the body did not write it.
Value stamped_value(const Field& field, From from, const Stamp& stamp) {
  std::string_view text = stamped_text(from, stamp);
  text = text.substr(0, text.find('\0'));
  text = text.substr(0, find_invalid_utf8(text));
  if (text.empty()) return {};
  if (field.type == Type::kText) {
    text = utf8_prefix(
        text, static_cast<std::size_t>(field.max.value_or(static_cast<double>(kMaxTextBytes))));
  }
  const auto without = masked(text);
  Result<Value> value = decode_text(field, without ? std::string_view(*without) : text);
  return value.ok() ? std::move(value).value() : Value();
}

std::string unknown_phrase(const Collection& collection, const std::string& name) {
  std::vector<std::string> known = {"id"};
  for (const Field& field : collection.fields) known.push_back(sent_name(field));
  std::string phrase = "is not a field of " + collection.full_name();
  if (const auto near = nearest(name, known)) phrase += "; did you mean '" + *near + "'?";
  return phrase;
}

// What a row takes of its members, before what nobody said is filled in.
class RowReader {
 public:
  RowReader(const Collection& collection, const Stamp& stamp)
      : collection_(collection), stamp_(stamp) {
    decoded_.row.values.resize(collection.fields.size());
    decoded_.sent.resize(collection.fields.size());
  }

  void take(std::size_t ordinal, Meaning meaning, const Place& place, const json::Value& value) {
    const Field& field = collection_.fields[ordinal];
    if (value.kind() == JsonKind::kNull) return;
    if (decoded_.sent[ordinal]) return problems_.add(place, "is given twice");
    decoded_.sent[ordinal] = true;
    if (field.derive != Derive::kNone) {
      return problems_.add(place, "is computed by the server and cannot be sent");
    }
    if (field.type == Type::kSecret) return take_secret(ordinal, meaning, place, value);
    Value& out = decoded_.row.values[ordinal];
    if (!decode_into(field, value, place.depth(), out, refusals_)) return refuse_all(place);
    const Redaction redaction = redact(field, value, place.depth(), out, refusals_);
    if (redaction == Redaction::kRefused) return refuse_all(place);
    count(redaction);
    check_origin(ordinal, place, out);
  }

  void take_unknown(const Place& place, const json::Value& value) {
    if (place.above == nullptr && place.key == "id") return take_id(place, value);
    if (value.kind() == JsonKind::kUnreadable) {
      return problems_.add(place, std::string(value.reason()));
    }
    switch (collection_.extra) {
      case Extra::kDrop:
        return;
      case Extra::kRefuse:
        return problems_.add(place, unknown_phrase(collection_, place.name()));
      case Extra::kKeep:
        return keep_extra(place, value);
    }
  }

  void refuse(const Place& place, std::string phrase) { problems_.add(place, std::move(phrase)); }

  Result<Decoded> finish(IdMaker& ids) && {
    for (std::size_t i = 0; i < collection_.fields.size(); ++i) fill(i);
    write_extra();
    for (const PairRule& pair : collection_.pairs) apply_pair(pair);
    for (const PairRule& pair : collection_.pairs) check_pair(pair);
    derive_dates();
    derive_fingerprint();
    check_required();
    check_size();
    if (!problems_.empty()) return std::move(problems_).error();
    if (!decoded_.id_given) decoded_.row.id = ids.make(made_at());
    return std::move(decoded_);
  }

 private:
  void count(Redaction redaction) {
    if (redaction == Redaction::kMasked) ++decoded_.masked;
    if (redaction == Redaction::kExempt) ++decoded_.exempt;
  }

  void refuse_all(const Place& place) {
    problems_.add(place, refusals_);
    refusals_.clear();
  }

  void take_id(const Place& place, const json::Value& value) {
    if (value.kind() == JsonKind::kNull) return;
    if (decoded_.id_given) return problems_.add(place, "is given twice");
    decoded_.id_given = true;
    if (value.kind() == JsonKind::kUnreadable)
      return problems_.add(place, std::string(value.reason()));
    if (value.kind() != JsonKind::kString) {
      return problems_.add(place, "must be a text, not " + std::string(kind_name(value.kind())));
    }
    const Result<void> good = check_id(value.as_string());
    if (!good.ok()) return problems_.add(place, good.error().message());
    decoded_.row.id = value.as_string();
  }

  void take_secret(std::size_t ordinal, Meaning meaning, const Place& place,
                   const json::Value& value) {
    const Field& field = collection_.fields[ordinal];
    const std::string said_as = sent_name(field);
    if (meaning == Meaning::kField && said_as != field.name) {
      return problems_.add(place, "is kept as a hash; send its plain text as '" + said_as + "'");
    }
    Value plain;
    if (!decode_into(field, value, place.depth(), plain, refusals_)) return refuse_all(place);
    Result<Value> sealed = seal_secret(collection_, field, plain.get<std::string>(), stamp_);
    if (!sealed.ok()) return problems_.add(place, sealed.error());
    decoded_.row.values[ordinal] = std::move(sealed).value();
  }

  // The tenant field is stamped even where its declaration does not say so, so that no principal of
  // one tenant writes into another.
  From origin_of(std::size_t ordinal) const {
    const From from = collection_.fields[ordinal].from;
    if (from == From::kBody && collection_.tenant_field == ordinal) return From::kPrincipalTenant;
    return from;
  }

  void check_origin(std::size_t ordinal, const Place& place, const Value& said) {
    const From from = origin_of(ordinal);
    if (from == From::kBody) return;
    const Field& field = collection_.fields[ordinal];
    const bool is_tenant = collection_.tenant_field == ordinal;
    const bool is_bound = is_tenant && !stamp_.tenant.empty();
    const bool may_say = stamp_.speaks_for_others || (is_tenant && field.from == From::kBody);
    if (may_say && !is_bound) return;
    if (said == stamped_value(field, from, stamp_)) return;
    problems_.add(place, is_bound && may_say
                             ? "must be '" + stamp_.tenant + "', the tenant of the key"
                             : "is taken from " + std::string(origin_name(from)) +
                                   "; only a service key may say it for others");
  }

  void keep_extra(const Place& place, const json::Value& value) {
    if (value.kind() == JsonKind::kNull) return;
    if (!check_tree(value, place.depth(), refusals_)) return refuse_all(place);
    std::optional<std::string> text = masked(place.key, value);
    if (text) {
      ++decoded_.masked;
    } else {
      value.write(text.emplace());
    }
    if (!extra_.emplace(place.name(), *std::move(text)).second) {
      problems_.add(place, "is given twice");
    }
  }

  void fill(std::size_t ordinal) {
    if (decoded_.sent[ordinal]) return;
    const Field& field = collection_.fields[ordinal];
    Value& value = decoded_.row.values[ordinal];
    const From from = origin_of(ordinal);
    if (from != From::kBody) value = stamped_value(field, from, stamp_);
    if (!value.is_null()) return;
    if (field.default_is_now) {
      value =
          field.type == Type::kDate ? Value(stamp_.zone.date_of(stamp_.now)) : Value(stamp_.now);
    } else if (!field.default_value.is_null()) {
      value = field.default_value;
    }
  }

  void write_extra() {
    if (extra_.empty()) return;
    json::Writer out(decoded_.row.extra);
    out.begin_object();
    for (const auto& [name, text] : extra_) out.key(name).raw(text);
    out.end_object();
  }

  void apply_pair(const PairRule& pair) {
    auto& values = decoded_.row.values;
    if (decoded_.sent[pair.other] || !is_met(pair, values[pair.field])) return;
    switch (pair.set) {
      case PairRule::Set::kNow:
        values[pair.other] = Value(stamp_.now);
        return;
      case PairRule::Set::kNull:
        values[pair.other] = Value();
        return;
      case PairRule::Set::kLiteral:
        values[pair.other] = pair.literal;
        return;
    }
  }

  // What was said itself wins over what a pair would set, but what a pair clears cannot be said.
  void check_pair(const PairRule& pair) {
    const auto& values = decoded_.row.values;
    const bool is_cleared = pair.set == PairRule::Set::kNull && is_met(pair, values[pair.field]);
    if (!is_cleared || values[pair.other].is_null()) return;
    problems_.add(pointer_to(pair.other), "must be absent where '" +
                                              collection_.fields[pair.field].name + "' is " +
                                              debug_text(values[pair.field]));
  }

  void derive_dates() {
    auto& values = decoded_.row.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Field& field = collection_.fields[i];
      if (field.derive != Derive::kDateOfTime) continue;
      const auto* time = values[field.derive_of].get_if<Instant>();
      if (time != nullptr) values[i] = Value(stamp_.zone.date_of(*time));
    }
  }

  void derive_fingerprint() {
    if (!collection_.declared.group) return;
    auto& values = decoded_.row.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (collection_.fields[i].derive != Derive::kFingerprint) continue;
      values[i] = Value(fingerprint(*collection_.declared.group, decoded_.row));
    }
  }

  void check_required() {
    for (std::size_t i = 0; i < collection_.fields.size(); ++i) {
      const Field& field = collection_.fields[i];
      if (!field.required || decoded_.sent[i] || !decoded_.row.values[i].is_null()) continue;
      problems_.add(pointer_to(i), "is required");
    }
  }

  std::string pointer_to(std::size_t ordinal) const {
    const std::string name = sent_name(collection_.fields[ordinal]);
    std::string pointer = "#";
    for (const std::string_view part : split(name, '.')) pointer += pointer_part(part);
    return pointer;
  }

  void check_size() {
    std::size_t bytes = decoded_.row.extra.size() + decoded_.row.id.size();
    for (const Value& value : decoded_.row.values) bytes += size_of(value);
    if (bytes <= kMaxRowBytes) return;
    problems_.add("",
                  "a row holds at most " + std::to_string(kMaxRowBytes) + " bytes, not " +
                      std::to_string(bytes),
                  Code::kTooLarge);
  }

  static std::size_t size_of(const Value& value) {
    constexpr std::size_t kFixed = 8;
    if (const auto* text = value.get_if<std::string>()) return text->size();
    if (const auto* json = value.get_if<Json>()) return json->text.size();
    std::size_t bytes = value.is_null() ? 0 : kFixed;
    if (const auto* list = value.get_if<List>()) {
      for (const Value& element : *list) bytes += size_of(element);
    }
    if (const auto* map = value.get_if<Map>()) {
      for (const MapEntry& entry : *map) bytes += entry.key.size() + size_of(entry.value);
    }
    return bytes;
  }

  Instant made_at() const {
    return collection_.is_journal() ? row_time(collection_, decoded_.row) : stamp_.now;
  }

  const Collection& collection_;
  const Stamp& stamp_;
  Decoded decoded_;
  std::map<std::string, std::string> extra_;  // sorted: the same members are the same text
  RowProblems problems_;
  std::vector<Refusal> refusals_;
};

}  // namespace

Result<Decoded> decode_row(const Collection& collection, const json::Value& object,
                           const Stamp& stamp, IdMaker& ids) {
  if (object.kind() != JsonKind::kObject) {
    RowProblems problems;
    problems.add("", object.kind() == JsonKind::kUnreadable
                         ? std::string(object.reason())
                         : "must be an object, not " + std::string(kind_name(object.kind())));
    return std::move(problems).error();
  }
  RowReader reader(collection, stamp);
  MemberWalk(collection, reader).run(object);
  return std::move(reader).finish(ids);
}

Result<void> check_id(std::string_view id) {
  constexpr std::size_t kMaxIdBytes = 128;
  constexpr std::array<std::string_view, 6> kTaken = {"stats", "search", "top", "tail", ".", ".."};
  if (id.empty() || id.size() > kMaxIdBytes) {
    return Error(Code::kInvalid, "must have 1 to " + std::to_string(kMaxIdBytes) + " bytes, not " +
                                     std::to_string(id.size()));
  }
  const bool is_printable =
      std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x20 && c <= 0x7E && c != '/'; });
  if (!is_printable) return Error(Code::kInvalid, "must be printable ASCII without '/'");
  if (std::find(kTaken.begin(), kTaken.end(), id) != kTaken.end()) {
    return Error(Code::kInvalid, "must not be '" + std::string(id) + "', a word of the interface");
  }
  return {};
}

}  // namespace daybook
