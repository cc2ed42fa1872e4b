#include <algorithm>

#include "base/text.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

bool is_number(const Toml& value) {
  return value.kind == Toml::Kind::kInt || value.kind == Toml::Kind::kFloat;
}

bool are_numbers(const Toml& value, std::size_t count) {
  return value.kind == Toml::Kind::kList && value.elements.size() == count &&
         std::all_of(value.elements.begin(), value.elements.end(), is_number);
}

void check_one_of(TableReader& table) {
  const Toml* of = table.find("one_of");
  if (of == nullptr) return;
  if (of->kind == Toml::Kind::kList && !of->elements.empty()) return;
  const bool has_weights =
      of->kind == Toml::Kind::kTable && !of->members.empty() &&
      std::all_of(of->members.begin(), of->members.end(), [](const TomlMember& member) {
        return is_number(member.value) && member.value.number > 0;
      });
  if (!has_weights) table.wrong("one_of", "must be [values], or { value = weight }");
}

void check_numbered(TableReader& table) {
  const Toml* numbered = table.find("numbered");
  if (numbered == nullptr) return;
  const auto& parts = numbered->elements;
  const bool is_good = (parts.size() == 2 || parts.size() == 3) &&
                       parts[0].kind == Toml::Kind::kText && parts[1].kind == Toml::Kind::kInt &&
                       parts[1].whole > 0 &&
                       (parts.size() == 2 || parts[2].kind == Toml::Kind::kText);
  if (!is_good)
    table.wrong("numbered", "must be [\"before\", count] or [\"before\", count, \"after\"]");
}

void check_generator(TableReader table) {
  const std::vector<std::string> kinds = {"one_of",   "between", "around", "walk",
                                          "numbered", "text",    "each"};
  const auto said = std::count_if(kinds.begin(), kinds.end(),
                                  [&](const std::string& kind) { return table.has(kind); });
  if (said != 1) table.wrong("must say one of " + join(kinds, ", "));
  check_one_of(table);
  check_numbered(table);
  for (const std::string_view key : {"between", "around", "walk", "text"}) {
    const Toml* pair = table.find(key);
    if (pair != nullptr && !are_numbers(*pair, 2)) table.wrong(key, "must be two numbers");
  }
  if (auto each = table.table("each")) {
    for (const auto& [key, value] : each->toml().members) {
      if (auto inner = each->table(key)) check_generator(*inner);
    }
  }
  if (const auto often = table.number("often"); often && (*often <= 0 || *often > 1)) {
    table.wrong("often", "must be above 0 and at most 1");
  }
  table.refuse_the_rest();
}

}  // namespace

void read_demo(TableReader& file, Collection& collection) {
  auto demo = file.table("demo", "[demo]");
  if (!demo) return;
  for (const auto& [name, value] : demo->toml().members) {
    field_named(collection, name, *demo, name);
    if (auto table = demo->table(name)) check_generator(*table);
    collection.declared.demo.push_back({name, json_text(value)});
  }
}

}  // namespace daybook
