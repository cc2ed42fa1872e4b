#include <algorithm>
#include <array>

#include "base/mask_spans.h"
#include "base/text.h"

namespace daybook::mask {
namespace {

// Runs of token characters that are shorter hold no token.
constexpr std::size_t kShortestRun = 12;

// What tokens of well-known makers begin with, and how long they are at least.
struct Maker {
  std::string_view prefix;
  std::size_t least;
};
constexpr std::array kMakers = {
    Maker{"AKIA", 20},     Maker{"ASIA", 20},     Maker{"AIza", 35},     Maker{"SG.", 40},
    Maker{"dbk_", 20},     Maker{"dop_v1_", 40},  Maker{"ghp_", 30},     Maker{"gho_", 30},
    Maker{"ghu_", 30},     Maker{"ghs_", 30},     Maker{"ghr_", 30},     Maker{"github_pat_", 30},
    Maker{"glpat-", 20},   Maker{"hf_", 30},      Maker{"npm_", 36},     Maker{"pypi-", 40},
    Maker{"rk_live_", 20}, Maker{"rk_test_", 20}, Maker{"sk_live_", 20}, Maker{"sk_test_", 20},
    Maker{"sk-", 24},      Maker{"whsec_", 24},   Maker{"xoxa-", 20},    Maker{"xoxb-", 20},
    Maker{"xoxp-", 20},    Maker{"xoxr-", 20},    Maker{"xoxs-", 20},    Maker{"ya29.", 30},
};

bool begins_some_token(char c) {
  constexpr std::string_view kFirst = "eASdghnprswxy";
  return kFirst.find(c) != std::string_view::npos;
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Three parts of base64url, the first of which is a JSON object.
bool is_jwt(std::string_view text) {
  constexpr std::size_t kShortestPart = 10;
  if (!text.starts_with("eyJ")) return false;
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && dot >= kShortestPart && text.size() - dot > kShortestPart;
}

bool is_token(std::string_view text) {
  if (is_jwt(text)) return true;
  return std::any_of(kMakers.begin(), kMakers.end(), [&](const Maker& maker) {
    return text.starts_with(maker.prefix) && text.size() >= maker.least &&
           has_digit(text.substr(maker.prefix.size()));
  });
}

// "user:password" in base64.
bool is_basic(std::string_view text) {
  std::string plain(text.substr(0, text.find('=')));
  std::replace(plain.begin(), plain.end(), '+', '-');
  std::replace(plain.begin(), plain.end(), '/', '_');
  const auto bytes = parse_base64url(plain);
  return bytes && bytes->find(':') != std::string::npos && find_invalid_utf8(*bytes) == bytes->npos;
}

bool follows(std::string_view text, std::size_t at, std::string_view word) {
  return at >= word.size() && starts_with_word(text.substr(at - word.size()), word);
}

std::size_t end_of_base64(std::string_view text, std::size_t at) {
  const auto is_part = [](char c) { return is_token_char(c) || c == '+' || c == '/' || c == '='; };
  while (at < text.size() && is_part(text[at])) ++at;
  return at;
}

void find_in_run(std::string_view text, Span run, Spans& spans) {
  for (std::size_t at = run.begin; at + kShortestRun <= run.end; ++at) {
    if (!begins_some_token(text[at]) || (at > run.begin && is_alnum(text[at - 1]))) continue;
    if (!is_token(text.substr(at, run.end - at))) continue;
    spans.push_back({at, run.end});
    return;
  }
}

void find_private_keys(std::string_view text, Spans& spans) {
  constexpr std::string_view kBegin = "-----BEGIN ", kKind = "PRIVATE KEY", kEnd = "-----END ";
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at + 1)) {
    const std::size_t head = text.find("-----", at + kBegin.size());
    if (head == text.npos) return;
    if (text.substr(at, head - at).find(kKind) == text.npos) continue;
    spans.push_back({head + 5, std::min(text.find(kEnd, head), text.size())});
  }
}

}  // namespace

bool looks_generated(std::string_view text) {
  constexpr std::size_t kShortest = 16;
  const auto is_letter = [](char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); };
  return text.size() >= kShortest && has_digit(text) &&
         std::any_of(text.begin(), text.end(), is_letter);
}

void find_credentials(std::string_view text, std::size_t at, Spans& spans) {
  const std::size_t end = end_of_base64(text, at);
  const std::string_view whole = text.substr(at, end - at);
  const bool is_bearer = follows(text, at, "bearer ") && looks_generated(whole);
  if (is_bearer || (follows(text, at, "basic ") && is_basic(whole))) spans.push_back({at, end});
}

// Every run of the least length has a character at one of the places that are looked at.
void find_tokens(std::string_view text, Spans& spans) {
  if (text.size() < kShortestRun) return;
  std::size_t at = kShortestRun - 1;
  while (at < text.size()) {
    if (!is_token_char(text[at])) {
      at += kShortestRun;
      continue;
    }
    Span run{at, at + 1};
    while (run.begin > 0 && is_token_char(text[run.begin - 1])) --run.begin;
    while (run.end < text.size() && is_token_char(text[run.end])) ++run.end;
    if (run.end - run.begin >= kShortestRun) find_in_run(text, run, spans);
    at = run.end + kShortestRun;
  }
  constexpr std::size_t kShortestKey = 28;
  if (text.size() >= kShortestKey) find_private_keys(text, spans);
}

}  // namespace daybook::mask
