#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "catalog/catalog.h"
#include "catalog/type_words.h"
#include "catalog/widen.h"

namespace daybook {

namespace {

using Effect = CatalogChange::Effect;
using Declaration = std::optional<json::Value>;

std::string text_of(const Declaration& value) {
  std::string text;
  if (value) value->write(text);
  return text;
}

std::string string_of(const Declaration& value) {
  return value && value->kind() == json::Kind::kString ? std::string(value->as_string()) : "";
}

bool is_true(const Declaration& value) {
  return value && value->kind() == json::Kind::kBool && value->as_bool();
}

std::optional<double> number_of(const Declaration& value) {
  if (!value) return std::nullopt;
  if (value->kind() == json::Kind::kInt) return static_cast<double>(value->as_int());
  if (value->kind() == json::Kind::kFloat) return value->as_float();
  return std::nullopt;
}

Declaration member(const Declaration& object, std::string_view key) {
  if (!object || object->kind() != json::Kind::kObject) return std::nullopt;
  return object->find(key);
}

std::vector<std::string> keys_of(const Declaration& object) {
  std::vector<std::string> keys;
  if (!object || object->kind() != json::Kind::kObject) return keys;
  auto members = object->members();
  while (const auto next = members.next()) keys.emplace_back(next->first);
  return keys;
}

std::vector<std::string> texts_of(const Declaration& list) {
  std::vector<std::string> texts;
  if (!list || list->kind() != json::Kind::kArray) return texts;
  auto elements = list->elements();
  while (const auto next = elements.next()) {
    texts.push_back(next->kind() == json::Kind::kString ? std::string(next->as_string())
                                                        : text_of(*next));
  }
  return texts;
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& less) {
  std::vector<std::string> rest;
  for (const std::string& text : all) {
    if (!contains(less, text)) rest.push_back(text);
  }
  return rest;
}

// Every value of the first type is one of the second.
bool is_wider(std::string_view before, std::string_view after) {
  const auto wide = std::ranges::find(kTypeWords, after, &decltype(kTypeWords)::value_type::first);
  if (wide == kTypeWords.end()) return false;
  return std::ranges::any_of(narrower_types(wide->second),
                             [&](Type type) { return type_name(type) == before; });
}

class Plan {
 public:
  std::vector<CatalogChange> take() && { return std::move(changes_); }

  void applications(const Declaration& before, const Declaration& after) {
    each(before, after,
         [this](const std::string& name, const Declaration& was, const Declaration& is) {
           if (!was) return adds(name, "the application is added");
           if (!is) return narrows(name, "the application is removed with all its rows");
           application(name, was, is);
         });
  }

 private:
  // Calls with what was and what is under each key of either.
  template <typename Compare>
  static void each(const Declaration& before, const Declaration& after, Compare compare) {
    std::vector<std::string> keys = keys_of(before);
    for (const std::string& key : keys_of(after)) {
      if (!contains(keys, key)) keys.push_back(key);
    }
    for (const std::string& key : keys) {
      const Declaration was = member(before, key);
      const Declaration is = member(after, key);
      if (text_of(was) != text_of(is)) compare(key, was, is);
    }
  }

  void application(const std::string& name, const Declaration& before, const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      if (key != "collections") return changes(name, "'" + key + "' changes");
      collections(name, was, is);
    });
  }

