// The chunked transfer coding (RFC 9112, section 7.1), as it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::http {

// One thread at a time.
class ChunkedDecoder {
 public:
  // Takes what it can off the front of `in` and appends what that carries to `out`; half a line
  // stays in `in` and has to be given again with more behind it. Extensions and trailers are
  // dropped. kMalformed when it is not the coding, or when these are longer than anybody needs.
  Result<void> decode(std::string_view& in, std::string& out);

  bool is_done() const { return state_ == State::kDone; }

 private:
  enum class State { kSize, kBytes, kBytesEnd, kTrailer, kDone };

  Result<bool> step(std::string_view& in, std::string& out);
  Result<void> begin_chunk(std::string_view line);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t trailer_bytes_ = 0;
};

}  // namespace daybook::http
