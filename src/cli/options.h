// Options: the words one command takes, declared before they are read. A thin face over CLI11,
// whose only home this is; it also remembers what was declared, for the help page.
//
// Everything that values are read into must outlive parse(). One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace daybook::cli {

// One declared word, as the help page shows it.
struct OptionHelp {
  std::string word;  // "--limit N", "APP/COLLECTION"
  std::string text;
};

class Options {
 public:
  explicit Options(std::string command);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // Words by place: one that must be there, one that may be, and all the rest.
  void argument(const std::string& name, std::string& into, const std::string& text);
  void maybe(const std::string& name, std::string& into, const std::string& text);
  void rest(const std::string& name, std::vector<std::string>& into, const std::string& text);

  // Words by name; `value` is what the help calls the value. A text is never empty.
  void option(const std::string& flag, const std::string& value, std::string& into,
              const std::string& text);
  void option(const std::string& flag, const std::string& value, std::optional<std::string>& into,
              const std::string& text);
  void option(const std::string& flag, const std::string& value, std::int64_t& into,
              const std::string& text);
  // May be given several times.
  void each(const std::string& flag, const std::string& value, std::vector<std::string>& into,
            const std::string& text);
  void flag(const std::string& flag, bool& into, const std::string& text);
  // What is declared from here on stands under another heading of the help page.
  void heading(const std::string& title);

  // kInvalid names the word that is wrong and what was expected.
  Result<void> parse(const std::vector<std::string>& words);

  struct Section {
    std::string title;
    std::vector<OptionHelp> words;
  };
  // "APP/COLLECTION [FIELD=VALUE ...]"
  const std::string& usage() const { return usage_; }
  const std::vector<Section>& sections() const { return sections_; }

 private:
  struct State;
  Result<void> read_numbers();
  void show(const std::string& word, const std::string& text);

  std::string usage_;
  std::vector<Section> sections_;
  std::vector<std::string> flags_;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::cli
