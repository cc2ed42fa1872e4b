#include "catalog/secret.h"

#include <utility>

#include "base/bug.h"
#include "base/hash.h"
#include "base/text.h"

namespace daybook {

std::string secret_place(const Collection& collection, const Field& field) {
  return collection.full_name() + "." + field.name;
}

Result<Value> seal_secret(const Collection& collection, const Field& field, std::string_view plain,
                          const Stamp& stamp) {
  switch (field.secret) {
    case SecretForm::kArgon2id: {
      DAYBOOK_ASSIGN(std::string hash, hash_password(plain));
      return Value(std::move(hash));
    }
    case SecretForm::kSha256: {
      const Sha256 digest = sha256(plain);
      return Value(
          hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())));
    }
    case SecretForm::kEncrypted:
      if (stamp.data_key == nullptr) {
        return Error(Code::kUnsupported, "cannot be encrypted: this server has no data key");
      }
      return Value(stamp.data_key->encrypt(plain, secret_place(collection, field)));
    case SecretForm::kNone:
      break;
  }
  bug("a secret of no form");
}

}  // namespace daybook
