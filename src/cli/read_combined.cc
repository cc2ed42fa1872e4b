// Common and Combined Log Format, as Apache httpd and nginx write them:
//
//   host ident user [day/Mon/year:hh:mm:ss +zone] "METHOD target HTTP/x" status bytes "referer"
//   "agent"
//
// The last two are missing in the Common form. In quotes a backslash escapes '"' and '\'.
#include <array>

#include "base/time.h"
#include "cli/record.h"

namespace daybook::cli {

namespace {

// Takes words off the front of a line.
class Cut {
 public:
  explicit Cut(std::string_view line) : rest_(line) {}

  std::string_view word() {
    skip();
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    return take(end);
  }

  std::optional<std::string_view> bracketed() {
    skip();
    const std::size_t end = rest_.find(']');
    if (!rest_.starts_with('[') || end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }

  std::optional<std::string> quoted() {
    skip();
    if (!rest_.starts_with('"')) return std::nullopt;
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return text;
      }
      const bool is_escape =
          rest_[i] == '\\' && i + 1 < rest_.size() && (rest_[i + 1] == '"' || rest_[i + 1] == '\\');
      text += is_escape ? rest_[++i] : rest_[i];
    }
    return std::nullopt;
  }

  bool is_empty() {
    skip();
    return rest_.empty();
  }

 private:
  void skip() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }
  std::string_view take(std::size_t bytes) {
    const std::string_view word = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return word;
  }

  std::string_view rest_;
};

// "17/May/2015:10:05:03 +0000" as RFC 3339; empty when it is not a time.
std::string time_text(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' ') {
    return "";
  }
  std::size_t month = 0;
  while (month < kMonths.size() && kMonths[month] != text.substr(3, 3)) ++month;
  if (month == kMonths.size()) return "";
  const std::string number = (month < 9 ? "0" : "") + std::to_string(month + 1);
  const std::string out = std::string(text.substr(7, 4)) + "-" + number + "-" +
                          std::string(text.substr(0, 2)) + "T" + std::string(text.substr(12, 8)) +
                          std::string(text.substr(21, 3)) + ":" + std::string(text.substr(24, 2));
  return parse_instant(out) ? out : "";
}

void add_unless_dash(std::vector<Record::Part>& parts, const char* name, std::string_view text) {
  if (text != "-" && !text.empty()) parts.emplace_back(name, text);
}

Error unreadable(const char* what) {
  return Error(Code::kMalformed, std::string("is not Combined Log Format: ") + what);
}

}  // namespace

Result<std::vector<Record::Part>> parse_combined(std::string_view line) {
  Cut cut(line);
  const std::string_view host = cut.word();
  cut.word();  // ident, which nobody fills
  const std::string_view user = cut.word();
  const auto when = cut.bracketed();
  if (!when) return unreadable("there is no [time]");
  const std::string time = time_text(*when);
  if (time.empty()) return unreadable("the time is not like 17/May/2015:10:05:03 +0000");
  const auto request = cut.quoted();
  if (!request) return unreadable("there is no \"request\"");
  Cut words(*request);
  const std::string_view method = words.word();
  const std::string_view target = words.word();
  if (target.empty()) return unreadable("the request is not METHOD TARGET PROTOCOL");
  const std::string_view status = cut.word();
  const std::string_view bytes = cut.word();
  if (status.empty() || bytes.empty()) return unreadable("there is no status or size");

  std::vector<Record::Part> parts = {
      {"timestamp", time},
      {"method", std::string(method)},
      {"endpoint", std::string(target)},
      {"status_code", std::string(status)},
      {"response_size_bytes", bytes == "-" ? "0" : std::string(bytes)}};
  add_unless_dash(parts, "ip_address", host);
  add_unless_dash(parts, "user_id", user);
  if (cut.is_empty()) return parts;
  const auto referer = cut.quoted();
  const auto agent = cut.quoted();
  if (!referer || !agent) return unreadable("after the size come \"referer\" \"agent\"");
  add_unless_dash(parts, "referer", *referer);
  add_unless_dash(parts, "user_agent", *agent);
  return parts;
}

}  // namespace daybook::cli
