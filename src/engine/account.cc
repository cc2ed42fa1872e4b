#include "engine/account.h"

namespace daybook {

namespace {

std::string text_of(const Row& row, std::optional<std::size_t> field) {
  if (!field) return {};
  const auto* text = row.values[*field].get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

}  // namespace

bool is_active(const Collection& accounts, const Row& row) {
  const auto& active = accounts.declared.identity->active;
  if (!active) return true;
  const bool* is = row.values[*active].get_if<bool>();
  return is == nullptr || *is;
}

Principal principal_of(const Own& own, const Collection& accounts, const Row& row) {
  const Identity& identity = *accounts.declared.identity;
  Principal principal;
  principal.kind = Principal::Kind::kUser;
  principal.id = row.id;
  if (own.application == nullptr || accounts.application != own.application->name) {
    principal.application = accounts.application;
  }
  principal.role = text_of(row, identity.role);
  principal.tenant = text_of(row, identity.tenant);
  return principal;
}

const Field& login_field(const Collection& accounts) {
  return accounts.fields[accounts.declared.identity->login];
}

std::string login_of(const Collection& accounts, const Row& row) {
  return text_of(row, accounts.declared.identity->login);
}

}  // namespace daybook
