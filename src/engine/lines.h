// Lines (NDJSON) out of pieces of any size, with bounded memory. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook {

class LineReader {
 public:
  explicit LineReader(std::size_t max_line) : max_line_(max_line) {}

  struct Line {
    std::string_view text;     // without its end; until the next call
    std::uint64_t number = 0;  // from 1
    bool is_too_long = false;  // then text is empty
  };

  // Where the next piece is to be appended; not while a Line is still used.
  std::string& buffer();
  // How much of it was not given as lines yet.
  std::size_t waiting() const { return buffer_.size() - begin_; }
  // The next whole line that is not blank.
  std::optional<Line> next();
  // After the last piece: the line without an end, if there is one.
  std::optional<Line> last();

 private:
  std::optional<Line> take(std::string_view text);

  std::size_t max_line_;
  std::string buffer_;
  std::size_t begin_ = 0;     // of the line that is next
  std::size_t searched_ = 0;  // no end of a line before
  std::uint64_t number_ = 0;
  bool skipping_ = false;  // inside a line that is too long
};

}  // namespace daybook
