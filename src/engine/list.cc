#include "engine/list.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace daybook {
namespace {

constexpr std::size_t kExportPage = 1'000;

Result<bool> take_count(Words& words) {
  const auto text = words.take("count");
  if (!text || *text == "none") return false;
  if (*text == "exact") return true;
  return Error(Code::kInvalid, "count must be exact or none, not '" + *text + "'");
}

std::string canonical_order(const Collection& collection, const Order& order) {
  std::string text;
  for (const OrderBy& key : order.keys) {
    text += (key.descending ? "-" : "+") + field_name(collection, key.ref) + ",";
  }
  return text;
}

// Of what was asked, not of what is seen: a cursor carries no authority, and what somebody sees may
// change from page to page.
std::string canonical_question(const Scan& scan, const Filter& asked, const WindowWords& window) {
  return "list " + scan.collection->full_name() + "\n" + canonical_text(asked) + "\n" +
         canonical_order(*scan.collection, scan.order) + "\n" + canonical_text(window);
}

Result<void> resume(const std::string& cursor, ListPlan& plan) {
  DAYBOOK_ASSIGN(Bookmark bookmark, decode_bookmark(cursor, plan.question));
  plan.scan.after = std::move(bookmark.place);
  plan.scan.window = std::move(bookmark.window);
  return {};
}

// What the words ask for must not tell whose the rows are.
Result<void> take_disguise(const Engine& engine, Words& words, ListPlan& plan) {
  const Collection& collection = *plan.scan.collection;
  DAYBOOK_ASSIGN(plan.pseudonymiser, take_pseudonymiser(engine.data_key(), collection, words));
  if (!plan.pseudonymiser) return {};
  const auto& left_out = plan.pseudonymiser->left_out();
  plan.projection.hidden.insert(plan.projection.hidden.end(), left_out.begin(), left_out.end());
  return {};
}

// All but the limit.
Result<ListPlan> plan_rows(const Engine& engine, Question& question, const ListRule& rule) {
  const Collection& collection = question.collection();
  const Sight& sight = question.sight;
  const Instant now = engine.now();
  Words& words = question.words;
  ListPlan plan(sight);
  plan.scan.collection = &collection;
  plan.scan.now = now;
  plan.scan.budget = std::move(question.budget);
  const WindowWords window = words.take_window();
  DAYBOOK_ASSIGN(plan.scan.window, window_of(collection, window, rule.window, now));
  plan.scan.order = rule.order;
  if (const auto order = words.take("order")) {
    DAYBOOK_ASSIGN(plan.scan.order, parse_order(collection, *order));
    DAYBOOK_TRY(sight.check(plan.scan.order));
  }
  if (const auto fields = words.take("fields")) {
    DAYBOOK_ASSIGN(plan.projection, parse_projection(collection, *fields));
    DAYBOOK_TRY(sight.check(plan.projection));
  }
  plan.projection = sight.limited(std::move(plan.projection));
  DAYBOOK_ASSIGN(plan.is_counted, take_count(words));
  DAYBOOK_TRY(take_disguise(engine, words, plan));
  const auto cursor = words.take("cursor");
  Filter asked = words.take_filter(collection);
  if (plan.pseudonymiser) {
    DAYBOOK_TRY(Pseudonymiser::check(collection, asked, plan.scan.order));
  }
  DAYBOOK_TRY(words.finish());
  DAYBOOK_TRY(sight.check(asked));
  asked = both(rule.filter, std::move(asked));
  plan.question = canonical_question(plan.scan, asked, window);
  plan.scan.filter = both(sight.rows(), std::move(asked));
  if (cursor && !cursor->empty()) DAYBOOK_TRY(resume(*cursor, plan));
  return plan;
}

// The fields below a common name: "oauth" stands for "oauth.google_id" and its like.
bool add_group(const Collection& collection, std::string_view name, Projection& projection) {
  const std::string prefix = std::string(name) + ".";
  bool is_group = false;
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (!collection.fields[i].name.starts_with(prefix)) continue;
    projection.fields.push_back(i);
    is_group = true;
  }
  return is_group;
}

// Behind all that goes by the rows as they are stored, such as cursors.
void disguise(const ListPlan& plan, std::vector<Row>& rows) {
  if (!plan.pseudonymiser) return;
  for (Row& row : rows) plan.pseudonymiser->apply(row);
}

