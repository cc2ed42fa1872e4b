#include "store/sql/where.h"

#include <utility>

#include "base/bug.h"
#include "catalog/row_key.h"
#include "store/sql/tables.h"

namespace daybook::sql {

namespace {

// Types that the database compares as compare() does.
bool is_scalar(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
    case Type::kInt:
    case Type::kFloat:
    case Type::kBool:
    case Type::kTime:
    case Type::kDate:
      return true;
    case Type::kSecret:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
      return false;
  }
  bug("unknown type");
}

// Whether a literal compares with such a column as a value of the same kind.
bool is_alike(Type type, const Value& value) {
  if (value.is_null()) return true;
  switch (type) {
    case Type::kInt:
    case Type::kFloat:
      return value.is_number();
    case Type::kBool:
      return value.get_if<bool>() != nullptr;
    case Type::kTime:
      return value.get_if<Instant>() != nullptr;
    case Type::kDate:
      return value.get_if<Date>() != nullptr;
    case Type::kText:
    case Type::kUuid:
    case Type::kChoice:
      return value.get_if<std::string>() != nullptr;
    case Type::kSecret:
    case Type::kJson:
    case Type::kList:
    case Type::kMap:
      return false;
  }
  bug("unknown type");
}

std::string_view symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
    case Comparison::kNotEqual:
      break;
    case Comparison::kLess:
      return "<";
    case Comparison::kLessEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterEqual:
      return ">=";
  }
  bug("not a range");
}

class Writer {
 public:
  Writer(const Dialect& dialect, const Collection& collection)
      : dialect_(dialect), collection_(collection) {}

  // The text of a filter; empty when it cannot be said.
  std::string write(const Filter& filter) {
    switch (filter.kind) {
      case Filter::Kind::kTrue:
        return "1 = 1";
      case Filter::Kind::kFalse:
        return "1 = 0";
      case Filter::Kind::kCompare:
        return compare(filter);
      case Filter::Kind::kIn:
        return in(filter);
      case Filter::Kind::kHas:
        return has(filter);
      case Filter::Kind::kAnd:
        return all(filter);
      case Filter::Kind::kOr:
        return any(filter);
      case Filter::Kind::kNot:
        return negation(filter);
    }
    bug("unknown filter");
  }

  Where finish(std::string text) && {
    if (text.empty()) return {"", {}, false};
    return {std::move(text), std::move(values_), is_exact_};
  }

 private:
  std::string unsaid() {
    is_exact_ = false;
    return {};
  }

  std::string parameter(const Value& value) {
    values_.push_back(value);
    return dialect_.placeholder(values_.size());
  }

  bool is_sayable(const Filter& leaf) const {
    if (leaf.ref.is_id()) return true;
    const Type type = collection_.fields[leaf.ref.field].type;
    if (!leaf.ref.key.empty() || !is_scalar(type)) return false;
    for (const Value& value : leaf.values) {
      if (!is_alike(type, value)) return false;
    }
    return true;
  }

  std::string column(const FieldRef& ref) const {
    return quote_name(ref.is_id() ? "id" : collection_.fields[ref.field].name);
  }

  std::string compare(const Filter& leaf) {
    if (!is_sayable(leaf)) return unsaid();
    const std::string name = column(leaf.ref);
    const Value& value = leaf.values.front();
    if (leaf.comparison == Comparison::kEqual || leaf.comparison == Comparison::kNotEqual) {
      const auto word =
          leaf.comparison == Comparison::kEqual ? dialect_.is_same() : dialect_.is_other();
      return name + " " + std::string(word) + " " + parameter(value);
    }
    if (value.is_null()) return unsaid();
    // Never null itself, so that NOT means what it means to a filter.
    return "(" + name + " IS NOT NULL AND " + name + " " + std::string(symbol(leaf.comparison)) +
           " " + parameter(value) + ")";
  }

  std::string in(const Filter& leaf) {
    if (!is_sayable(leaf)) return unsaid();
    for (const Value& value : leaf.values) {
      if (value.is_null()) return unsaid();
    }
    const std::string name = column(leaf.ref);
    std::string text = "(" + name + " IS NOT NULL AND " + name + " IN (";
    for (std::size_t i = 0; i < leaf.values.size(); ++i) {
      text += (i == 0 ? "" : ", ") + parameter(leaf.values[i]);
    }
    return text + "))";
  }

  std::string has(const Filter& leaf) {
    if (leaf.ref.is_id() || !leaf.ref.key.empty()) return unsaid();
    if (!has_element_table(collection_, leaf.ref.field)) return unsaid();
    const Type type = collection_.fields[leaf.ref.field].element_field().type;
    const Value& value = leaf.values.front();
    if (value.is_null() || !is_scalar(type) || !is_alike(type, value)) return unsaid();
    // The value may be that of another tenant's row.
    is_exact_ = is_exact_ && !key_tenant(collection_);
    return "\"id\" IN (SELECT \"id\" FROM " +
           quote_name(element_table(collection_, leaf.ref.field)) +
           " WHERE \"value\" = " + parameter(value) + ")";
  }

  std::string all(const Filter& filter) {
    std::string text;
    for (const Filter& part : filter.parts) {
      const std::string said = write(part);
      if (!said.empty()) text += (text.empty() ? "(" : " AND ") + said;
    }
    return text.empty() ? text : text + ")";
  }

  std::string any(const Filter& filter) {
    if (filter.parts.empty()) return "FALSE";
    const std::size_t before = values_.size();
    std::string text;
    for (const Filter& part : filter.parts) {
      const std::string said = write(part);
      if (said.empty()) {
        values_.resize(before);
        return {};
      }
      text += (text.empty() ? "(" : " OR ") + said;
    }
    return text + ")";
  }

  // What lets through too much would let through too little when negated.
  std::string negation(const Filter& filter) {
    const std::size_t before = values_.size();
    const bool was_exact = std::exchange(is_exact_, true);
    const std::string said = write(filter.parts.front());
    const bool is_usable = is_exact_ && !said.empty();
    is_exact_ = was_exact && is_usable;
    if (is_usable) return "NOT " + said;
    values_.resize(before);
    return {};
  }

  const Dialect& dialect_;
  const Collection& collection_;
  std::vector<Value> values_;
  bool is_exact_ = true;
};

}  // namespace

Where where(const Dialect& dialect, const Collection& collection, const Filter& filter) {
  if (filter.kind == Filter::Kind::kTrue) return {};
  Writer writer(dialect, collection);
  std::string text = writer.write(filter);
  return std::move(writer).finish(std::move(text));
}

std::optional<std::string> order_by(const Collection& collection, const Order& order) {
  std::string text = "ORDER BY ";
  for (const OrderBy& key : order.keys) {
    if (!key.ref.is_id()) {
      const Type type = collection.fields[key.ref.field].type;
      if (!key.ref.key.empty() || !is_scalar(type)) return std::nullopt;
    }
    text += quote_name(key.ref.is_id() ? "id" : collection.fields[key.ref.field].name);
    text += key.descending ? " DESC, " : ", ";
  }
  const bool is_descending = !order.keys.empty() && order.keys.back().descending;
  const std::string direction = is_descending ? " DESC" : "";
  const bool ends_with_id = !order.keys.empty() && order.keys.back().ref.is_id();
  const auto tenant = key_tenant(collection);
  if (!ends_with_id) text += "\"id\"" + direction + ", ";
  if (tenant) text += quote_name(collection.fields[*tenant].name) + direction + ", ";
  return text.substr(0, text.size() - 2);
}

}  // namespace daybook::sql
