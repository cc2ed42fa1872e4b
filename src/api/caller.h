// Who sends a request, and under which id it is known: from the connection, the headers and what
// the engine knows of keys and sessions.
#pragma once

#include <string>
#include <string_view>

#include "api/api.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/principal.h"
#include "http/message.h"

namespace daybook::api {

// The name of the cookie that a session may be kept in.
inline constexpr std::string_view kSessionCookie = "daybook_session";

// The principal of a request:
// - over the socket in the data directory, and inside the process: the machine's own operator;
// - with `Authorization: Bearer`: whoever the key or access token stands for;
// - with a session's cookie: who signed in, when the page that sends it is one of ours (see
//   check_page());
// - with a publishable key as ?key=, which is taken out of the query: that key;
// - without any: nobody; as long as nobody can sign in, the operator, from this machine only, not
//   through a proxy, and when Host and Origin are the machine's own names (DNS rebinding).
// kUnauthorized or kForbidden otherwise.
Result<Principal> principal_of(http::Request& request, Engine& engine, const Options& options);

// Nobody, from where the request comes.
Principal nobody_of(const http::Request& request, const Options& options);

// The publishable key of the application that the page of a request acts as, when it has brought
// nothing itself; nobody when there is none.
Result<Principal> publishable_of(const http::Request& request, Engine& engine,
                                 const Options& options, std::string_view application);

// The client's address, written as http::address_in() does, and whether it speaks TLS; what a proxy
// says of that counts only when it is a trusted one.
struct Client {
  std::string address;
  bool is_encrypted = false;
};
Client client_of(const http::Request& request, const Options& options);

// Whether an origin ("https://shop.example") is the server's own, by the name and the scheme that
// the request came to, or one that settings allow.
bool is_own_origin(std::string_view origin, const http::Request& request, const Options& options);

// X-Request-Id when it is sound, else the trace id of a valid traceparent (W3C Trace Context), else
// a new one.
std::string request_id(const http::Headers& headers);

}  // namespace daybook::api
