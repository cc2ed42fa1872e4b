#include "api/html.h"

#include "api/pages.h"
#include "base/hash.h"
#include "base/text.h"

namespace daybook::api {
namespace {

// The style stands in the page; by its hash the policy lets in this one and no other.
std::string policy_of(std::string_view style, Forms forms) {
  const Sha256 hash = sha256(style);
  std::string text = base64url({reinterpret_cast<const char*>(hash.data()), hash.size()});
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const std::string own = forms == Forms::kOwn ? "'self'" : "'none'";
  return "default-src 'none'; style-src 'sha256-" + text + "='; base-uri 'none'; form-action " +
         own + "; frame-ancestors 'none'";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

http::Response html_page(int status, std::string_view title, std::string_view main, Forms forms) {
  const std::string_view style = page_file("style.css");
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Content-Security-Policy", policy_of(style, forms));
  // Forms that come without an origin are refused; the address of their page stays with us.
  if (forms == Forms::kOwn) response.headers.add("Referrer-Policy", "same-origin");
  response.body =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>" +
      escape_html(title) + "</title>\n<style>";
  response.body.append(style).append("</style>\n</head>\n<body>\n<main>\n");
  response.body.append(main).append("</main>\n</body>\n</html>\n");
  return response;
}

}  // namespace daybook::api
