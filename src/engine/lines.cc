#include "engine/lines.h"

#include "base/text.h"

namespace daybook {

std::string& LineReader::buffer() {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  return buffer_;
}

std::optional<LineReader::Line> LineReader::next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end == std::string::npos) break;
    const std::string_view text(buffer_.data() + begin_, end - begin_);
    begin_ = searched_ = end + 1;
    if (auto line = take(text)) return line;
  }
  searched_ = buffer_.size();
  if (searched_ - begin_ > max_line_) {
    skipping_ = true;
    begin_ = searched_;
  }
  return std::nullopt;
}

std::optional<LineReader::Line> LineReader::last() {
  const std::string_view text(buffer_.data() + begin_, buffer_.size() - begin_);
  begin_ = searched_ = buffer_.size();
  if (text.empty() && !skipping_) return std::nullopt;
  return take(text);
}

std::optional<LineReader::Line> LineReader::take(std::string_view text) {
  ++number_;
  const bool is_too_long = skipping_ || text.size() > max_line_;
  skipping_ = false;
  if (is_too_long) return Line{{}, number_, true};
  if (trim(text).empty()) return std::nullopt;
  return Line{text, number_, false};
}

}  // namespace daybook
