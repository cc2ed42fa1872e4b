// The server's own pages: one look, no scripts, nothing from elsewhere, and a policy that says so.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace daybook::api {

std::string escape_html(std::string_view text);

// Where the forms of a page may lead.
enum class Forms { kNone, kOwn };
// A whole page; `main` is HTML, the title a text.
http::Response html_page(int status, std::string_view title, std::string_view main,
                         Forms forms = Forms::kNone);

}  // namespace daybook::api
