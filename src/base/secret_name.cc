#include "base/secret_name.h"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

struct Word {
  std::string_view text;
  NameKind kind;
  bool stands_alone = false;  // only as a word of its own: "db_pass", not "bypass"
};

constexpr std::array kWords = {
    Word{"password", NameKind::kSecret},      Word{"passwd", NameKind::kSecret},
    Word{"passwort", NameKind::kSecret},      Word{"pwd", NameKind::kSecret},
    Word{"passphrase", NameKind::kSecret},    Word{"passcode", NameKind::kSecret},
    Word{"pass", NameKind::kSecret, true},    Word{"secret", NameKind::kSecret},
    Word{"apikey", NameKind::kSecret},        Word{"accesskey", NameKind::kSecret},
    Word{"accesskeyid", NameKind::kSecret},   Word{"secretkey", NameKind::kSecret},
    Word{"privatekey", NameKind::kSecret},    Word{"signingkey", NameKind::kSecret},
    Word{"encryptionkey", NameKind::kSecret}, Word{"masterkey", NameKind::kSecret},
    Word{"accountkey", NameKind::kSecret},    Word{"sharedkey", NameKind::kSecret},
    Word{"sessionkey", NameKind::kSecret},    Word{"authkey", NameKind::kSecret},
    Word{"otp", NameKind::kSecret, true},     Word{"totp", NameKind::kSecret, true},
    Word{"cvv", NameKind::kSecret, true},     Word{"cvc", NameKind::kSecret, true},
    Word{"recoverycode", NameKind::kSecret},  Word{"backupcode", NameKind::kSecret},
    Word{"jsessionid", NameKind::kSecret},    Word{"phpsessid", NameKind::kSecret},
    Word{"token", NameKind::kToken},          Word{"jwt", NameKind::kToken, true},
    Word{"cookie", NameKind::kToken, true},   Word{"authorization", NameKind::kToken},
    Word{"credential", NameKind::kToken},     Word{"creds", NameKind::kToken, true},
};

constexpr std::array kParameters = {
    Word{"sig", NameKind::kSecret, true},  Word{"signature", NameKind::kSecret, true},
    Word{"auth", NameKind::kSecret, true}, Word{"sas", NameKind::kSecret, true},
    Word{"pw", NameKind::kSecret, true},
};

// What may follow: "passwordHash", "token_value".
constexpr std::array<std::string_view, 6> kTails = {"hash",  "confirmation", "confirm",
                                                    "again", "value",        "plain"};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A name in lower case without its separators, and where its words begin.
class Plain {
 public:
  explicit Plain(std::string_view name) {
    bool begins = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
        begins = true;
        continue;
      }
      begins = begins || (is_upper(c) && i > 0 && !is_upper(name[i - 1]));
      begins_[size_] = begins;
      text_[size_++] = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
      begins = false;
    }
    while (size_ > 0 && is_digit(text_[size_ - 1])) --size_;
  }

  bool ends_with(const Word& word) const {
    const std::string_view all = text();
    return all.ends_with(word.text) &&
           (!word.stands_alone || begins_[all.size() - word.text.size()]);
  }
  // False, and nothing is cut, when it does not end so.
  bool cut(std::string_view tail) {
    const bool has_tail = text().size() > tail.size() && text().ends_with(tail);
    if (has_tail) size_ -= tail.size();
    return has_tail;
  }

 private:
  std::string_view text() const { return {text_.data(), size_}; }

  std::array<char, kMaxSecretName> text_{};
  std::array<bool, kMaxSecretName> begins_{};
  std::size_t size_ = 0;
};

template <std::size_t size>
NameKind kind_among(const std::array<Word, size>& words, const Plain& name) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const Word& word) { return name.ends_with(word); });
  return found == words.end() ? NameKind::kPlain : found->kind;
}

// The last letter of each word and tail, and the s of a plural.
bool may_end(char c) {
  constexpr std::string_view kEnds = "dtesypvcnlhmrDTESYPVCNLHMRgGwW0123456789";
  return kEnds.find(c) != std::string_view::npos;
}

bool may_be_secret(std::string_view name) {
  return name.size() >= 2 && name.size() <= kMaxSecretName && may_end(name.back());
}

}  // namespace

NameKind kind_of_name(std::string_view name) {
  if (!may_be_secret(name)) return NameKind::kPlain;
  Plain plain(name);
  NameKind kind = kind_among(kWords, plain);
  if (kind != NameKind::kPlain) return kind;
  if (plain.cut("s")) {
    kind = kind_among(kWords, plain);
    return kind == NameKind::kToken ? NameKind::kTokens : kind;
  }
  const bool has_tail = std::any_of(kTails.begin(), kTails.end(),
                                    [&](std::string_view tail) { return plain.cut(tail); });
  return has_tail ? kind_among(kWords, plain) : NameKind::kPlain;
}

NameKind kind_of_parameter(std::string_view name) {
  const NameKind kind = kind_of_name(name);
  if (kind != NameKind::kPlain || !may_be_secret(name)) return kind;
  return kind_among(kParameters, Plain(name));
}

}  // namespace daybook
