#include "tests/scenarios/scenario.h"

#include <charconv>
#include <cstddef>

#include "base/json.h"
#include "base/text.h"

namespace daybook::scenarios {

namespace {

constexpr std::string_view kAny = "<any>";
constexpr std::string_view kDashes = "---- ";

Error at_line(int line, const std::string& what) {
  return Error(Code::kMalformed, "line " + std::to_string(line) + ": " + what);
}

bool is_name(std::string_view text) {
  for (const char c : text) {
    const bool fine =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!fine) return false;
  }
  return !text.empty();
}

// "Name: value"; the name of an expected header begins with a capital.
bool split_header(std::string_view line, std::pair<std::string, std::string>& header) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || !is_name(line.substr(0, colon))) return false;
  header = {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))};
  return true;
}

bool is_expected_header(std::string_view line, std::pair<std::string, std::string>& header) {
  return !line.empty() && line[0] >= 'A' && line[0] <= 'Z' && split_header(line, header);
}

// The lines of a file, one step after the other.
class Reader {
 public:
  explicit Reader(std::string_view text) : lines_(split(text, '\n')) {}

  Result<std::vector<Step>> read() {
    std::vector<Step> steps;
    for (;;) {
      Step step;
      read_comment(step);
      if (at_ == lines_.size()) return steps;
      DAYBOOK_TRY(read_request(step));
      DAYBOOK_TRY(read_expectation(step));
      steps.push_back(std::move(step));
    }
  }

 private:
  bool at_end() const { return at_ == lines_.size() || lines_[at_].empty(); }
  int number() const { return static_cast<int>(at_) + 1; }

  void read_comment(Step& step) {
    while (at_ < lines_.size() && (lines_[at_].empty() || lines_[at_][0] == '#')) {
      if (lines_[at_].empty())
        step.comment.clear();
      else
        step.comment += std::string(trim(lines_[at_].substr(1))) + " ";
      ++at_;
    }
  }

