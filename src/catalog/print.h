// The parts of a declaration as JSON, in the shape of the TOML. Private to this folder.
#pragma once

#include "base/json.h"
#include "catalog/application.h"

namespace daybook {

void print_field(const Field& field, const Collection& collection, json::Writer& out);
void print_collection(const Collection& collection, json::Writer& out);
void print_declared(const Collection& collection, json::Writer& out);
void print_routes(const Application& application, json::Writer& out);
void print_recipes(const Application& application, json::Writer& out);

// --- Members that many parts have; what is empty or as usual is left out.
void print_text(std::string_view key, std::string_view text, json::Writer& out);
void print_texts(std::string_view key, const std::vector<std::string>& texts, json::Writer& out);
void print_flag(std::string_view key, bool flag, json::Writer& out);
void print_names(std::string_view key, const std::vector<std::size_t>& fields,
                 const Collection& collection, json::Writer& out);
void print_expressions(std::string_view key, const std::vector<Expression>& expressions,
                       json::Writer& out);
void print_parameters(const std::vector<Parameter>& parameters, json::Writer& out);
// A number, without a fraction when it is whole.
void print_number(std::string_view key, double number, json::Writer& out);

}  // namespace daybook
