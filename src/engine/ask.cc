#include "engine/ask.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/log.h"
#include "query/row_size.h"

namespace daybook {
namespace {

using Clockwork = std::chrono::steady_clock;

constexpr auto kSlow = std::chrono::seconds(1);
constexpr std::uint64_t kPageBytes = std::uint64_t{16} << 20;

// An inquiry that begins now; logged at the end when it took long, whether it came to an answer or
// not.
class Timed {
 public:
  Timed(std::string_view verb, const Collection& collection) {
    inquiry_.verb = verb;
    inquiry_.collection = &collection;
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  ~Timed() {
    const auto took = Clockwork::now() - begin_;
    if (took < kSlow) return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    log(LogLevel::kWarning, "slow question",
        {{"verb", std::string(inquiry_.verb)},
         {"collection", inquiry_.collection->full_name()},
         {"ms", std::to_string(ms)},
         {"rows", std::to_string(inquiry_.cost.rows)},
         {"bytes", std::to_string(inquiry_.cost.bytes)},
         {"plan", inquiry_.cost.plan}});
  }

  void note(Cost cost, std::size_t given, Inquiries& inquiries) {
    inquiry_.cost = std::move(cost);
    inquiry_.given = given;
    inquiry_.took = std::chrono::duration_cast<Duration>(Clockwork::now() - begin_);
    inquiries.push_back(inquiry_);
  }

 private:
  const Clockwork::time_point begin_ = Clockwork::now();
  Inquiry inquiry_;
};

}  // namespace

Result<std::vector<Row>> ask(Engine& engine, const Scan& scan, Inquiries& inquiries) {
  Timed timed("list", *scan.collection);
  std::vector<Row> rows;
  DAYBOOK_ASSIGN(Cost cost, engine.store().scan(scan, [&](Row&& row) {
    rows.push_back(std::move(row));
    return true;
  }));
  timed.note(std::move(cost), rows.size(), inquiries);
  return rows;
}

Result<RowsOfPage> ask_page(Engine& engine, const Scan& scan, Inquiries& inquiries) {
  Timed timed("list", *scan.collection);
  RowsOfPage page;
  std::uint64_t bytes = 0;
  DAYBOOK_ASSIGN(Cost cost, engine.store().scan(scan, [&](Row&& row) {
    bytes += row_bytes(row);
    page.is_cut = bytes > kPageBytes && !page.rows.empty();
    if (!page.is_cut) page.rows.push_back(std::move(row));
    return !page.is_cut;
  }));
  timed.note(std::move(cost), page.rows.size(), inquiries);
  return page;
}

Result<Groups> ask(Engine& engine, const Summary& summary, Inquiries& inquiries) {
  Timed timed("summarize", *summary.collection);
  DAYBOOK_ASSIGN(Groups groups, engine.store().summarize(summary));
  timed.note(groups.cost, groups.groups.size(), inquiries);
  return groups;
}

Result<Hits> ask(Engine& engine, const Search& search, Inquiries& inquiries) {
  Timed timed("search", *search.collection);
  DAYBOOK_ASSIGN(Hits hits, engine.store().search(search));
  timed.note(hits.cost, hits.hits.size(), inquiries);
  return hits;
}

}  // namespace daybook
