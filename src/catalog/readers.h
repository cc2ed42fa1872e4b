// The readers of declarations: TOML -> Application, Collection, Field, ... Each tells its mistakes
// and goes on, so what it returns is whole only when there were none. Private to this folder; one
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/application.h"
#include "catalog/catalog.h"
#include "catalog/table_reader.h"

namespace daybook {

// --- read_field.cc
Field read_field(const std::string& name, TableReader& table);
// A TOML value as a value of the field; nothing when it does not fit, which is told under `key`.
std::optional<Value> read_literal(const Field& field, const Toml& value, TableReader& table,
                                  std::string_view key);

// --- read_collection.cc: what a file says of itself. `application` has its settings and roles.
Collection read_collection(const std::string& name, TableReader& file,
                           const Application& application);

// --- The parts of a collection; its fields are there.
void read_keep(TableReader& file, const Application& application, Collection& collection);
void read_indexes(TableReader& file, Collection& collection);
void read_text_index(TableReader& file, Collection& collection);
void read_changes(TableReader& file, Collection& collection);
void read_pairs(TableReader& file, Collection& collection);
void read_rollups(TableReader& file, Collection& collection);
void read_filter(TableReader& file, Collection& collection);
void read_stream(TableReader& file, Collection& collection);
void read_group(TableReader& file, Collection& collection);
void read_upload(TableReader& file, Collection& collection);
void read_jobs(TableReader& file, Collection& collection);
void read_identity(TableReader& file, Collection& collection);
void read_holds(TableReader& file, Collection& collection);
void read_allow(TableReader& file, const Application& application, Collection& collection);
void read_demo(TableReader& file, Collection& collection);

// --- read_application.cc
// about, database, tag, roles and settings: what collections refer to.
void read_application_head(TableReader& file, const SettingSource& settings,
                           Application& application);
// The rest, when all collections are there.
void read_application_rest(TableReader& file, Application& application);
void read_routes(TableReader& file, Application& application);
void read_recipes(TableReader& file, Application& application);
void read_panels(TableReader& file, Application& application);
void read_alerts(TableReader& file, Application& application);

// --- read_answer.cc, read_window.cc
void read_answer(TableReader& route_table, const Application& application, Route& route);
// kNone when the key is absent.
WindowRule read_window(TableReader& table, std::string_view key);
// "-total", or a list of such; their names are checked by who knows them.
std::vector<OrderKey> read_order(TableReader& table);
std::optional<LimitRule> read_limit(TableReader& table);
std::vector<Parameter> read_parameters(TableReader& table);
// The collection that a key names.
const Collection* read_collection_name(TableReader& table, const Application& application,
                                       std::string_view key);
// The conditions under `where`, checked.
std::vector<Expression> read_where(TableReader& table, const Collection* collection,
                                   const std::vector<std::string>& parameters);
// Names that a route's expressions may take as parameters.
std::vector<std::string> parameter_names(const Route& route);

// --- check_catalog.cc: what only shows when everything was read.
// Rows that refer to other collections, in references and in rights.
void check_references(const Application& application, Mistakes& mistakes);
// What is Daybook's own: at most one collection for each.
void check_holds(const std::map<std::string, Application, std::less<>>& applications,
                 Mistakes& mistakes);
// The roles of routes, and where refresh tokens go.
void check_rights(const Application& application, Mistakes& mistakes);
// Routes of all applications against each other and against the built-in ones.
void check_routes(const std::map<std::string, Application, std::less<>>& applications,
                  Mistakes& mistakes);

// --- field_reference.cc: names of fields in declarations.
// "names 'x', which is no field of shop/orders; did you mean 'y'?"
std::string unknown_field(const Collection& collection, std::string_view name);
std::optional<std::size_t> field_named(const Collection& collection, const std::string& name,
                                       TableReader& table, std::string_view key);
std::optional<std::size_t> read_field_name(const Collection& collection, TableReader& table,
                                           std::string_view key);
std::vector<std::size_t> read_field_names(const Collection& collection, TableReader& table,
                                          std::string_view key);
// Whether rows always hold a value in the field.
bool is_never_null(const Field& field);

}  // namespace daybook
