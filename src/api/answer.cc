// What a declared route answers, written as JSON.
#include "engine/answer.h"

#include <algorithm>

#include "api/endpoints.h"
#include "api/explain.h"
#include "api/respond.h"
#include "catalog/encode.h"

namespace daybook::api {
namespace {

// Writes the content of one member.
struct ContentWriter {
  json::Writer& out;

  void operator()(const std::optional<Window>& window) const { write_window(window, out); }
  void operator()(const Value& value) const { encode_value(value, out); }

  void operator()(const Table& table) const {
    out.begin_array();
    for (const std::vector<Value>& row : table.rows) {
      out.begin_object();
      for (std::size_t i = 0; i < row.size(); ++i) encode_value(row[i], out.key(table.columns[i]));
      out.end_object();
    }
    out.end_array();
  }

  void operator()(const KeyedValues& values) const {
    out.begin_object();
    for (const auto& [key, value] : values) encode_value(value, out.key(key));
    out.end_object();
  }

  void operator()(const RowList& list) const {
    out.begin_array();
    for (const Row& row : list.rows) encode_row(*list.collection, row, {}, out);
    out.end_array();
  }

  void operator()(const FirstRow& first) const {
    if (first.row) return encode_row(*first.collection, *first.row, {}, out);
    out.null();
  }

  void operator()(const std::vector<Value>& values) const {
    out.begin_array();
    for (const Value& value : values) encode_value(value, out);
    out.end_array();
  }
};

// The members that were cut off, where there are any.
void write_more(const Answer& answered, json::Writer& out) {
  const auto is_cut = [](const AnswerMember& member) { return member.is_cut; };
  if (std::ranges::none_of(answered.members, is_cut)) return;
  out.key("more").begin_array();
  for (const AnswerMember& member : answered.members) {
    if (member.is_cut) out.value(member.name);
  }
  out.end_array();
}

}  // namespace

Result<http::Response> answer_declared(Call& call) {
  RouteCall route_call = route_call_of(call);
  DAYBOOK_ASSIGN(const bool explains, take_explain(call, route_call.words));
  DAYBOOK_ASSIGN(const Answer answered, answer(call.engine, std::move(route_call)));
  std::string body;
  json::Writer out(body);
  out.begin_object();
  for (const AnswerMember& member : answered.members) {
    std::visit(ContentWriter{out.key(member.name)}, member.content);
  }
  write_more(answered, out);
  if (explains) write_explain(answered.inquiries, out);
  out.end_object();
  return json_response(200, std::move(body));
}

}  // namespace daybook::api
