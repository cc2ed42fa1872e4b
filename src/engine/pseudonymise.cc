#include "engine/pseudonymise.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"
#include "base/mail.h"
#include "base/text.h"

namespace daybook {
namespace {

bool holds_names(const Field& field) {
  switch (field.type) {
    case Type::kText:
    case Type::kChoice:
    case Type::kUuid:
      return true;
    case Type::kList:
    case Type::kMap:
      return holds_names(field.element_field());
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
    case Type::kJson:
    case Type::kSecret:
      break;
  }
  return false;
}

// Whether people or programs may write there whatever they like.
bool is_free(const Field& field) {
  return field.type == Type::kJson || (!field.is_facet && holds_text(field));
}

// Whether a field that is told may hold a person in a text.
bool is_cleaned(const Field& field) { return field.type != Type::kJson && holds_text(field); }

// "bob@example.com" and "Bob@Example.com" are one person.
std::string person_of(std::string_view name) {
  return name.find('@') == std::string_view::npos ? std::string(name) : fold_case(name);
}

// A text, or the texts of a list or a map.
template <typename Replace>
void replace_texts(Value& value, const Replace& replace) {
  if (const auto* text = value.get_if<std::string>()) {
    value = Value(replace(*text));
  } else if (const auto* list = value.get_if<List>()) {
    List texts = *list;
    for (Value& element : texts) replace_texts(element, replace);
    value = Value(std::move(texts));
  } else if (const auto* map = value.get_if<Map>()) {
    Map texts = *map;
    for (MapEntry& entry : texts) replace_texts(entry.value, replace);
    value = Value(std::move(texts));
  }
}

Result<std::string> purpose_of(const std::string& text) {
  constexpr std::size_t kMaxPurpose = 64;
  const bool is_sound = !text.empty() && text.size() <= kMaxPurpose &&
                        std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (is_sound) return text;
  return Error(Code::kInvalid, "pseudonymous: a purpose is a word of 1 to " +
                                   std::to_string(kMaxPurpose) + " printable characters");
}

std::vector<std::string> names_of(const std::optional<std::string>& words) {
  std::vector<std::string> names;
  if (!words) return names;
  for (const std::string_view name : split(*words, ',')) names.emplace_back(trim(name));
  return names;
}

}  // namespace

Disguise disguise_of(const Collection& collection, std::size_t ordinal) {
  const Field& field = collection.fields[ordinal];
  switch (field.personal) {
    case Personal::kSubject:
    case Personal::kDirect:
      return holds_names(field) ? Disguise::kPseudonym : Disguise::kLeftOut;
    case Personal::kAddress:
      return field.type == Type::kText ? Disguise::kNetwork : Disguise::kLeftOut;
    case Personal::kContent:
      return Disguise::kLeftOut;
    case Personal::kNone:
      break;
  }
  if (field.type == Type::kSecret) return Disguise::kLeftOut;
  if (!field.references.empty()) return Disguise::kPseudonym;
  if (collection.tenant_field == ordinal) return Disguise::kKept;
  return field.is_content || is_free(field) ? Disguise::kLeftOut : Disguise::kKept;
}

Result<Pseudonymiser> Pseudonymiser::make(const Collection& collection, Pseudonyms pseudonyms,
                                          const std::vector<std::string>& include) {
  Pseudonymiser made(pseudonyms);
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    switch (disguise_of(collection, i)) {
      case Disguise::kKept:
        if (is_cleaned(collection.fields[i])) made.cleaned_.push_back(i);
        break;
      case Disguise::kPseudonym:
        made.replaced_.push_back(i);
        break;
      case Disguise::kNetwork:
        made.networks_.push_back(i);
        break;
      case Disguise::kLeftOut:
        made.left_out_.push_back(i);
        break;
    }
  }
  for (const std::string& name : include) DAYBOOK_TRY(made.include(collection, name));
  return made;
}

Result<void> Pseudonymiser::include(const Collection& collection, std::string_view name) {
  if (name == "extra") {
    with_extra_ = true;
    return {};
  }
  DAYBOOK_ASSIGN(const FieldRef ref, find_field(collection, name));
  const Field& field = collection.fields[ref.field];
  const bool is_told = !ref.is_id() && field.type != Type::kSecret && field.references.empty() &&
                       (field.personal == Personal::kNone || field.personal == Personal::kContent);
  if (!is_told) {
    return Error(Code::kInvalid, "include: '" + std::string(name) +
                                     "' names persons or is secret; its values are never told");
  }
  std::erase(left_out_, ref.field);
  return {};
}

Result<void> Pseudonymiser::check(const Collection& collection, const Filter& filter,
                                  const Order& order) {
  std::vector<std::size_t> asked = fields_of(filter);
  for (const OrderBy& key : order.keys) {
    if (!key.ref.is_id()) asked.push_back(key.ref.field);
  }
  for (const std::size_t field : asked) {
    if (collection.fields[field].personal == Personal::kNone) continue;
    return Error(Code::kInvalid, "pseudonymous rows are not chosen or ordered by '" +
                                     collection.fields[field].name +
                                     "': that would tell whose they are");
  }
  return {};
}

std::vector<std::size_t> Pseudonymiser::replaced() const {
  std::vector<std::size_t> all = replaced_;
  all.insert(all.end(), networks_.begin(), networks_.end());
  std::sort(all.begin(), all.end());
  return all;
}

void Pseudonymiser::apply(Row& row) const {
  row.id = pseudonyms_.of(row.id);
  const auto name = [&](const std::string& text) { return pseudonyms_.of(person_of(text)); };
  for (const std::size_t field : replaced_) replace_texts(row.values[field], name);
  const auto clean = [&](const std::string& text) {
    return replace_mails(without_query(text),
                         [&](const std::string& mail) { return pseudonyms_.of(person_of(mail)); });
  };
  for (const std::size_t field : cleaned_) replace_texts(row.values[field], clean);
  for (const std::size_t field : networks_) {
    const auto* address = row.values[field].get_if<std::string>();
    const auto network = address == nullptr ? std::nullopt : truncated_address(*address);
    row.values[field] = network ? Value(*network) : Value();
  }
  for (const std::size_t field : left_out_) row.values[field] = Value();
  if (!with_extra_) row.extra.clear();
}

Result<std::optional<Pseudonymiser>> take_pseudonymiser(const DataKey* key,
                                                        const Collection& collection,
                                                        Words& words) {
  const auto asked = words.take("pseudonymous");
  if (!asked) return std::optional<Pseudonymiser>();
  DAYBOOK_ASSIGN(const std::string purpose, purpose_of(*asked));
  const auto include = names_of(words.take("include"));
  if (key == nullptr) {
    return Error(Code::kUnsupported, "this server has no data key to make pseudonyms with");
  }
  DAYBOOK_ASSIGN(Pseudonymiser made,
                 Pseudonymiser::make(collection, Pseudonyms(*key, purpose), include));
  return std::optional<Pseudonymiser>(std::move(made));
}

}  // namespace daybook
