// TableReader: reads one table of a declaration, key by key, and tells every mistake in it with its
// file, line, key and what was expected. A getter answers nothing both for an absent key and for a
// wrong one; the mistake is told by then. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/zone.h"
#include "catalog/expression.h"
#include "catalog/mistakes.h"
#include "catalog/toml.h"

namespace daybook {

class TableReader {
 public:
  // Borrows all three. `origin.key` is what the table is, "field 'state'"; empty for a whole file.
  TableReader(const Toml& table, Origin origin, Mistakes& mistakes);

  const Toml& toml() const { return table_; }
  const Origin& origin() const { return origin_; }
  Mistakes& mistakes() { return mistakes_; }

  // The value under a key, which is known from now on; a null pointer when it is absent.
  const Toml* find(std::string_view key);
  bool has(std::string_view key) { return find(key) != nullptr; }

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> whole(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<Duration> duration(std::string_view key);
  std::optional<Step> step(std::string_view key);
  // A list of texts, not empty.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  std::optional<Expression> expression(std::string_view key);
  std::vector<Expression> expressions(std::string_view key);
  // The table under a key; its mistakes say `subject`, or the key.
  std::optional<TableReader> table(std::string_view key, std::string_view subject = {});
  // The tables of a list ([[key]]).
  std::vector<TableReader> tables(std::string_view key);

  // One of the words of a table (type_words.h).
  template <typename Words>
  auto word(std::string_view key, const Words& words) -> std::optional<decltype(words[0].second)> {
    const auto said = text(key);
    if (!said) return std::nullopt;
    std::vector<std::string> expected;
    for (const auto& [name, value] : words) {
      if (name == *said) return value;
      expected.emplace_back(name);
    }
    unknown_word(key, *said, expected);
    return std::nullopt;
  }

  // Tells that a key that has to be there is not.
  void missing(std::string_view key, std::string_view expected);
  // "'key' " + what, at the key's line.
  void wrong(std::string_view key, const std::string& what);
  // Of the table itself.
  void wrong(const std::string& what);
  // Makes a key known that is read elsewhere.
  void skip(std::string_view key) { find(key); }
  // Tells every key that nobody asked for, with the nearest one that somebody did.
  void refuse_the_rest();

 private:
  void wrong_kind(std::string_view key, std::string_view expected, const Toml& value);
  void unknown_word(std::string_view key, const std::string& said,
                    const std::vector<std::string>& expected);
  std::optional<Expression> parsed(std::string_view key, const Toml& value);

  const Toml& table_;
  Origin origin_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

// "; did you mean 'x'?", or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace daybook
