// Walks the members of a JSON object down to declared fields, however the client nested or dotted
// their names. Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "catalog/collection.h"
#include "catalog/decode_value.h"

namespace daybook {

// Where a member stands: a list on the stack, from the member up to the row.
struct Place {
  const Place* above;  // null: a member of the row itself
  std::string_view key;

  std::size_t depth() const { return above == nullptr ? 2 : above->depth() + 1; }
  // "#/oauth/google_id".
  std::string pointer() const {
    return (above == nullptr ? "#" : above->pointer()) + pointer_part(key);
  }
  // "oauth.google_id".
  std::string name() const {
    return above == nullptr ? std::string(key) : above->name() + "." + std::string(key);
  }
};

// Calls, for each member in the order of the text:
//   sink.take(ordinal, meaning, place, value)   a declared field
//   sink.take_unknown(place, value)             anything else, the id too
//   sink.refuse(place, phrase)                  something else where an object of fields is
//   declared
template <typename Sink>
class MemberWalk {
 public:
  MemberWalk(const Collection& collection, Sink& sink) : collection_(collection), sink_(sink) {}

  void run(const json::Value& object) { walk(object, nullptr); }

 private:
  void walk(const json::Value& object, const Place* above) {
    // Most clients send the fields in the order of the declaration.
    std::size_t next = 0;
    const auto& fields = collection_.fields;
    auto members = object.members();
    while (const auto member = members.next()) {
      const Place place{above, member->first};
      if (above == nullptr && next < fields.size() && fields[next].name == member->first &&
          fields[next].type != Type::kSecret) {
        sink_.take(next++, FieldNames::Meaning::kField, place, member->second);
        continue;
      }
      const FieldNames::Hit hit = above == nullptr ? collection_.names.find(member->first)
                                                   : collection_.names.find(place.name());
      next = hit.field + 1;
      step(hit, place, member->second);
    }
  }

  void step(FieldNames::Hit hit, const Place& place, const json::Value& value) {
    switch (hit.meaning) {
      case FieldNames::Meaning::kField:
      case FieldNames::Meaning::kSentAs:
        sink_.take(hit.field, hit.meaning, place, value);
        return;
      case FieldNames::Meaning::kUnknown:
        sink_.take_unknown(place, value);
        return;
      case FieldNames::Meaning::kParent:
        step_into(place, value);
        return;
    }
  }

  void step_into(const Place& place, const json::Value& value) {
    if (value.kind() == json::Kind::kObject) return walk(value, &place);
    if (value.kind() == json::Kind::kNull) return clear_below(place, value);
    sink_.refuse(place, value.kind() == json::Kind::kUnreadable
                            ? std::string(value.reason())
                            : "must be an object, not " + std::string(kind_name(value.kind())));
  }

  // A null in the place of the object is a null for each field in it.
  void clear_below(const Place& place, const json::Value& null) {
    const std::string prefix = place.name() + ".";
    for (std::size_t i = 0; i < collection_.fields.size(); ++i) {
      if (!collection_.fields[i].name.starts_with(prefix)) continue;
      sink_.take(i, FieldNames::Meaning::kField, place, null);
    }
  }

  const Collection& collection_;
  Sink& sink_;
};

}  // namespace daybook
