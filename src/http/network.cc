#include "http/network.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace daybook::http {

namespace {

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && bits <= most ? std::optional(bits) : std::nullopt;
}

Error no_network(std::string_view text) {
  return {Code::kInvalid, "'" + std::string(text) +
                              "' is no address and no network, such as 10.0.0.0/8 or fd00::/8"};
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto bytes = parse_address(address);
  if (!bytes) return no_network(text);
  Network network;
  network.bytes_ = *bytes;
  network.bits_ = kAddressBits;
  if (slash == std::string_view::npos) return network;
  const bool is_dotted = address.find(':') == std::string_view::npos;
  const unsigned before = is_dotted ? kMappedBits : 0;
  const auto bits = parse_bits(text.substr(slash + 1), kAddressBits - before);
  if (!bits) return no_network(text);
  network.bits_ = before + *bits;
  if (address_prefix(*bytes, network.bits_) == *bytes) return network;
  return Error(Code::kInvalid,
               "'" + std::string(text) + "' has bits beyond its prefix; is one address meant?");
}

std::string address_in(std::string_view text) {
  std::string_view address = text;
  const bool is_bracketed = text.starts_with('[') && text.find(']') != std::string_view::npos;
  if (is_bracketed) {
    address = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    address = text.substr(0, text.find(':'));
  }
  const auto parsed = parse_address(address.substr(0, address.find('%')));
  return parsed ? address_text(*parsed) : std::string();
}

bool is_loopback(std::string_view address) {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  return is_ipv4(*bytes) ? (*bytes)[12] == 127 : bytes == parse_address("::1");
}

bool Network::holds(std::string_view address) const {
  const auto bytes = parse_address(address);
  return bytes && address_prefix(*bytes, bits_) == bytes_;
}

}  // namespace daybook::http
