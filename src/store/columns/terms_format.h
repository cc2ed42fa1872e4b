// What the writer and the reader of terms share; the format stands at the head of terms.cc.
// Internal of terms.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/columns/bytes.h"

namespace daybook::columns {

constexpr std::uint8_t kTermsVersion = 1;
// To be raised when Analyser makes other words of the same text: older terms are then not used.
constexpr std::uint8_t kAnalysis = 1;
constexpr std::size_t kHeadSize = 5;

// Texts in order, by what each shares with the one before.
class FrontCoder {
 public:
  void put(std::string& out, std::string_view text) {
    const auto [end, ignored] = std::mismatch(last_.begin(), last_.end(), text.begin(), text.end());
    const auto shared = static_cast<std::size_t>(end - last_.begin());
    put_varint(out, shared);
    put_text(out, text.substr(shared));
    last_ = text;
  }
  const std::string& take(ByteReader& in) {
    const std::uint64_t shared = in.varint();
    const std::string_view rest = in.text();
    if (shared > last_.size()) in.fail();
    last_.resize(in.ok() ? shared : 0);
    last_ += rest;
    return last_;
  }

 private:
  std::string last_;
};

}  // namespace daybook::columns
