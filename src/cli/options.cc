#include "cli/options.h"

#include <charconv>

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace daybook::cli {

struct Options::State {
  CLI::App app;
  // Whole numbers are read as text first, so that a wrong one is named in our words.
  struct Number {
    std::string flag;
    std::string text;
    std::int64_t* into;
  };
  std::vector<std::unique_ptr<Number>> numbers;
};

namespace {

// CLI11 says "--flag: ..." when an option has no value or more than one.
Error mismatch(const std::string& said, const std::vector<Options::Section>& sections) {
  const std::string flag = said.substr(0, said.find(':'));
  if (said.find("At Most") != std::string::npos) {
    return Error(Code::kInvalid, flag + " is said twice");
  }
  for (const Options::Section& section : sections) {
    for (const OptionHelp& word : section.words) {
      if (word.word.starts_with(flag + " ")) {
        return Error(Code::kInvalid, flag + " needs a value: " + word.word);
      }
    }
  }
  return Error(Code::kInvalid, said);
}

// An empty text is what a script gives for a variable that is not set: `--tenant ""` is a mistake,
// not a key of all tenants.
CLI::Validator not_empty() {
  return CLI::Validator([](const std::string& said) { return said.empty() ? "is empty" : ""; }, "");
}

}  // namespace

Options::Options(std::string command) : state_(std::make_unique<State>()) {
  state_->app.name(std::move(command));
  state_->app.set_help_flag();  // the help page is ours, see help.cc
  sections_.push_back({"Arguments", {}});
  sections_.push_back({"Options", {}});
}

Options::~Options() = default;

void Options::argument(const std::string& name, std::string& into, const std::string& text) {
  state_->app.add_option(name, into)->required();
  usage_ += " " + name;
  sections_.front().words.push_back({name, text});
}

void Options::maybe(const std::string& name, std::string& into, const std::string& text) {
  state_->app.add_option(name, into);
  usage_ += " [" + name + "]";
  sections_.front().words.push_back({name, text});
}

void Options::rest(const std::string& name, std::vector<std::string>& into,
                   const std::string& text) {
  state_->app.add_option("rest", into);  // CLI11 takes no '=' in a name
  usage_ += " [" + name + " ...]";
  sections_.front().words.push_back({name + " ...", text});
}

void Options::show(const std::string& word, const std::string& text) {
  flags_.push_back(word.substr(0, word.find(' ')));
  sections_.back().words.push_back({word, text});
}

void Options::option(const std::string& flag, const std::string& value, std::string& into,
                     const std::string& text) {
  state_->app.add_option(flag, into)->type_name(value)->check(not_empty());
  show(flag + " " + value, text);
}

void Options::option(const std::string& flag, const std::string& value,
                     std::optional<std::string>& into, const std::string& text) {
  state_->app.add_option(flag, into)->type_name(value);
  show(flag + " " + value, text);
}

void Options::option(const std::string& flag, const std::string& value, std::int64_t& into,
                     const std::string& text) {
  auto number = std::make_unique<State::Number>(State::Number{flag, "", &into});
  state_->app.add_option(flag, number->text)->type_name(value);
  state_->numbers.push_back(std::move(number));
  show(flag + " " + value, text);
}

void Options::each(const std::string& flag, const std::string& value,
                   std::vector<std::string>& into, const std::string& text) {
  // Without this CLI11 would also swallow the positional words that follow.
  state_->app.add_option(flag, into)->type_name(value)->allow_extra_args(false)->check(not_empty());
  show(flag + " " + value, text);
}

void Options::flag(const std::string& flag, bool& into, const std::string& text) {
  state_->app.add_flag(flag, into);
  show(flag, text);
}

void Options::heading(const std::string& title) { sections_.push_back({title, {}}); }

Result<void> Options::parse(const std::vector<std::string>& words) {
  // CLI11 takes the words last first.
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    state_->app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    for (const std::string& word : state_->app.remaining()) {
      std::string message = "'" + word + "' is not expected here";
      const std::string name = word.substr(0, word.find('='));
      if (const auto near = nearest(name, flags_); near && name.starts_with("-")) {
        message += "; did you mean " + *near + "?";
      }
      return Error(Code::kInvalid, message);
    }
  } catch (const CLI::ArgumentMismatch& error) {
    return mismatch(error.what(), sections_);
  } catch (const CLI::ValidationError& error) {
    return mismatch(error.what(), sections_);
  } catch (const CLI::Error& error) {
    return Error(Code::kInvalid, error.what());
  }
  return read_numbers();
}

Result<void> Options::read_numbers() {
  for (const auto& number : state_->numbers) {
    const std::string& text = number->text;
    if (text.empty()) continue;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, *number->into);
    if (read.ec != std::errc() || read.ptr != end) {
      return Error(Code::kInvalid, number->flag + ": '" + text + "' is not a whole number");
    }
  }
  return {};
}

}  // namespace daybook::cli
