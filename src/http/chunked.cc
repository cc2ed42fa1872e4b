#include "http/chunked.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace daybook::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxSizeLine = 1024;
constexpr std::size_t kMaxTrailer = 8 * 1024;

Error broken(const char* what) {
  return {Code::kMalformed, std::string("the body's framing is broken: ") + what};
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

// Takes a line off the front, without its end; nothing while that has not come.
Result<std::optional<std::string_view>> take_line(std::string_view& in, std::size_t limit) {
  const std::size_t end = in.substr(0, limit + kLineEnd.size()).find(kLineEnd);
  if (end == std::string_view::npos) {
    if (in.size() > limit) return broken("a line is too long");
    return std::optional<std::string_view>();
  }
  const std::string_view line = in.substr(0, end);
  // A line break that is not one to everybody would let two readers see different chunks.
  if (std::any_of(line.begin(), line.end(), is_control))
    return broken("a line has a control character");
  in.remove_prefix(end + kLineEnd.size());
  return std::optional(line);
}

}  // namespace

Result<void> ChunkedDecoder::decode(std::string_view& in, std::string& out) {
  bool goes_on = true;
  while (goes_on) {
    DAYBOOK_ASSIGN(goes_on, step(in, out));
  }
  return {};
}

// Says whether there may be something left to do with what has come.
Result<bool> ChunkedDecoder::step(std::string_view& in, std::string& out) {
  switch (state_) {
    case State::kSize: {
      DAYBOOK_ASSIGN(const auto line, take_line(in, kMaxSizeLine));
      if (!line) return false;
      DAYBOOK_TRY(begin_chunk(*line));
      return true;
    }
    case State::kBytes: {
      const std::string_view bytes = in.substr(0, left_);
      out.append(bytes);
      in.remove_prefix(bytes.size());
      left_ -= bytes.size();
      if (left_ == 0) state_ = State::kBytesEnd;
      return left_ == 0;
    }
    case State::kBytesEnd: {
      if (in.size() < kLineEnd.size()) return false;
      if (!in.starts_with(kLineEnd)) return broken("a chunk is longer than its size");
      in.remove_prefix(kLineEnd.size());
      state_ = State::kSize;
      return true;
    }
    case State::kTrailer: {
      DAYBOOK_ASSIGN(const auto line, take_line(in, kMaxTrailer - trailer_bytes_));
      if (!line) return false;
      trailer_bytes_ = std::min(kMaxTrailer, trailer_bytes_ + line->size() + kLineEnd.size());
      if (line->empty()) state_ = State::kDone;
      return true;
    }
    case State::kDone:
      break;
  }
  return false;
}

Result<void> ChunkedDecoder::begin_chunk(std::string_view line) {
  const char* const last = line.data() + line.size();
  const auto [end, error] = std::from_chars(line.data(), last, left_, 16);
  const std::size_t rest =
      line.find_first_not_of(" \t", static_cast<std::size_t>(end - line.data()));
  const bool has_only_extensions = rest == std::string_view::npos || line[rest] == ';';
  if (error != std::errc() || !has_only_extensions) return broken("a chunk's size is not a number");
  state_ = left_ == 0 ? State::kTrailer : State::kBytes;
  return {};
}

}  // namespace daybook::http
