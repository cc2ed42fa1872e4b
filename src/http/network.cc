#include "http/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/text.h"

namespace daybook::http {

namespace {

using Bytes = std::array<unsigned char, 16>;

constexpr std::size_t kLongest = 45;  // characters of an address
constexpr unsigned kBits = 128;
constexpr unsigned kMappedBits = 96;  // before an IPv4 address

bool is_v4(std::string_view text) { return text.find(':') == std::string_view::npos; }

std::optional<Bytes> parse_address(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const std::string terminated(text);
  Bytes bytes{};
  if (!is_v4(text)) {
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
  }
  bytes[10] = bytes[11] = 0xff;
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  return bytes;
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && bits <= most ? std::optional(bits) : std::nullopt;
}

Bytes prefix_of(Bytes bytes, unsigned bits) {
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = std::clamp<unsigned>(bits > 8 * i ? bits - 8 * i : 0, 0, 8);
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xff00U >> kept));
  }
  return bytes;
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
  network.bits_ = kBits;
  if (slash == std::string_view::npos) return network;
  const unsigned before = is_v4(address) ? kMappedBits : 0;
  const auto bits = parse_bits(text.substr(slash + 1), kBits - before);
  if (!bits) return no_network(text);
  network.bits_ = before + *bits;
  if (prefix_of(*bytes, network.bits_) == *bytes) return network;
  return Error(Code::kInvalid,
               "'" + std::string(text) + "' has bits beyond its prefix; is one address meant?");
}

std::string_view address_in(std::string_view text) {
  std::string_view address = text;
  const bool is_bracketed = text.starts_with('[') && text.find(']') != std::string_view::npos;
  if (is_bracketed) {
    address = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    address = text.substr(0, text.find(':'));
  }
  return parse_address(address) ? address : std::string_view();
}

bool Network::holds(std::string_view address) const {
  const auto bytes = parse_address(address);
  return bytes && prefix_of(*bytes, bits_) == bytes_;
}

}  // namespace daybook::http
