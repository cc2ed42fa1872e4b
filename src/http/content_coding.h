// Compression of bodies by Content-Encoding and Accept-Encoding (RFC 9110, RFC 8878).
#pragma once

#include <memory>
#include <string_view>

#include "http/message.h"

namespace daybook::http {

// A body that unpacks what `packed` gives. Reading fails with kMediaType for a coding that is not
// known here, with kMalformed for a stream that is broken or cut off.
std::unique_ptr<Body> unpacked(std::unique_ptr<Body> packed, std::string_view content_encoding);

// Packs the response's body when the client takes that and it pays. A strong ETag stands for exact
// bytes, so a response that has one stays as it is.
void pack(Response& response, std::string_view accept_encoding);

}  // namespace daybook::http
