// What is declared, as JSON.
#include "catalog/catalog.h"

#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/inspect.h"

namespace daybook::api {

namespace {

std::string application_json(const Catalog& catalog, const std::string& name) {
  json::Parser parser;
  const std::string all = catalog_json(catalog);
  const auto value = parser.parse(all);
  std::string body;
  value->find("applications")->find(name)->write(body);
  return body;
}

// What an application declares is for those who belong to it.
Result<void> check_reach(const Call& call, const std::string& application) {
  if (belongs_to(call.principal, application)) return {};
  return Error(Code::kForbidden, "the declarations of " + application + " are not yours to see");
}

}  // namespace

Result<http::Response> read_catalog(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  const Catalog& catalog = call.engine.catalog();
  const std::string& only = call.principal.application;
  if (only.empty()) return json_response(200, catalog_json(catalog));
  return json_response(200, "{\"applications\":{" + json::quote(only) + ":" +
                                application_json(catalog, only) + "}}");
}

Result<http::Response> read_stored_catalog(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(std::string stored, stored_catalog(call.engine));
  return json_response(200, stored.empty() ? "{}" : std::move(stored));
}

Result<http::Response> read_application(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const Application* application, application_of(call));
  DAYBOOK_TRY(check_reach(call, application->name));
  return json_response(200, application_json(call.engine.catalog(), application->name));
}

Result<http::Response> read_collection(Call& call) {
  DAYBOOK_TRY(check_reach(call, call.parameters[0]));
  DAYBOOK_ASSIGN(const Collection* collection,
                 call.engine.catalog().collection(call.parameters[0], call.parameters[1]));
  Words words = words_of(call);
  const auto as = words.take("as");
  DAYBOOK_TRY(words.finish());
  if (!as || *as == "catalog") return json_response(200, collection_json(*collection));
  if (*as != "json-schema") {
    return Error(Code::kInvalid, "as must be catalog or json-schema, not '" + *as + "'");
  }
  http::Response response = json_response(200, json_schema(*collection));
  response.headers.set("Content-Type", "application/schema+json");
  return response;
}

}  // namespace daybook::api
