// Taking rows in: POST /api/v1/{app}/{collection} and the declared routes that create.
#include <functional>
#include <utility>

#include "api/endpoints.h"
#include "api/negotiate.h"
#include "api/respond.h"
#include "catalog/decode.h"
#include "engine/ingest.h"
#include "engine/lines.h"

namespace daybook::api {
namespace {

// Lines are committed so many at a time.
constexpr std::size_t kLinesPerCommit = 1'000;

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
  const bool is_conflict = telling.is_single && intake.problems[0].code == Code::kConflict;
  const Code code = is_conflict ? Code::kConflict : Code::kInvalid;
  http::Response response = problem(problem_type(code), rejected_detail(intake), telling.instance);
  response.body.insert(response.body.size() - 1,
                       "," + errors_json(intake.problems, intake.more_problems));
  return response;
}

void write_ids(const Intake& intake, json::Writer& out) {
  out.key("ids").begin_array();
  for (const std::string& id : intake.ids) {
    if (id.empty()) {
      out.null();
    } else {
      out.value(id);
    }
  }
  out.end_array();
}

std::string items_json(const Intake& intake, const Telling& telling) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("accepted").value(intake.accepted);
  out.key("rejected").value(intake.rejected);
  if (telling.tells_ids && intake.has_ids()) write_ids(intake, out);
  out.key("position").value(intake.position).end_object();
  const std::string errors = errors_json(intake.problems, intake.more_problems);
  if (!errors.empty()) body.insert(body.size() - 1, "," + errors);
  return body;
}

std::string one_row_json(const Intake& intake) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("id").value(intake.ids[0]);
  out.key("position").value(intake.position).end_object();
  return body;
}

http::Response tell(const Collection& collection, const Intake& intake, const Telling& telling) {
  if (intake.accepted == 0) return rejected(intake, telling);
  const bool is_one_row = telling.form == Telling::Form::kOneRow;
  http::Response response =
      json_response(intake.rejected == 0 ? 201 : 207,
                    is_one_row ? one_row_json(intake) : items_json(intake, telling));
  if (telling.is_single) response.headers.add("Location", row_path(collection, intake.ids[0]));
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
Result<void> take_json(std::string_view body, json::Parser& parser, Ingest& ingest,
                       Telling& telling) {
  DAYBOOK_ASSIGN(const json::Value value, parser.parse(body));
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

void take_line(const LineReader::Line& line, json::Parser& parser, Ingest& ingest) {
  const std::string where = "line " + std::to_string(line.number);
  if (line.is_too_long) {
    return ingest.refuse(
        {std::nullopt, "#", where + " is longer than a row may be (1 MiB)", Code::kTooLarge});
  }
  const auto value = parser.parse(line.text);
  if (value.ok()) return ingest.take(*value);
  ingest.refuse(
      {std::nullopt, "#", where + " is no JSON: " + value.error().message(), Code::kMalformed});
}

// All lines of a body that is there already.
Result<void> take_lines(std::string_view body, json::Parser& parser, Ingest& ingest) {
  LineReader lines(kMaxRowBytes);
  lines.buffer().append(body);
  const auto take = [&](const LineReader::Line& line) { take_line(line, parser, ingest); };
  while (const auto line = lines.next()) take(*line);
  if (const auto line = lines.last()) take(*line);
  if (ingest.staged() <= kMaxItems) return {};
  return Error(Code::kTooLarge, "with an Idempotency-Key lines are one batch of at most " +
                                    std::to_string(kMaxItems) + " rows");
}

// A body that is taken whole, in one batch.
Result<http::Response> create_whole(Call& call, const Collection& collection, BodyForm form,
                                    Telling telling) {
  DAYBOOK_ASSIGN(const std::string body, read_body(call));
  DAYBOOK_ASSIGN(const std::optional<Once> once, begin_once(call, body));
  if (once && once->kept()) return unpack(*once->kept());

  json::Parser parser;
  Ingest ingest(call.engine, collection, call.principal);
  if (form == BodyForm::kJson) {
    DAYBOOK_TRY(take_json(body, parser, ingest, telling));
  } else {
    DAYBOOK_TRY(take_lines(body, parser, ingest));
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
  call.metrics.count_rows(collection, intake.accepted, intake.rejected);
  return tell(collection, intake, telling);
}

// Reads to the end of the body and commits as lines come in.
Result<void> stream_lines(Call& call, Ingest& ingest) {
  json::Parser parser;
  LineReader lines(kMaxRowBytes);
  bool has_more = true;
  while (has_more) {
    DAYBOOK_ASSIGN(has_more, call.request.body->read(lines.buffer()));
    while (const auto line = lines.next()) {
      take_line(*line, parser, ingest);
      if (ingest.staged() >= kLinesPerCommit) DAYBOOK_TRY(ingest.commit());
    }
  }
  if (const auto line = lines.last()) take_line(*line, parser, ingest);
  return ingest.commit();
}

// Lines of any number, in bounded memory. What was stored before a body breaks off stays stored.
Result<http::Response> create_streamed(Call& call, const Collection& collection, Telling telling) {
  Ingest ingest(call.engine, collection, call.principal);
  auto read = stream_lines(call, ingest);
  const Intake& intake = ingest.intake();
  call.metrics.count_rows(collection, intake.accepted, intake.rejected);
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
  const bool is_streamed =
      form == BodyForm::kNdjson && !call.request.headers.has("Idempotency-Key");
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
