// What each route takes and answers, in the names of pages/components.json; for those who read
// about it (/docs, /openapi.json). @row and its like stand for what a collection makes of them:
//   @row    a row as it is sent         @told    a row as it is told
//   @rows   one, several, or lines      @page    a page of them, NDJSON or CSV
//   @form   what a page of ours sends
//   @batch  rows of several collections @hits    rows found by their text
//   @answer what a declared answer says @fields  each field as a filter
#pragma once

#include <string_view>

#include "api/routes.h"

namespace daybook::api {

struct RouteForm {
  std::string_view words;   // of its query string and headers, by blanks
  std::string_view body;    // of JSON; none: none
  std::string_view answer;  // or a media type of text
  int status = 200;
};

RouteForm form_of(const RouteRow& row);
RouteForm form_of(Route::Action action);

}  // namespace daybook::api
