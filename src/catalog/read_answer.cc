#include <algorithm>
#include <array>

#include "catalog/check_expression.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

using As = AnswerPart::As;

constexpr WordTable<As, 6> kAsWords = {{{"groups", As::kGroups},
                                        {"map", As::kMap},
                                        {"rows", As::kRows},
                                        {"row", As::kRow},
                                        {"values", As::kValues},
                                        {"value", As::kValue}}};

// One part while it is read: what it asks, and of what.
struct PartReader {
  TableReader& table;
  const Application& application;
  const Route& route;
  AnswerPart& part;
  const Collection* from = nullptr;

  void read() {
    if (!table.has("as")) table.missing("as", "groups, map, rows, row, values or value");
    part.as = table.word("as", kAsWords).value_or(As::kRows);
    read_source();
    switch (part.as) {
      case As::kExpression:
        break;
      case As::kGroups:
        read_by();
        read_groups();
        break;
      case As::kMap:
        read_by();
        read_map();
        break;
      case As::kRows:
        read_rows();
        read_part_limit();
        break;
      case As::kRow:
        read_rows();
        break;
      case As::kValues:
        read_values();
        break;
      case As::kValue:
        read_figure("of");
        break;
    }
    table.refuse_the_rest();
  }

 private:
  void read_source() {
    if (table.has("from")) {
      from = read_collection_name(table, application, "from");
      part.from = from == nullptr ? "" : from->name;
    } else {
      from = application.find(route.collection);
      if (route.collection.empty()) table.missing("from", "a collection; the route has none");
    }
    std::vector<std::string> names = parameter_names(route);
    part.where = read_where(table, from, names);
    if (!table.has("window")) return;
    part.window = read_window(table, "window");
    if (from != nullptr && !from->is_journal()) {
      table.wrong("window", "needs a journal; '" + from->name + "' has no time");
    }
  }

  void read_by() {
    if (!table.has("by")) return;
    part.by = table.texts("by").value_or(std::vector<std::string>());
    if (from == nullptr) return;
    for (const std::string& name : part.by) {
      const auto field = field_named(*from, name, table, "by");
      if (field && !from->fields[*field].is_facet) {
        table.wrong("by", "names '" + name + "', which is no facet; expected facet = true");
      }
    }
  }

  void read_groups() {
    part.every = table.step("every");
    if (part.by.empty() && !table.has("every")) {
      table.missing("by", "a list of facets, or 'every' with a step");
    }
    if (part.every && from != nullptr && !from->is_journal()) {
      table.wrong("every", "needs a journal; '" + from->name + "' has no time");
    }
    auto of = table.table("of");
    if (!of && !table.has("of")) table.missing("of", "{ member = \"count()\" }");
    if (of) {
      for (const auto& [member, value] : of->toml().members) read_member(*of, member);
    }
    read_group_order();
    read_part_limit();
  }

  // An aggregate, or a field of `by` or the bucket under another name.
  void read_member(TableReader& of, const std::string& member) {
    auto expression = of.expression(member);
    if (!expression) return;
    if (expression->kind == Expression::Kind::kField) {
      const bool is_own =
          std::find(part.by.begin(), part.by.end(), expression->name) != part.by.end() ||
          (expression->name == "bucket" && part.every);
      if (!is_own) {
        of.wrong(member, "names '" + expression->name +
                             "'; expected an aggregate, a field of 'by' " + "or \"bucket\"");
      }
    } else if (from != nullptr) {
      for (const std::string& phrase : check_aggregate(*expression, scope()))
        of.wrong(member, phrase);
    }
    part.of.emplace_back(member, std::move(*expression));
  }

  void read_group_order() {
    part.order = read_order(table);
    std::vector<std::string> known = part.by;
    for (const auto& [member, unused] : part.of) known.push_back(member);
    if (part.every) known.emplace_back("bucket");
    for (const OrderKey& key : part.order) {
      if (std::find(known.begin(), known.end(), key.name) != known.end()) continue;
      table.wrong("order", "names '" + key.name + "', which is no member of a group" +
                               suggestion(key.name, known));
    }
  }

  void read_map() {
    if (part.by.size() != 1) table.wrong("by", "must name one field, the key of the object");
    read_figure("value");
  }

  void read_figure(std::string_view key) {
    auto figure = table.expression(key);
    if (!table.has(key)) table.missing(key, "an aggregate such as \"count()\"");
    if (!figure) return;
    if (from != nullptr) {
      for (const std::string& phrase : check_aggregate(*figure, scope())) table.wrong(key, phrase);
    }
    part.expression = std::move(*figure);
  }

  void read_rows() {
    part.order = read_order(table);
    if (from == nullptr) return;
    for (const OrderKey& key : part.order) {
      if (key.name != "id" && find_leaf(*from, key.name) == nullptr) {
        table.wrong("order", unknown_field(*from, key.name));
      }
    }
  }

  void read_values() {
    part.field = table.text("field").value_or("");
    if (!table.has("field")) table.missing("field", "a field, or \"id\"");
    if (from != nullptr && !part.field.empty() && part.field != "id" &&
        find_leaf(*from, part.field) == nullptr) {
      table.wrong("field", unknown_field(*from, part.field));
    }
    read_rows();
    read_part_limit();
    auto without = table.table("without");
    if (!without) return;
    AnswerPart::Without rule;
    const Collection* other = read_collection_name(*without, application, "from");
    if (!without->has("from")) without->missing("from", "a collection");
    if (!without->has("on")) without->missing("on", "the field that holds the same value there");
    rule.from = other == nullptr ? "" : other->name;
    rule.on = without->text("on").value_or("");
    if (other != nullptr && !rule.on.empty()) field_named(*other, rule.on, *without, "on");
    rule.window = read_window(*without, "window");
    without->refuse_the_rest();
    part.without = std::move(rule);
  }

  void read_part_limit() {
    part.limit = table.whole("limit");
    constexpr std::int64_t kMaxLimit = 100'000;
    if (part.limit && (*part.limit < 1 || *part.limit > kMaxLimit)) {
      table.wrong("limit", "must be between 1 and " + std::to_string(kMaxLimit));
    }
  }

  Scope scope() const { return {from, nullptr, parameter_names(route)}; }
};

void read_expression_part(TableReader& answer, const std::string& name,
                          const Application& application, const Route& route, AnswerPart& part) {
  auto expression = answer.expression(name);
  if (!expression) return;
  const bool is_upload = route.action != Route::Action::kAnswer;
  const Collection* from = is_upload ? nullptr : application.find(route.collection);
  for (const std::string& phrase :
       check_answer(*expression, {from, nullptr, parameter_names(route)})) {
    answer.wrong(name, phrase);
  }
  part.expression = std::move(*expression);
}

}  // namespace

void read_answer(TableReader& route_table, const Application& application, Route& route) {
  auto answer = route_table.table("answer");
  if (!answer) return;
  if (answer->toml().members.empty()) answer->wrong("is empty; expected members of the answer");
  for (const auto& [name, value] : answer->toml().members) {
    AnswerPart part;
    part.name = name;
    part.origin = {answer->origin().file, value.line, answer->origin().key + ": '" + name + "'"};
    if (name == "more" || name == "explain") {
      answer->wrong(name, "is a member that the answer has of its own; expected another name");
    }
    if (value.kind == Toml::Kind::kText) {
      read_expression_part(*answer, name, application, route, part);
    } else if (auto table = answer->table(name)) {
      PartReader{*table, application, route, part}.read();
    }
    route.answer.push_back(std::move(part));
  }
}

}  // namespace daybook
