#include "catalog/table_reader.h"

#include <algorithm>

#include "base/text.h"

namespace daybook {

TableReader::TableReader(const Toml& table, Origin origin, Mistakes& mistakes)
    : table_(table), origin_(std::move(origin)), mistakes_(mistakes) {}

const Toml* TableReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_.find(key);
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kText) {
    wrong_kind(key, "a text", *value);
    return std::nullopt;
  }
  return value->text;
}

std::optional<std::int64_t> TableReader::whole(std::string_view key) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kInt) {
    wrong_kind(key, "a whole number", *value);
    return std::nullopt;
  }
  return value->whole;
}

std::optional<double> TableReader::number(std::string_view key) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kInt && value->kind != Toml::Kind::kFloat) {
    wrong_kind(key, "a number", *value);
    return std::nullopt;
  }
  return value->number;
}

std::optional<bool> TableReader::flag(std::string_view key) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kBool) {
    wrong_kind(key, "true or false", *value);
    return std::nullopt;
  }
  return value->flag;
}

std::optional<Duration> TableReader::duration(std::string_view key) {
  const auto said = text(key);
  if (!said) return std::nullopt;
  const Result<Duration> duration = parse_duration(*said);
  if (!duration.ok()) {
    wrong(key, "is wrong: " + duration.error().message());
    return std::nullopt;
  }
  if (duration->count() == 0) {
    wrong(key, "is zero; expected a duration such as 90d");
    return std::nullopt;
  }
  return *duration;
}

std::optional<Step> TableReader::step(std::string_view key) {
  const auto said = text(key);
  if (!said) return std::nullopt;
  const Result<Step> step = parse_step(*said);
  if (!step.ok()) {
    wrong(key, "is wrong: " + step.error().message());
    return std::nullopt;
  }
  return *step;
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kList) {
    wrong_kind(key, "a list of texts", *value);
    return std::nullopt;
  }
  std::vector<std::string> out;
  for (const Toml& element : value->elements) {
    if (element.kind != Toml::Kind::kText) {
      wrong(key, "holds " + std::string(kind_name(element.kind)) + "; expected a list of texts");
      return std::nullopt;
    }
    out.push_back(element.text);
  }
  if (out.empty()) {
    wrong(key, "is empty; expected a list of texts");
    return std::nullopt;
  }
  return out;
}

std::optional<Expression> TableReader::parsed(std::string_view key, const Toml& value) {
  if (value.kind != Toml::Kind::kText) {
    wrong_kind(key, "an expression in a text", value);
    return std::nullopt;
  }
  Result<Expression> expression = parse_expression(value.text);
  if (expression.ok()) return std::move(expression).value();
  wrong(key, "is no expression: " + expression.error().message());
  return std::nullopt;
}

std::optional<Expression> TableReader::expression(std::string_view key) {
  const Toml* value = find(key);
  return value == nullptr ? std::nullopt : parsed(key, *value);
}

std::vector<Expression> TableReader::expressions(std::string_view key) {
  std::vector<Expression> out;
  const Toml* value = find(key);
  if (value == nullptr) return out;
  if (value->kind != Toml::Kind::kList) {
    wrong_kind(key, "a list of expressions", *value);
    return out;
  }
  for (const Toml& element : value->elements) {
    if (auto expression = parsed(key, element)) out.push_back(std::move(*expression));
  }
  return out;
}

std::optional<TableReader> TableReader::table(std::string_view key, std::string_view subject) {
  const Toml* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Toml::Kind::kTable) {
    wrong_kind(key, "a table", *value);
    return std::nullopt;
  }
  Origin origin{origin_.file, value->line, origin_.key};
  if (!origin.key.empty()) origin.key += ": ";
  origin.key += subject.empty() ? "'" + std::string(key) + "'" : std::string(subject);
  return TableReader(*value, std::move(origin), mistakes_);
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
  std::vector<TableReader> out;
  const Toml* value = find(key);
  if (value == nullptr) return out;
  const auto is_table = [](const Toml& e) { return e.kind == Toml::Kind::kTable; };
  if (value->kind != Toml::Kind::kList ||
      !std::all_of(value->elements.begin(), value->elements.end(), is_table)) {
    wrong(key, "must be a list of tables: [[" + std::string(key) + "]]");
    return out;
  }
  for (const Toml& element : value->elements) {
    Origin origin{origin_.file, element.line, origin_.key};
    if (!origin.key.empty()) origin.key += ": ";
    origin.key += "[[" + std::string(key) + "]]";
    out.emplace_back(element, std::move(origin), mistakes_);
  }
  return out;
}

void TableReader::missing(std::string_view key, std::string_view expected) {
  find(key);
  mistakes_.add(origin_,
                "'" + std::string(key) + "' is missing; expected " + std::string(expected));
}

void TableReader::wrong(std::string_view key, const std::string& what) {
  Origin origin = origin_;
  if (const Toml* value = table_.find(key); value != nullptr && value->line > 0) {
    origin.line = value->line;
  }
  mistakes_.add(origin, "'" + std::string(key) + "' " + what);
}

void TableReader::wrong(const std::string& what) { mistakes_.add(origin_, what); }

void TableReader::wrong_kind(std::string_view key, std::string_view expected, const Toml& value) {
  wrong(key, "must be " + std::string(expected) + ", not " + std::string(kind_name(value.kind)));
}

void TableReader::unknown_word(std::string_view key, const std::string& said,
                               const std::vector<std::string>& expected) {
  wrong(key, "is '" + said + "'; expected one of " + join(expected, ", "));
}

void TableReader::refuse_the_rest() {
  for (const auto& [key, value] : table_.members) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    Origin origin = origin_;
    origin.line = value.line;
    mistakes_.add(origin, "'" + key + "' is not a key here" + suggestion(key, known_));
  }
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  const auto near = nearest(name, candidates);
  return near ? "; did you mean '" + *near + "'?" : "";
}

}  // namespace daybook
