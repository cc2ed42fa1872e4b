// Query parameters -> Filter: "status_code.gte" = "500".
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "query/filter.h"
#include "query/literal.h"

namespace daybook {
namespace {

enum class Word { kEqual, kNe, kLt, kLte, kGt, kGte, kHas, kExists };

constexpr std::array<std::pair<std::string_view, Word>, 7> kWords = {{{"ne", Word::kNe},
                                                                      {"lt", Word::kLt},
                                                                      {"lte", Word::kLte},
                                                                      {"gt", Word::kGt},
                                                                      {"gte", Word::kGte},
                                                                      {"has", Word::kHas},
                                                                      {"exists", Word::kExists}}};

struct Target {
  FieldRef ref;
  Word word = Word::kEqual;
};

Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }

// A field of that very name, or an entry that a map lists: what it names cannot be anything else.
bool is_declared(const Collection& collection, std::string_view name) {
  if (collection.find_field(name)) return true;
  const auto ref = find_field(collection, name);
  if (!ref.ok() || ref->is_id() || ref->key.empty()) return false;
  const std::vector<std::string>& keys = collection.fields[ref->field].keys;
  return std::find(keys.begin(), keys.end(), ref->key) != keys.end();
}

std::optional<Word> find_word(std::string_view name) {
  for (const auto& [text, word] : kWords) {
    if (text == name) return word;
  }
  return std::nullopt;
}

Result<Target> find_target(const Collection& collection, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && !is_declared(collection, name)) {
    if (const auto word = find_word(name.substr(dot + 1))) {
      DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, name.substr(0, dot)));
      return Target{std::move(ref), *word};
    }
  }
  DAYBOOK_ASSIGN(FieldRef ref, find_field(collection, name));
  return Target{std::move(ref), Word::kEqual};
}

// One value up to a comma; a quoted one may hold commas, and quotes as "".
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string value(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      value += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '"') {
      value += text[i++];
      continue;
    }
    text.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

Result<std::vector<std::string>> split_values(std::string_view name, std::string_view text) {
  std::vector<std::string> values;
  while (true) {
    auto value = take_value(text);
    if (!value) return invalid(std::string(name) + ": a quote is not closed");
    values.push_back(*std::move(value));
    if (text.empty()) return values;
    if (text.front() != ',') {
      return invalid(std::string(name) + ": expected a comma after the quoted value");
    }
    text.remove_prefix(1);
  }
}

Result<Filter> equal_clause(const Collection& collection, const FieldRef& ref,
                            const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) {
    DAYBOOK_ASSIGN(Value value, fit_text(collection, ref, text));
    values.push_back(std::move(value));
  }
  return one_of(ref, std::move(values));
}

Result<Filter> has_clause(const Collection& collection, const FieldRef& ref,
                          const std::vector<std::string>& texts) {
  DAYBOOK_TRY(check_operation(collection, ref, Operation::kHas));
  Filter filter = negate(Filter{});
  for (const std::string& text : texts) {
    DAYBOOK_ASSIGN(Value part, fit_part(collection, ref, Value(text)));
    filter = either(std::move(filter), has(ref, std::move(part)));
  }
  return filter;
}

Result<Filter> range_clause(const Collection& collection, const FieldRef& ref,
                            Comparison comparison, std::string_view text) {
  DAYBOOK_TRY(check_operation(collection, ref, Operation::kRange));
  DAYBOOK_ASSIGN(Value value, fit_text(collection, ref, text));
  return compares(ref, comparison, std::move(value));
}

Result<Filter> exists_clause(std::string_view name, const FieldRef& ref, std::string_view text) {
  if (text != "true" && text != "false") {
    return invalid(std::string(name) + " must be true or false, not '" +
                   std::string(utf8_prefix(text, 80)) + "'");
  }
  return compares(ref, text == "true" ? Comparison::kNotEqual : Comparison::kEqual, Value());
}

}  // namespace

Result<Filter> parse_clause(const Collection& collection, std::string_view name,
                            std::string_view text) {
  DAYBOOK_ASSIGN(const Target target, find_target(collection, name));
  const FieldRef& ref = target.ref;
  switch (target.word) {
    case Word::kLt:
      return range_clause(collection, ref, Comparison::kLess, text);
    case Word::kLte:
      return range_clause(collection, ref, Comparison::kLessEqual, text);
    case Word::kGt:
      return range_clause(collection, ref, Comparison::kGreater, text);
    case Word::kGte:
      return range_clause(collection, ref, Comparison::kGreaterEqual, text);
    case Word::kExists:
      return exists_clause(name, ref, text);
    case Word::kEqual:
    case Word::kNe:
    case Word::kHas:
      break;
  }
  DAYBOOK_ASSIGN(const std::vector<std::string> values, split_values(name, text));
  if (target.word == Word::kHas) return has_clause(collection, ref, values);
  DAYBOOK_ASSIGN(Filter filter, equal_clause(collection, ref, values));
  return target.word == Word::kNe ? negate(std::move(filter)) : std::move(filter);
}

}  // namespace daybook
