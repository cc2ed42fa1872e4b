// Statistics and the most frequent values of a collection.
#include "engine/stats.h"

#include <optional>
#include <string_view>
#include <utility>

#include "api/endpoints.h"
#include "api/explain.h"
#include "api/respond.h"
#include "catalog/encode.h"

namespace daybook::api {
namespace {

// "response_time_ms.p95" -> "response_time_ms" and "p95".
std::pair<std::string_view, std::string_view> split_name(std::string_view measure) {
  const std::size_t dot = measure.rfind('.');
  return {measure.substr(0, dot), measure.substr(dot + 1)};
}

// The figures of one field as an object; the first measure after them.
std::size_t write_figures(const Summary& summary, const Group& group, std::size_t first,
                          json::Writer& out) {
  const auto field = split_name(summary.measures[first].name).first;
  out.key(field).begin_object();
  std::optional<std::size_t> count;
  std::size_t i = first;
  for (; i < summary.measures.size(); ++i) {
    const auto [name, figure] = split_name(summary.measures[i].name);
    if (name != field) break;
    if (summary.measures[i].aggregate == Aggregate::kCount) {
      count = i;  // comes last
      continue;
    }
    encode_value(group.measures[i], out.key(figure));
  }
  if (count) encode_value(group.measures[*count], out.key("count"));
  out.end_object();
  return i;
}

void write_group(const Summary& summary, const Group& group, json::Writer& out) {
  out.begin_object();
  if (group.bucket) out.key("bucket").value(format_instant(*group.bucket));
  for (std::size_t i = 0; i < summary.by.size(); ++i) {
    encode_value(group.key[i], out.key(field_name(*summary.collection, summary.by[i])));
  }
  encode_value(group.measures[0], out.key("count"));
  for (std::size_t i = 1; i < summary.measures.size();) {
    i = write_figures(summary, group, i, out);
  }
  out.end_object();
}

std::string statistics_json(const Statistics& statistics, bool explains) {
  const Groups& groups = statistics.groups;
  std::string body;
  json::Writer out(body);
  out.begin_object();
  if (statistics.summary.collection->is_journal()) {
    write_window(statistics.summary.window, out.key("window"));
  }
  out.key("rows").begin_array();
  for (const Group& group : groups.groups) write_group(statistics.summary, group, out);
  out.end_array().key("more").value(groups.more);
  out.key("from").begin_object().key("rollup").value(groups.rollups);
  out.key("rows").value(groups.rows).end_object();
  if (statistics.summary.measures.size() > 1)
    out.key("quantile_error").value(groups.quantile_error);
  if (explains) write_explain(statistics.inquiries, out);
  out.end_object();
  return body;
}

std::string top_json(const Collection& collection, const TopValues& values, bool explains) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  if (collection.is_journal()) write_window(values.window, out.key("window"));
  out.key("items").begin_array();
  for (const TopValues::Item& item : values.items) {
    encode_value(item.value, out.begin_object().key("value"));
    out.key("count").value(item.count).key("share").value(item.share).end_object();
  }
  out.end_array();
  if (explains) write_explain(values.inquiries, out);
  out.end_object();
  return body;
}

}  // namespace

Result<http::Response> read_stats(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_ASSIGN(Question question, question_of(call, *collection));
  DAYBOOK_ASSIGN(const bool explains, take_explain(call, question.words));
  DAYBOOK_ASSIGN(const Statistics statistics, stats(call.engine, std::move(question)));
  return json_response(200, statistics_json(statistics, explains));
}

Result<http::Response> read_top(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_ASSIGN(Question question, question_of(call, *collection));
  DAYBOOK_ASSIGN(const bool explains, take_explain(call, question.words));
  DAYBOOK_ASSIGN(const TopValues values, top(call.engine, std::move(question)));
  return json_response(200, top_json(*collection, values, explains));
}

}  // namespace daybook::api
