// The parts of an OpenAPI document that come from the catalog. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/described.h"
#include "base/json.h"

namespace daybook::api {

// {"$ref":"#/components/<kind>/<name>"}
void refer(std::string_view kind, std::string_view name, json::Writer& out);

// A schema of a RouteForm; the collections whose rows it refers to are in collections_in().
void write_schema(const DescribedRoute& route, std::string_view name, json::Writer& out);
std::vector<const Collection*> collections_in(const DescribedRoute& route, std::string_view name);
// The members of "schemas" that a collection makes: its rows as they are sent and told.
void write_row_schemas(const Collection& collection, json::Writer& out);

void write_path_name(const std::string& name, json::Writer& out);
void write_own_word(const Parameter& parameter, json::Writer& out);
// hours and days, where the route bounds them.
bool is_bounded(const DescribedRoute& route, std::string_view word);
void write_bounded(const DescribedRoute& route, std::string_view word, json::Writer& out);
// The component that stands for a field as a filter, and what it says.
std::string filter_key(const Collection& collection, std::string_view field);
void write_filter(std::string_view field, json::Writer& out);

}  // namespace daybook::api
