// Taking rows in: POST /api/v1/{app}/{collection} and the declared routes that create.
#include <functional>
#include <utility>

#include "api/endpoints.h"
#include "api/negotiate.h"
#include "api/request_limits.h"
#include "api/respond.h"
#include "catalog/decode.h"
#include "engine/ingest.h"
#include "engine/lines.h"

namespace daybook::api {
namespace {

// Lines are committed so many at a time, or so many bytes of them.
constexpr std::size_t kLinesPerCommit = 1'000;
constexpr std::size_t kBytesPerCommit = std::size_t{4} << 20;

// What an answer tells: several verdicts, or of one object its id and position.
struct Telling {
  enum class Form { kItems, kOneRow };
  Form form = Form::kItems;
  bool is_single = false;  // the body was one object
  bool tells_ids = true;   // no Prefer: return=minimal
  std::string instance;
};

std::string count_of(std::size_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::string rejected_detail(const Intake& intake) {
  if (intake.items() > 1) return "none of the " + count_of(intake.items(), "item") + " was stored";
  const std::size_t count = intake.problems.size() + intake.more_problems;
  if (count == 1 && intake.problems[0].code != Code::kInvalid) return intake.problems[0].detail;
  return count_of(count, "field") + " of item 0 " + (count == 1 ? "is" : "are") + " invalid";
}

http::Response rejected(const Intake& intake, const Telling& telling) {
  const Code said = intake.problems[0].code;
  const bool is_said = telling.is_single && (said == Code::kConflict || said == Code::kUnavailable);
  const Code code = is_said ? said : Code::kInvalid;
  http::Response response = problem(problem_type(code), rejected_detail(intake), telling.instance);
  response.body.insert(response.body.size() - 1,
                       "," + errors_json(intake.problems, intake.more_problems));
  return response;
}

void write_ids(const Intake& intake, json::Writer& out) {
  out.key("ids").begin_array();
  for (const std::string& id : intake.ids) write_id(id, out);
  out.end_array();
}

// Of samples, how many the filter made rows of.
void write_kept(const Collection& collection, const Intake& intake, json::Writer& out) {
  if (collection.declared.filter) out.key("kept").value(intake.kept);
}

std::string items_json(const Collection& collection, const Intake& intake, const Telling& telling) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("accepted").value(intake.accepted);
  out.key("rejected").value(intake.rejected);
  if (telling.tells_ids && intake.has_ids()) write_ids(intake, out);
  if (intake.repeated > 0) out.key("repeated").value(intake.repeated);
  write_kept(collection, intake, out);
  out.key("position").value(intake.position).end_object();
  const std::string errors = errors_json(intake.problems, intake.more_problems);
  if (!errors.empty()) body.insert(body.size() - 1, "," + errors);
  return body;
}

std::string one_row_json(const Collection& collection, const Intake& intake) {
  std::string body;
  json::Writer out(body);
  write_id(intake.ids[0], out.begin_object().key("id"));
  write_kept(collection, intake, out);
  out.key("position").value(intake.position).end_object();
  return body;
}

http::Response tell(const Collection& collection, const Intake& intake, const Telling& telling) {
  if (intake.accepted == 0) return rejected(intake, telling);
  const bool is_one_row = telling.form == Telling::Form::kOneRow;
  http::Response response = json_response(
      intake.rejected == 0 ? 201 : 207,
      is_one_row ? one_row_json(collection, intake) : items_json(collection, intake, telling));
  const bool is_row = telling.is_single && !intake.ids[0].empty();
  if (is_row) response.headers.add("Location", row_path(collection, intake.ids[0]));
  if (!telling.tells_ids) response.headers.add("Preference-Applied", "return=minimal");
  return response;
}

Telling telling_of(const Call& call) {
  Telling telling;
  telling.tells_ids = !prefers_minimal(call.request.headers);
  telling.instance = call.request.path();
  return telling;
}

Error no_rows() { return {Code::kInvalid, "the body holds no rows"}; }

// One object or an array of them.
Result<void> take_json(std::string_view body, Reading reading, Ingest& ingest, Telling& telling) {
  DAYBOOK_ASSIGN(const json::Value value, reading.parse(body));
  if (value.kind() != json::Kind::kArray) {
    telling.is_single = true;
    ingest.take(value);
    return {};
  }
  if (value.size() > kMaxItems) {
    return Error(Code::kTooLarge, "an array holds at most " + std::to_string(kMaxItems) +
                                      " items, not " + std::to_string(value.size()) +
                                      "; send NDJSON, which may be of any length");
  }
  auto elements = value.elements();
  while (const auto element = elements.next()) ingest.take(*element);
  return {};
}

void take_line(const LineReader::Line& line, Reading& reading, Ingest& ingest) {
  if (line.is_too_long) {
    return ingest.refuse(
        {std::nullopt, "#", "is longer than a row may be (1 MiB)", Code::kTooLarge});
  }
  const auto value = reading.parse(line.text);
  if (value.ok()) return ingest.take(*value);
  ingest.refuse({std::nullopt, "#", "is no JSON: " + value.error().message(), Code::kMalformed});
}

// All lines of a body that is there already.
Result<void> take_lines(std::string_view body, Reading reading, Ingest& ingest) {
  LineReader lines(kMaxRowBytes);
  lines.buffer().append(body);
  const auto next = [&] {
    const auto line = lines.next();
    return line ? line : lines.last();
  };
  while (const auto line = next()) {
    if (ingest.taken() == kMaxItems) {
      return Error(Code::kTooLarge, "with an Idempotency-Key lines are one batch of at most " +
                                        std::to_string(kMaxItems) + " rows");
    }
    take_line(*line, reading, ingest);
  }
  return {};
}

void count(Metrics& metrics, const Collection& collection, const Intake& intake) {
  metrics.count_rows(collection, intake.accepted, intake.rejected);
  metrics.count_redacted(collection, intake.masked, intake.exempt);
}

// A body that is taken whole, in one batch.
Result<http::Response> create_whole(Call& call, const Collection& collection, BodyForm form,
                                    Telling telling) {
  DAYBOOK_ASSIGN(const std::string body, read_body(call));
  DAYBOOK_ASSIGN(const std::optional<Once> once, begin_once(call, body));
  if (once && once->kept()) return unpack(*once->kept());

  DAYBOOK_ASSIGN(Sight sight, Sight::of(call.engine, call.principal, collection));
  Ingest ingest(call.engine, call.principal, std::move(sight));
  if (form == BodyForm::kJson) {
    DAYBOOK_TRY(take_json(body, Reading(call.reading_memory), ingest, telling));
  } else {
    DAYBOOK_TRY(take_lines(body, Reading(call.reading_memory), ingest));
  }
  if (telling.form == Telling::Form::kOneRow && !telling.is_single) {
    return Error(Code::kInvalid, "the body must be one JSON object");
  }
  if (ingest.taken() == 0) return no_rows();
  DAYBOOK_TRY(once ? ingest.commit(*once,
                                   [&](const Intake& intake) {
                                     return pack(tell(collection, intake, telling));
                                   })
                   : ingest.commit());
  const Intake& intake = ingest.intake();
  count(call.metrics, collection, intake);
  return tell(collection, intake, telling);
}

// Lines on their way from a body into commits of bounded size.
class LineStream {
 public:
  LineStream(Call& call, Ingest& ingest)
      : request_(call.request),
        body_(*call.request.body),
        reading_(call.reading_memory),
        ingest_(ingest) {}

