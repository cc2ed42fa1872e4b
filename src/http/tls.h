// TLS for the server's sockets (OpenSSL). What a certificate and its key make can be replaced while
// connections that began with an older one go on.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/result.h"

namespace daybook::http {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// From files in PEM: the chain of certificates, the server's own first, and its private key.
// TLS 1.2 and 1.3. kInvalid names the file.
Result<TlsContext> load_tls(const std::string& certificate, const std::string& key);

}  // namespace daybook::http
