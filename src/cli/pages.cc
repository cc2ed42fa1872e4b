#include "cli/pages.h"
#include "cli/answer.h"

#include <algorithm>

namespace daybook::cli {

namespace {

std::string raw(const json::Value& object, std::string_view name) {
  std::string text;
  if (const auto member = object.find(name)) member->write(text);
  return text;
}

// Makes one list of two, as JSON.
void add_elements(const std::string& more, std::string& list) {
  if (more.empty()) return;
  if (list.empty()) {
    list = more;
  } else {
    list.back() = ',';
    list += more.substr(1);
  }
}

Error not_a_list() {
  return Error(Code::kInternal, "the server answered something that is not a list of rows");
}

}  // namespace

std::string window_text(const json::Value& window) {
  return text_of(window, "start") + " to " + text_of(window, "end") + ", " + text_of(window, "tz");
}

Result<ListEnd> walk_list(Connection& connection, const Target& target, std::int64_t limit,
                          const std::function<void(const json::Value&)>& row) {
  ListEnd end;
  json::Parser parser;
  do {
    Target page = target;
    page.add("limit", std::to_string(std::min(limit - end.rows, kPageRows)));
    if (!end.next_cursor.empty()) page.add("cursor", end.next_cursor);
    DAYBOOK_ASSIGN(const std::string body, connection.get(page.text()));
    DAYBOOK_ASSIGN(const json::Value answer, parser.parse(body));
    if (answer.kind() != json::Kind::kObject) return not_a_list();
    const auto items = answer.find("items");
    if (!items || items->kind() != json::Kind::kArray) return not_a_list();
    if (end.rows == 0) {
      end.window = raw(answer, "window");
      end.count = raw(answer, "count");
    }
    end.next_cursor = text_of(answer, "next_cursor");
    add_elements(raw(answer, "explain"), end.explain);
    auto elements = items->elements();
    while (const auto item = elements.next()) {
      row(*item);
      ++end.rows;
    }
  } while (!end.next_cursor.empty() && end.rows < limit);
  return end;
}

}  // namespace daybook::cli
