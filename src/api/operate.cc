// What the machine's operator asks of the whole installation.
#include <cmath>

#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/inspect.h"
#include "engine/sweep.h"
#include "engine/trail.h"

namespace daybook::api {
namespace {

void write_instant(std::string_view name, const std::optional<Instant>& time, json::Writer& out) {
  if (time) out.key(name).value(format_instant(*time));
}

Result<bool> take_dry_run(Words& words) {
  const auto text = words.take("dry_run");
  if (!text || *text == "false") return false;
  if (*text == "true" || text->empty()) return true;
  return Error(Code::kInvalid, "dry_run must be true or false, not '" + *text + "'");
}

void write_swept(const Swept& swept, json::Writer& out) {
  out.begin_object().key("collection").value(swept.collection->full_name());
  out.key("rows").value(swept.removed.rows).key("bytes").value(swept.removed.bytes);
  out.key("days").value(swept.removed.partitions);
  write_instant("oldest", swept.removed.oldest, out);
  write_instant("newest", swept.removed.newest, out);
  if (!swept.note.empty()) out.key("note").value(swept.note);
  out.end_object();
}

void write_parts(const std::vector<PartSpace>& parts, json::Writer& out) {
  out.key("parts").begin_array();
  for (const PartSpace& part : parts) {
    out.begin_object().key("collection").value(part.collection);
    out.key("part").value(part.part).key("of").value(part.of).key("bytes").value(part.bytes);
    const double per_row = static_cast<double>(part.bytes) / static_cast<double>(part.rows);
    out.key("bytes_per_row").value(std::round(per_row * 100) / 100);
    if (!part.encoding.empty()) out.key("encoding").value(part.encoding);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

Result<http::Response> run_sweep(Call& call) {
  Words words = words_of(call);
  DAYBOOK_ASSIGN(const bool is_dry, take_dry_run(words));
  DAYBOOK_TRY(words.finish());
  if (!is_dry) {
    DAYBOOK_TRY(record(call.engine, call.principal,
                       {.event = "sweep", .action = "execute", .resource = "installation"}));
  }
  DAYBOOK_ASSIGN(const auto swept,
                 sweep(call.engine, is_dry ? Expiry::Mode::kPreview : Expiry::Mode::kRemove));
  std::uint64_t rows = 0, bytes = 0;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("dry_run").value(is_dry).key("collections").begin_array();
  for (const Swept& one : swept) {
    write_swept(one, out);
    rows += one.removed.rows;
    bytes += one.removed.bytes;
  }
  out.end_array().key("rows").value(rows).key("bytes").value(bytes).end_object();
  return json_response(200, std::move(body));
}

Result<http::Response> read_space(Call& call) {
  Words words = words_of(call);
  const bool has_parts = words.take_switch("parts");
  DAYBOOK_TRY(words.finish());
  DAYBOOK_ASSIGN(const Space all,
                 space(call.engine, has_parts ? SpaceDetail::kParts : SpaceDetail::kCollections));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("collections").begin_array();
  for (const auto& [name, one] : all.collections) {
    out.begin_object().key("collection").value(name);
    out.key("rows").value(one.rows).key("bytes").value(one.bytes);
    out.key("days").value(one.partitions).key("blocks").value(one.blocks);
    write_instant("oldest", one.oldest, out);
    write_instant("newest", one.newest, out);
    out.end_object();
  }
  out.end_array().key("file_bytes").value(all.file_bytes);
  out.key("free_bytes").value(all.free_bytes);
  if (has_parts) write_parts(all.parts, out);
  out.end_object();
  return json_response(200, std::move(body));
}

Result<http::Response> read_indexes(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const auto all, indexes(call.engine));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("items").begin_array();
  for (const IndexState& index : all) {
    out.begin_object().key("collection").value(index.collection);
    out.key("index").value(index.index).key("on").value(index.definition);
    out.key("built").value(index.is_built).end_object();
  }
  out.end_array().end_object();
  return json_response(200, std::move(body));
}

Result<http::Response> run_check(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const auto findings, verify(call.engine));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("good").value(findings.empty()).key("findings").begin_array();
  for (const Finding& finding : findings) {
    out.begin_object().key("where").value(finding.where);
    out.key("what").value(finding.what).end_object();
  }
  out.end_array().end_object();
  return json_response(200, std::move(body));
}

}  // namespace daybook::api
