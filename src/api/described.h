// The routes that somebody may call, with the names of the catalog filled in: what /docs and
// /openapi.json tell. Nobody is told what nobody may call. Values; the catalog must outlive them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/route_forms.h"
#include "catalog/catalog.h"
#include "engine/principal.h"

namespace daybook::api {

struct DescribedRoute {
  std::string method, path;
  std::string_view about;
  const Application* application = nullptr;  // none: the server's own
  const Collection* collection = nullptr;    // of generic routes, and what a declared one is about
  const Route* declared = nullptr;
  std::vector<const Collection*> changeable;  // of a batch: what may stand in it
  bool is_public = false;
  Offers offers = Offers::kJson;
  RouteForm form;

  // The names in its path.
  std::vector<std::string> path_names() const;
  // The words that it takes, without what its collection has no sense for, and without @fields;
  // names of components.json.
  std::vector<std::string> words() const;
  // The fields that it takes as filters.
  std::vector<std::string> filters() const;
  // Parameters of its own, of the query string.
  std::vector<const Parameter*> own_words() const;
};

std::vector<DescribedRoute> describe_routes(const Catalog& catalog, const Principal& principal);

}  // namespace daybook::api
