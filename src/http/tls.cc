#include "http/tls.h"

#include <boost/system/error_code.hpp>

namespace daybook::http {

namespace {

namespace ssl = boost::asio::ssl;

Error cannot_use(const std::string& file, const boost::system::error_code& error) {
  return {Code::kInvalid, "cannot use " + file + " for TLS: " + error.message()};
}

}  // namespace

Result<TlsContext> load_tls(const std::string& certificate, const std::string& key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                       error);
  if (error) return cannot_use("this library", error);
  context->use_certificate_chain_file(certificate, error);
  if (error) return cannot_use(certificate, error);
  context->use_private_key_file(key, ssl::context::pem, error);
  if (error) return cannot_use(key, error);
  return context;
}

}  // namespace daybook::http