  // Reads to the end of the body and commits as lines come in.
  Result<void> run() {
    for (bool has_more = true; has_more;) {
      if (request_.is_cancelled && request_.is_cancelled()) return client_has_gone();
      DAYBOOK_ASSIGN(has_more, body_.read(lines_.buffer()));
      while (const auto line = lines_.next()) DAYBOOK_TRY(take(*line));
      DAYBOOK_TRY(hold());
    }
    if (const auto line = lines_.last()) DAYBOOK_TRY(take(*line));
    return commit();
  }

 private:
  Result<void> take(const LineReader::Line& line) {
    staged_bytes_ += line.text.size();
    take_line(line, reading_, ingest_);
    const bool is_enough = ingest_.staged() >= kLinesPerCommit || staged_bytes_ >= kBytesPerCommit;
    return is_enough ? commit() : Result<void>();
  }

  // Few bytes may unpack to many lines, of which nobody would hear any more.
  static Error client_has_gone() { return {Code::kUnavailable, "the client has gone"}; }

  Result<void> commit() {
    staged_bytes_ = 0;
    return ingest_.commit();
  }

  // Counts what waits, and commits it early when other bodies take the room.
  Result<void> hold() {
    if (body_.hold(lines_.waiting() + staged_bytes_)) return {};
    DAYBOOK_TRY(commit());
    if (body_.hold(lines_.waiting())) return {};
    return http::no_room_for_body();
  }

  const http::Request& request_;
  http::Body& body_;
  Reading reading_;
  LineReader lines_{kMaxRowBytes};
  Ingest& ingest_;
  std::size_t staged_bytes_ = 0;
};

// Lines of any number, in bounded memory. What was stored before a body breaks off stays stored.
Result<http::Response> create_streamed(Call& call, const Collection& collection,
                                       const Telling& telling) {
  DAYBOOK_ASSIGN(Sight sight, Sight::of(call.engine, call.principal, collection));
  Ingest ingest(call.engine, call.principal, std::move(sight));
  auto read = LineStream(call, ingest).run();
  const Intake& intake = ingest.intake();
  count(call.metrics, collection, intake);
  if (!read.ok()) {
    return std::move(read).error().with_context("the body was not taken whole (" +
                                                count_of(intake.accepted, "line") +
                                                " stored before that)");
  }
  if (intake.items() == 0) return no_rows();
  return tell(collection, intake, telling);
}

}  // namespace

Result<http::Response> create_rows(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const BodyForm form, body_form(call.request.headers));
  // What anybody can read the key of is no stream without an end.
  const bool may_stream = limits_of(call.principal).may_stream;
  const bool is_streamed =
      form == BodyForm::kNdjson && may_stream && !call.request.headers.has("Idempotency-Key");
  if (is_streamed) return create_streamed(call, *collection, telling_of(call));
  return create_whole(call, *collection, form, telling_of(call));
}

Result<http::Response> create_declared(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, declared_collection(call));
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_TRY(expect_json(call.request.headers));
  Telling telling = telling_of(call);
  telling.form = Telling::Form::kOneRow;
  telling.tells_ids = true;
  return create_whole(call, *collection, BodyForm::kJson, telling);
}

}  // namespace daybook::api