  void collections(const std::string& application, const Declaration& before,
                   const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      const std::string name = application + "/" + key;
      if (!was) return adds(name, "the collection is added");
      if (!is) return narrows(name, "the collection is removed with all its rows");
      collection(name, was, is);
    });
  }

  void collection(const std::string& name, const Declaration& before, const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      if (key == "fields") return fields(name, was, is);
      if (key == "keep") return keep(name, was, is);
      if (key == "indexes") return named(name, "index", was, is);
      if (key == "rollups") return named(name, "rollup", was, is);
      if (key == "time" || key == "period") return division(name, key, was, is);
      const bool is_structure = key == "kind" || key == "tenant";
      const bool loses_extra = key == "extra" && string_of(was) == "keep";
      const bool loses_text = key == "text" && !is;
      add(is_structure || loses_extra || loses_text ? Effect::kNarrows : Effect::kChanges, name,
          sentence(key, was, is));
    });
  }

  // Stores refuse it when rows are there, whatever is allowed.
  void division(const std::string& name, const std::string& key, const Declaration& was,
                const Declaration& is) {
    narrows(name, sentence(key, was, is) + "; only a collection without rows can be divided anew");
  }

  void fields(const std::string& name, const Declaration& before, const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      const std::string where = name + " field '" + key + "'";
      if (!was) return added_field(where, is);
      if (!is) return narrows(where, "the field is removed with its values");
      field(where, was, is);
    });
  }

  void added_field(const std::string& where, const Declaration& is) {
    const bool has_value = member(is, "default") || member(is, "from") || member(is, "derive");
    if (is_true(member(is, "required")) && !has_value) {
      return narrows(where, "the field is added as required; rows that are there have no value");
    }
    adds(where, "the field is added");
  }

  void field(const std::string& where, const Declaration& before, const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      if (key == "of") return elements(where, was, is, is_true(member(after, "open")));
      add(field_effect(key, was, is), where, sentence(key, was, is));
    });
  }

  static Effect field_effect(const std::string& key, const Declaration& was,
                             const Declaration& is) {
    const auto narrows_if = [](bool narrows) {
      return narrows ? Effect::kNarrows : Effect::kChanges;
    };
    if (key == "type") return narrows_if(!is_wider(string_of(was), string_of(is)));
    if (key == "required") return narrows_if(is_true(is));
    if (key == "open") return narrows_if(!is_true(is));
    if (key == "format" || key == "fold") return narrows_if(is.has_value());
    if (key == "hash" || key == "encrypted") return Effect::kNarrows;
    if (key == "keys") {
      const bool loses = !without(texts_of(was), texts_of(is)).empty();
      return narrows_if(is && (!was || loses));
    }
    if (key == "min") return narrows_if(is && (!was || number_of(is) > number_of(was)));
    if (key == "max") return narrows_if(is && (!was || number_of(is) < number_of(was)));
    return Effect::kChanges;
  }

  // Choices, or the type of elements.
  void elements(const std::string& where, const Declaration& was, const Declaration& is,
                bool is_open) {
    if (was && is && was->kind() == json::Kind::kObject && is->kind() == json::Kind::kObject) {
      return field(where + " elements", was, is);
    }
    const auto removed = without(texts_of(was), texts_of(is));
    const auto added = without(texts_of(is), texts_of(was));
    if (!added.empty()) changes(where, "takes " + join(added, ", ") + " too");
    if (removed.empty()) return;
    add(is_open || !is ? Effect::kChanges : Effect::kNarrows, where,
        "does not take " + join(removed, ", ") + " any more");
  }

  void keep(const std::string& name, const Declaration& before, const Declaration& after) {
    each(before, after, [&](const std::string& key, const Declaration& was, const Declaration& is) {
      const bool is_harmless = key == "setting" || key == "tenant";
      const bool is_shorter = key != "default" || shortens(was, is);
      add(!is_harmless && is_shorter && is ? Effect::kNarrows : Effect::kChanges, name + " keep",
          sentence(key, was, is));
    });
  }

  // Absent: for ever.
  static bool shortens(const Declaration& was, const Declaration& is) {
    if (!is) return false;
    if (!was) return true;
    const Result<Duration> before = parse_duration(string_of(was));
    const Result<Duration> after = parse_duration(string_of(is));
    return !before.ok() || !after.ok() || *after < *before;
  }

  static Declaration find_named(const Declaration& list, const std::string& name) {
    if (!list) return std::nullopt;
    auto elements = list->elements();
    while (const auto next = elements.next()) {
      if (string_of(member(*next, "name")) == name) return *next;
    }
    return std::nullopt;
  }

  static std::vector<std::string> names_of(const Declaration& list) {
    std::vector<std::string> names;
    if (!list) return names;
    auto elements = list->elements();
    while (const auto next = elements.next()) names.push_back(string_of(member(*next, "name")));
    return names;
  }

  // Indexes and rollups are known by their names.
  void named(const std::string& collection, const std::string& kind, const Declaration& before,
             const Declaration& after) {
    for (const std::string& name : names_of(before)) {
      const std::string where = collection + " " + kind + " '" + name + "'";
      const Declaration was = find_named(before, name);
      const Declaration is = find_named(after, name);
      if (!is) {
        narrows(where, "the " + kind + " is removed");
      } else if (text_of(was) != text_of(is)) {
        add(loses(was, is) ? Effect::kNarrows : Effect::kChanges, where,
            "the " + kind + " changes and is built again");
      }
    }
    for (const std::string& name : without(names_of(after), names_of(before))) {
      const bool is_unique = is_true(member(find_named(after, name), "unique"));
      add(is_unique ? Effect::kNarrows : Effect::kAdds, collection + " " + kind + " '" + name + "'",
          is_unique ? "the unique index is added; rows that collide stop it"
                    : "the " + kind + " is added");
    }
  }

  // What an index or a rollup holds less than before.
  static bool loses(const Declaration& was, const Declaration& is) {
    for (const std::string_view list : {"measures", "distinct", "rates", "tiers"}) {
      if (!without(texts_of(member(was, list)), texts_of(member(is, list))).empty()) return true;
    }
    const bool becomes_unique = is_true(member(is, "unique")) && !is_true(member(was, "unique"));
    return becomes_unique || shortens(member(was, "keep"), member(is, "keep"));
  }

  static std::string sentence(const std::string& key, const Declaration& was,
                              const Declaration& is) {
    constexpr std::size_t kShownBytes = 60;
    const std::string before = text_of(was);
    const std::string after = text_of(is);
    if (before.size() > kShownBytes || after.size() > kShownBytes) return "'" + key + "' changes";
    if (!was) return "'" + key + "' becomes " + after;
    if (!is) return "'" + key + "' is no longer " + before;
    return "'" + key + "' changes from " + before + " to " + after;
  }

  void add(Effect effect, std::string where, std::string what) {
    changes_.push_back({effect, std::move(where), std::move(what)});
  }
  void adds(const std::string& where, std::string what) {
    add(Effect::kAdds, where, std::move(what));
  }
  void changes(const std::string& where, std::string what) {
    add(Effect::kChanges, where, std::move(what));
  }
  void narrows(const std::string& where, std::string what) {
    add(Effect::kNarrows, where, std::move(what));
  }

  std::vector<CatalogChange> changes_;
};

Result<json::Value> parse_catalog(json::Parser& parser, std::string_view text) {
  Result<json::Value> value = parser.parse(text);
  if (!value.ok()) return std::move(value).error().with_context("cannot read the stored catalog");
  if (value->kind() != json::Kind::kObject) {
    return Error(Code::kMalformed, "cannot read the stored catalog: it is no object");
  }
  return value;
}

}  // namespace

Result<std::vector<CatalogChange>> plan_changes(std::string_view stored, const Catalog& next) {
  json::Parser before;
  json::Parser after;
  DAYBOOK_ASSIGN(const json::Value was, parse_catalog(before, stored.empty() ? "{}" : stored));
  const std::string text = catalog_json(next);
  DAYBOOK_ASSIGN(const json::Value is, parse_catalog(after, text));
  Plan plan;
  plan.applications(was.find("applications"), is.find("applications"));
  return std::move(plan).take();
}

}  // namespace daybook
