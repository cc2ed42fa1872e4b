// What the machine's operator asks about rollups.
#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/inspect.h"

namespace daybook::api {
namespace {

void write_names(const Collection& collection, const std::vector<std::size_t>& fields,
                 json::Writer& out) {
  out.begin_array();
  for (const std::size_t field : fields) out.value(collection.fields[field].name);
  out.end_array();
}

void write_rollup(const Collection& collection, const Rollup& rollup, json::Writer& out) {
  out.begin_object().key("collection").value(collection.full_name());
  out.key("rollup").value(rollup.name);
  write_names(collection, rollup.by, out.key("by"));
  write_names(collection, rollup.measures, out.key("measures"));
  out.key("tiers").begin_array();
  for (const Step& tier : rollup.tiers) out.value(format_step(tier));
  out.end_array();
  if (rollup.keep) out.key("keep").value(format_duration(*rollup.keep));
  out.end_object();
}

Result<RollupCheck> take_check(Words& words, const Catalog& catalog) {
  RollupCheck check;
  const auto name = words.take("collection");
  const auto mode = words.take("do");
  const auto after = words.take("after");
  DAYBOOK_TRY(words.finish());
  if (!name) return Error(Code::kInvalid, "collection is missing, as in collection=shop/orders");
  DAYBOOK_ASSIGN(check.collection, catalog.collection(*name));
  if (!mode || (*mode != "verify" && *mode != "rebuild")) {
    return Error(Code::kInvalid, "do must be verify or rebuild");
  }
  check.mode = *mode == "verify" ? RollupCheck::Mode::kVerify : RollupCheck::Mode::kRebuild;
  if (after) {
    auto period = parse_instant(*after);
    if (!period.ok()) return std::move(period).error().with_context("after");
    check.after = *period;
  }
  return check;
}

}  // namespace

Result<http::Response> read_rollups(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  std::string body;
  json::Writer out(body);
  out.begin_object().key("items").begin_array();
  for (const auto& [application_name, application] : call.engine.catalog().applications()) {
    for (const auto& [name, collection] : application.collections) {
      for (const Rollup& rollup : collection.rollups) write_rollup(collection, rollup, out);
    }
  }
  out.end_array().end_object();
  return json_response(200, std::move(body));
}

Result<http::Response> run_rollups(Call& call) {
  Words words = words_of(call);
  DAYBOOK_ASSIGN(const RollupCheck check, take_check(words, call.engine.catalog()));
  DAYBOOK_ASSIGN(const RolledPeriod rolled, check_rollups(call.engine, check));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("collection").value(check.collection->full_name());
  if (rolled.period) out.key("period").value(format_instant(*rolled.period));
  out.key("done").value(rolled.done).key("of").value(rolled.of);
  out.key("sums").value(rolled.sums).key("rows").value(rolled.rows);
  if (!rolled.difference.empty()) out.key("difference").value(rolled.difference);
  out.end_object();
  return json_response(200, std::move(body));
}

}  // namespace daybook::api
