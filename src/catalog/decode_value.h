// One JSON value -> Value of a declared field: what decode.cc does to every member. Private to this
// folder. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "catalog/field.h"

namespace daybook {

// Why a value is not taken.
struct Refusal {
  std::string at;      // below the value, as a JSON Pointer: "" or "/speed"
  std::string phrase;  // follows the field's name: "must be a number, not a string"
};

// Writes the value to `out`, or adds to `refusals` and says false. `depth` is that of the value: a
// member of the row has 2. Not for secrets and nulls.
bool decode_into(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals);

// --- decode_number.cc; the numbers of text come from query parameters, cells, and clients whose
// own numbers are doubles.
bool decode_int(const Field& field, const json::Value& value, Value& out,
                std::vector<Refusal>& refusals);
bool decode_float(const Field& field, const json::Value& value, Value& out,
                  std::vector<Refusal>& refusals);
bool decode_whole_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals);
bool decode_float_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals);
bool is_within(const Field& field, double number);
// "between 100 and 599", "at least 1", "at most 5".
std::string range_text(const Field& field);
// Without a fraction when it is whole.
std::string number_text(double number);

// --- decode_nested.cc
bool decode_list(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals);
bool decode_map(const Field& field, const json::Value& value, std::size_t depth, Value& out,
                std::vector<Refusal>& refusals);
bool decode_json(const json::Value& value, std::size_t depth, Value& out,
                 std::vector<Refusal>& refusals);
// Whether all of a JSON value of any shape can be kept at this depth; else adds why not.
bool check_tree(const json::Value& value, std::size_t depth, std::vector<Refusal>& refusals);

// --- decode_value.cc
// The same as decode_into() for a text that needs no reading: length, format, folding.
bool decode_plain_text(const Field& field, std::string_view text, Value& out,
                       std::vector<Refusal>& refusals);

// Both add a refusal and say false.
bool refuse(std::vector<Refusal>& refusals, std::string phrase);
bool refuse_kind(std::vector<Refusal>& refusals, std::string_view wanted, json::Kind kind);

// "/" and the key, escaped (RFC 6901) and as it stands in a URI fragment; of a very long one its
// beginning.
std::string pointer_part(std::string_view key);

// "a string", "an object", ...
std::string_view kind_name(json::Kind kind);

// A text as it is shown in a message: quoted and shortened.
std::string shown(std::string_view text);

}  // namespace daybook
