#include "cli/question.h"

#include "http/message.h"

namespace daybook::cli {

Target& Target::add(std::string_view name, std::string_view value) {
  text_ += has_query_ ? '&' : '?';
  has_query_ = true;
  text_ += http::percent_encode(name) + "=" + http::percent_encode(value);
  return *this;
}

Target& Target::maybe(std::string_view name, const std::optional<std::string>& value) {
  return value ? add(name, std::string_view(*value)) : *this;
}

Result<std::string> collection_path(const std::string& collection) {
  const std::size_t slash = collection.find('/');
  const bool is_pair = slash != std::string::npos && slash > 0 && slash + 1 < collection.size() &&
                       collection.find('/', slash + 1) == std::string::npos;
  if (!is_pair) {
    return Error(Code::kInvalid, "expected APPLICATION/COLLECTION, not '" + collection + "'");
  }
  return "/api/v1/" + http::percent_encode(collection.substr(0, slash)) + "/" +
         http::percent_encode(collection.substr(slash + 1));
}

void declare_collection(Options& options, std::string& collection) {
  options.argument("APP/COLLECTION", collection, "the collection, such as shop/orders");
}

void declare_question(Options& options, Question& question) {
  options.rest(
      "FIELD=VALUE", question.clauses,
      "only rows like this: field=value, field=a,b, field.gte=5 (ne lt lte gt gte has exists)");
  options.option("--filter", "EXPRESSION", question.filter,
                 "only rows for which this holds: status >= 500 AND path : \"/x\"");
  options.option("--hours", "N", question.hours, "the last N hours");
  options.option("--days", "N", question.days, "the last N days, today included");
  options.option("--start", "TIME", question.start, "from this instant, 2025-12-05T14:00:00Z");
  options.option("--end", "TIME", question.end, "until before this instant");
  options.option("--start-date", "DAY", question.start_date, "from this day, 2025-12-05");
  options.option("--end-date", "DAY", question.end_date, "to the end of this day");
  options.option("--tz", "ZONE", question.tz, "the zone of days, such as Europe/Berlin");
}

Result<Target> target_of(const Question& question, std::string_view verb) {
  DAYBOOK_ASSIGN(std::string path, collection_path(question.collection));
  if (!verb.empty()) path += "/" + std::string(verb);
  Target target(path);
  for (const std::string& clause : question.clauses) {
    const std::size_t equals = clause.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error(Code::kInvalid, "expected FIELD=VALUE, not '" + clause + "'");
    }
    target.add(clause.substr(0, equals), clause.substr(equals + 1));
  }
  target.maybe("filter", question.filter)
      .maybe("start", question.start)
      .maybe("end", question.end)
      .maybe("start_date", question.start_date)
      .maybe("end_date", question.end_date)
      .maybe("hours", question.hours)
      .maybe("days", question.days)
      .maybe("tz", question.tz);
  return target;
}

}  // namespace daybook::cli