  Result<void> read_request(Step& step) {
    step.line = number();
    const std::string_view line = lines_[at_];
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos ||
        line.substr(blank + 1).find(' ') != std::string_view::npos) {
      return at_line(number(), "expected METHOD target, not '" + std::string(line) + "'");
    }
    step.method = line.substr(0, blank);
    step.target = line.substr(blank + 1);
    ++at_;
    std::pair<std::string, std::string> header;
    while (!at_end() && split_header(lines_[at_], header)) {
      step.headers.push_back(header);
      ++at_;
    }
    bool is_first = true;
    while (!at_end() && !lines_[at_].starts_with(kDashes)) {
      if (!is_first) step.body += '\n';
      step.body += lines_[at_++];
      is_first = false;
    }
    if (at_end()) return at_line(number(), "expected ---- STATUS");
    return {};
  }

  Result<void> read_status(Step& step) {
    const auto words = split(lines_[at_].substr(kDashes.size()), ' ');
    const std::string_view status = words[0];
    std::from_chars(status.data(), status.data() + status.size(), step.status);
    const std::string_view how = words.size() > 1 ? words[1] : "";
    if (how == "exact") step.how = Step::Body::kExact;
    if (how == "contains") step.how = Step::Body::kContains;
    const bool is_known = how.empty() || how == "exact" || how == "contains";
    if (step.status < 100 || words.size() > 2 || !is_known) {
      return at_line(number(), "expected ---- STATUS [exact|contains]");
    }
    ++at_;
    return {};
  }

  Result<void> read_expectation(Step& step) {
    DAYBOOK_TRY(read_status(step));
    for (; !at_end(); ++at_) {
      const std::string_view line = lines_[at_];
      std::pair<std::string, std::string> header;
      if (line.starts_with("absent ")) {
        step.absent.emplace_back(line.substr(7));
      } else if (line.starts_with("capture ")) {
        const std::size_t equals = line.find(" = ");
        if (equals == std::string_view::npos)
          return at_line(number(), "expected capture name = path");
        step.captures.emplace_back(line.substr(8, equals - 8), line.substr(equals + 3));
      } else if (is_expected_header(line, header)) {
        step.expected_headers.push_back(header);
      } else if (step.how == Step::Body::kAny) {
        return at_line(number(), "a body is expected, but neither exact nor contains");
      } else {
        step.expected.emplace_back(line);
      }
    }
    return {};
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

// Whether `pattern` fits at the beginning of `text`, and up to its end when it has to.
bool fits(std::string_view text, std::string_view pattern, bool to_the_end) {
  const std::size_t any = pattern.find(kAny);
  const std::string_view head = pattern.substr(0, any);
  if (!text.starts_with(head)) return false;
  text.remove_prefix(head.size());
  if (any == std::string_view::npos) return text.empty() || !to_the_end;
  pattern.remove_prefix(any + kAny.size());
  for (;;) {
    if (fits(text, pattern, to_the_end)) return true;
    if (text.empty() || text[0] == '\n') return false;
    text.remove_prefix(1);
  }
}

std::optional<std::string> at_path(const json::Value& root, std::string_view path) {
  json::Value value = root;
  for (const std::string_view part : split(path, '.')) {
    std::optional<json::Value> next;
    if (value.kind() == json::Kind::kObject) next = value.find(part);
    if (value.kind() == json::Kind::kArray) {
      std::size_t index = 0;
      std::from_chars(part.data(), part.data() + part.size(), index);
      auto elements = value.elements();
      for (std::size_t i = 0; i <= index; ++i) next = elements.next();
    }
    if (!next) return std::nullopt;
    value = *next;
  }
  if (value.kind() == json::Kind::kString) return std::string(value.as_string());
  std::string text;
  value.write(text);
  return text;
}

Result<std::string> captured(const http::Response& answer, const std::string& path) {
  if (path.starts_with("header ")) return std::string(answer.headers.get(path.substr(7)));
  json::Parser parser;
  DAYBOOK_ASSIGN(const json::Value body, parser.parse(answer.body));
  const auto value = at_path(body, path);
  if (!value) return Error(Code::kNotFound, "the answer has no '" + path + "'");
  return *value;
}

std::string_view without_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

Result<std::vector<std::string>> all_filled(const std::vector<std::string>& patterns,
                                            const Captures& captures) {
  std::vector<std::string> texts;
  for (const std::string& pattern : patterns) {
    DAYBOOK_ASSIGN(std::string text, filled(pattern, captures));
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string wrong_body(const Step& step, std::string_view body,
                       const std::vector<std::string>& lines,
                       const std::vector<std::string>& absent) {
  std::string wrong;
  if (step.how == Step::Body::kExact) {
    const std::string whole = join(lines, "\n");
    if (!is_like(without_end(body), whole)) wrong += "  the body is not exactly\n" + whole + "\n";
  }
  if (step.how == Step::Body::kContains) {
    for (const std::string& line : lines) {
      if (!holds_like(body, line)) wrong += "  missing: " + line + "\n";
    }
  }
  for (const std::string& text : absent) {
    if (body.find(text) != std::string_view::npos) wrong += "  should be absent: " + text + "\n";
  }
  return wrong;
}

}  // namespace

Result<std::vector<Step>> parse_scenario(std::string_view text) { return Reader(text).read(); }

Result<std::string> filled(std::string_view text, const Captures& captures) {
  std::string out;
  for (std::size_t begin = text.find("{{"); begin != std::string_view::npos;
       begin = text.find("{{")) {
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) break;
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    const auto value = captures.find(name);
    if (value == captures.end()) {
      return Error(Code::kNotFound, "nothing was captured as '" + std::string(name) + "'");
    }
    out += std::string(text.substr(0, begin)) + value->second;
    text.remove_prefix(end + 2);
  }
  return out + std::string(text);
}

bool is_like(std::string_view text, std::string_view pattern) { return fits(text, pattern, true); }

bool holds_like(std::string_view text, std::string_view pattern) {
  for (;;) {
    if (fits(text, pattern, false)) return true;
    if (text.empty()) return false;
    text.remove_prefix(1);
  }
}

Result<std::string> judge(const Step& step, const http::Response& answer, Captures& captures) {
  std::string wrong;
  if (answer.status != step.status) {
    wrong += "  the status is " + std::to_string(answer.status) + ", not " +
             std::to_string(step.status) + "\n";
  }
  for (const auto& [name, pattern] : step.expected_headers) {
    DAYBOOK_ASSIGN(const std::string expected, filled(pattern, captures));
    const std::string_view value = answer.headers.get(name);
    if (!is_like(value, expected)) {
      wrong += "  " + name + " is '" + std::string(value) + "', not '" + expected + "'\n";
    }
  }
  DAYBOOK_ASSIGN(const auto lines, all_filled(step.expected, captures));
  DAYBOOK_ASSIGN(const auto absent, all_filled(step.absent, captures));
  wrong += wrong_body(step, answer.body, lines, absent);
  for (const auto& [name, path] : step.captures) {
    auto value = captured(answer, path);
    if (value)
      captures[name] = *std::move(value);
    else
      wrong += "  cannot capture " + name + ": " + value.error().message() + "\n";
  }
  return wrong;
}

}  // namespace daybook::scenarios
