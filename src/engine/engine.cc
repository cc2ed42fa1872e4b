#include "engine/engine.h"

#include "base/hash.h"

namespace daybook {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kPseudonymDigits = 20;

// A page's burst, then two a second.
constexpr Throttle::Rate kPublishableRate = {60, std::chrono::milliseconds(500)};

std::string random_secret() {
  std::string bytes(kSecretBytes, '\0');
  random_bytes(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

Engine::Engine(const Catalog& catalog, Store& store, const Clock& clock, const DataKey* data_key)
    : catalog_(catalog),
      store_(store),
      clock_(clock),
      data_key_(data_key),
      secret_(data_key == nullptr ? random_secret() : data_key->text()),
      setup_link_(clock.now()),
      own_(catalog),
      credentials_(own_, store),
      sign_in_throttle_(secret_),
      publishable_throttle_(kPublishableRate),
      quotas_(own_, store) {}

std::string Engine::pseudonym(std::string_view application, std::string_view text) const {
  const std::string place = std::string(application) + "\n";
  return "p_" + hex(keyed_hash(secret_, place + std::string(text))).substr(0, kPseudonymDigits);
}

}  // namespace daybook
