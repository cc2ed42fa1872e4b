#include "catalog/field_names.h"

#include <bit>
#include <cstring>

namespace daybook {

namespace {

// Field names are short and differ in their first or last bytes, so sixteen bytes at most are
// mixed.
std::size_t mix(std::string_view name) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t taken = name.size() < 8 ? name.size() : 8;
  std::memcpy(&head, name.data(), taken);
  std::memcpy(&tail, name.data() + name.size() - taken, taken);
  const std::uint64_t mixed = (head ^ std::rotl(tail, 29) ^ name.size()) * 0x9E3779B97F4A7C15u;
  return static_cast<std::size_t>(mixed >> 32);
}

std::size_t count_dots(const std::vector<Field>& fields) {
  std::size_t dots = 0;
  for (const Field& field : fields) {
    for (const char c : field.name) dots += c == '.' ? 1 : 0;
  }
  return dots;
}

}  // namespace

std::string sent_name(const Field& field) {
  constexpr std::string_view kSuffix = "_hash";
  const bool is_hash = field.secret == SecretForm::kArgon2id || field.secret == SecretForm::kSha256;
  const std::string& name = field.name;
  if (!is_hash || name.size() <= kSuffix.size() || !name.ends_with(kSuffix)) return name;
  return name.substr(0, name.size() - kSuffix.size());
}

FieldNames::FieldNames(const std::vector<Field>& fields) {
  // At most half full: each field may have a second name and one parent per dot.
  slots_.resize(std::bit_ceil(2 * (2 * fields.size() + count_dots(fields)) + 2));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& name = fields[i].name;
    add(name, {Meaning::kField, i});
    for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
      add(std::string_view(name).substr(0, dot), {Meaning::kParent, 0});
      has_nested_ = true;
    }
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    add(sent_name(fields[i]), {Meaning::kSentAs, i});  // does nothing where it is its own name
  }
}

void FieldNames::add(std::string_view name, Hit hit) {
  if (name.empty()) return;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = mix(name) & mask;
  while (!slots_[at].name.empty()) {
    if (slots_[at].name == name) return;
    at = (at + 1) & mask;
  }
  slots_[at] = {std::string(name), hit};
}

FieldNames::Hit FieldNames::find(std::string_view name) const {
  if (slots_.empty() || name.empty()) return {};
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = mix(name) & mask; !slots_[at].name.empty(); at = (at + 1) & mask) {
    if (slots_[at].name == name) return slots_[at].hit;
  }
  return {};
}

}  // namespace daybook