Result<std::int64_t> count_rows(Engine& engine, const Scan& scan, Inquiries& inquiries) {
  Summary summary;
  summary.collection = scan.collection;
  summary.filter = scan.filter;
  summary.window = scan.window;
  summary.measures.push_back({"count", Aggregate::kCount, std::nullopt, {}});
  summary.limit = 1;
  summary.is_of_rows_seen = true;
  summary.now = scan.now;
  summary.budget = scan.budget;
  DAYBOOK_ASSIGN(const Groups groups, ask(engine, summary, inquiries));
  return groups.groups.empty() ? 0 : groups.groups[0].measures[0].get<std::int64_t>();
}

}  // namespace

ListRule list_rule(const Collection& collection) {
  ListRule rule;
  rule.order = default_order(collection);
  return rule;
}

Result<Projection> parse_projection(const Collection& collection, const std::string& text) {
  Projection projection;
  projection.with_extra = false;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view name = trim(part);
    if (name == "id" || add_group(collection, name, projection)) continue;
    DAYBOOK_ASSIGN(const FieldRef ref, find_field(collection, name));
    if (!ref.key.empty()) {
      return Error(Code::kInvalid, "fields: '" + std::string(name) + "' is an entry of '" +
                                       collection.fields[ref.field].name + "'; name that one");
    }
    if (collection.fields[ref.field].type == Type::kSecret) {
      return Error(Code::kInvalid,
                   "fields: '" + std::string(name) + "' is a secret and never told");
    }
    projection.fields.push_back(ref.field);
  }
  // The id alone: no field of the row.
  for (std::size_t i = 0; projection.fields.empty() && i < collection.fields.size(); ++i) {
    projection.hidden.push_back(i);
  }
  return projection;
}

Result<ListPlan> plan_list(const Engine& engine, Question question, const ListRule& rule) {
  const auto limit = question.words.take_limit(static_cast<std::size_t>(rule.limit.default_value),
                                               static_cast<std::size_t>(rule.limit.max));
  DAYBOOK_ASSIGN(ListPlan plan, plan_rows(engine, question, rule));
  plan.scan.limit = limit;
  return plan;
}

Result<ListPlan> plan_export(const Engine& engine, Question question, const ListRule& rule) {
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  const auto limit = question.words.take_limit(kAll, kAll);
  DAYBOOK_ASSIGN(ListPlan plan, plan_rows(engine, question, rule));
  if (plan.is_counted) {
    return Error(Code::kInvalid, "count belongs to pages; an export gives all rows");
  }
  plan.scan.limit = limit;
  return plan;
}

Result<Page> list(Engine& engine, const ListPlan& plan) {
  Scan scan = plan.scan;
  ++scan.limit;  // one more tells whether there is a next page
  Page page;
  DAYBOOK_ASSIGN(RowsOfPage found, ask_page(engine, scan, page.inquiries));
  page.rows = std::move(found.rows);
  const bool is_full = page.rows.size() > plan.scan.limit;
  if (is_full) page.rows.pop_back();
  if ((is_full || found.is_cut) && !page.rows.empty()) {
    const Place place = place_of(*scan.collection, scan.order, page.rows.back());
    page.next_cursor = encode_bookmark({place, scan.window}, plan.question);
  }
  for (Row& row : page.rows) plan.sight.veil(row);
  disguise(plan, page.rows);
  if (plan.is_counted) {
    DAYBOOK_ASSIGN(page.count, count_rows(engine, scan, page.inquiries));
  }
  return page;
}

Export::Export(Engine& engine, ListPlan plan)
    : engine_(engine), plan_(std::move(plan)), left_(plan_.scan.limit) {}

Result<std::vector<Row>> Export::next() {
  if (left_ == 0) return std::vector<Row>();
  DAYBOOK_TRY(plan_.sight.check_live());
  Scan& scan = plan_.scan;
  scan.limit = std::min(left_, kExportPage);
  Inquiries inquiries;
  DAYBOOK_ASSIGN(RowsOfPage found, ask_page(engine_, scan, inquiries));
  const bool is_last = found.rows.size() < scan.limit && !found.is_cut;
  left_ = is_last ? 0 : left_ - found.rows.size();
  if (!found.rows.empty()) scan.after = place_of(*scan.collection, scan.order, found.rows.back());
  for (Row& row : found.rows) plan_.sight.veil(row);
  disguise(plan_, found.rows);
  return std::move(found.rows);
}

}  // namespace daybook
