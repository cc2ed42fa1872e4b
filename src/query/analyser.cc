#include "query/analyser.h"

#include <libstemmer.h>
#include <utf8proc.h>

#include <cstdlib>

#include "base/text.h"
#include "query/word_cut.h"

namespace daybook {
namespace {

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string fold_unicode(std::string_view word) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(
      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  utf8proc_uint8_t* folded = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                                 static_cast<utf8proc_ssize_t>(word.size()), &folded, kOptions);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(folded, &std::free);
  if (size < 0) return ascii_lower(word);
  return replaced({reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size)}, "\u2019",
                  "'");
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

struct Analyser::State {
  std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
};

bool Analyser::knows(std::string_view language) {
  if (language == "none") return true;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) {
    if (language == *name) return true;
  }
  return false;
}

Analyser::Analyser(std::string_view language) : state_(std::make_unique<State>()) {
  state_->stemmer.reset(sb_stemmer_new(std::string(language).c_str(), "UTF_8"));
}

Analyser::~Analyser() = default;
Analyser::Analyser(Analyser&&) noexcept = default;
Analyser& Analyser::operator=(Analyser&&) noexcept = default;

std::string Analyser::fold(std::string_view word) const {
  std::string folded = is_ascii(word) ? ascii_lower(word) : fold_unicode(word);
  if (folded.size() > kMaxWordBytes) folded.resize(utf8_prefix(folded, kMaxWordBytes).size());
  return folded;
}

std::string Analyser::stem(std::string_view folded) const {
  if (state_->stemmer == nullptr) return std::string(folded);
  const sb_symbol* stem =
      sb_stemmer_stem(state_->stemmer.get(), reinterpret_cast<const sb_symbol*>(folded.data()),
                      static_cast<int>(folded.size()));
  if (stem == nullptr) return std::string(folded);
  const auto size = static_cast<std::size_t>(sb_stemmer_length(state_->stemmer.get()));
  return {reinterpret_cast<const char*>(stem), size};
}

std::string Analyser::word(std::string_view spelling) const { return stem(fold(spelling)); }

std::vector<Token> Analyser::analyse(std::string_view text) const {
  std::vector<Token> tokens;
  for (auto range = next_word(text, 0); range; range = next_word(text, range->end)) {
    std::string word = this->word(text.substr(range->begin, range->end - range->begin));
    if (!word.empty()) tokens.push_back({std::move(word), range->begin, range->end});
  }
  return tokens;
}

std::string searched_text(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  std::string lines;
  const List* list = value.get_if<List>();
  if (list == nullptr) return lines;
  for (const Value& element : *list) {
    if (const auto* text = element.get_if<std::string>()) lines += *text + "\n";
  }
  return lines;
}

}  // namespace daybook
