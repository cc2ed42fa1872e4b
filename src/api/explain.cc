#include "api/explain.h"

#include <chrono>

namespace daybook::api {
namespace {

void write_blocks(const Cost& cost, json::Writer& out) {
  out.key("blocks").begin_object().key("read").value(cost.blocks_read);
  out.key("skipped").begin_object().key("window").value(cost.blocks_skipped.by_window);
  out.key("header").value(cost.blocks_skipped.by_header);
  out.key("dictionary").value(cost.blocks_skipped.by_dictionary);
  out.key("postings").value(cost.blocks_skipped.by_postings).end_object().end_object();
}

}  // namespace

Result<bool> take_explain(const Call& call, Words& words) {
  if (!words.take_switch("explain")) return false;
  if (auto may_see = may(call.principal, Access::kObserve); !may_see.ok()) {
    return std::move(may_see).error().with_context("explain");
  }
  return true;
}

void write_explain(const Inquiries& inquiries, json::Writer& out) {
  out.key("explain").begin_array();
  for (const Inquiry& inquiry : inquiries) {
    const Cost& cost = inquiry.cost;
    out.begin_object().key("verb").value(inquiry.verb);
    out.key("collection").value(inquiry.collection->full_name()).key("plan").value(cost.plan);
    out.key("partitions").value(cost.partitions);
    write_blocks(cost, out);
    out.key("rows").begin_object().key("looked_at").value(cost.rows);
    out.key("given").value(inquiry.given).end_object();
    out.key("bytes").value(cost.bytes);
    out.key("columns").begin_object().key("decoded").value(cost.columns_decoded);
    out.key("cached").value(cost.columns_cached).end_object();
    out.key("ms").value(std::chrono::duration<double, std::milli>(inquiry.took).count());
    out.end_object();
  }
  out.end_array();
}

}  // namespace daybook::api
