// What is declared, as JSON.
#include "catalog/catalog.h"

#include "api/endpoints.h"
#include "api/respond.h"
#include "engine/inspect.h"

namespace daybook::api {

Result<http::Response> read_catalog(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  return json_response(200, catalog_json(call.engine.catalog()));
}

Result<http::Response> read_stored_catalog(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(std::string stored, stored_catalog(call.engine));
  return json_response(200, stored.empty() ? "{}" : std::move(stored));
}

Result<http::Response> read_application(Call& call) {
  DAYBOOK_TRY(words_of(call).finish());
  DAYBOOK_ASSIGN(const Application* application, application_of(call));
  json::Parser parser;
  const std::string all = catalog_json(call.engine.catalog());
  DAYBOOK_ASSIGN(const json::Value catalog, parser.parse(all));
  std::string body;
  catalog.find("applications")->find(application->name)->write(body);
  return json_response(200, std::move(body));
}

Result<http::Response> read_collection(Call& call) {
  DAYBOOK_ASSIGN(const Collection* collection, collection_of(call));
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
